//! Tasks as `:DiscoveryTask` nodes.

use async_trait::async_trait;

use super::Neo4jStore;
use super::database::{Access, BRIEFLY, LONG, failed};
use super::value::{Fields, Map, Value};
use crate::error::{Error, Result};
use crate::model::{PageRequest, Provider, TaskId};
use crate::store::cursor::{Start, TaskPosition, page_start, write_cursor};
use crate::sync::{Task, TaskPage, TaskStore};

/// Finding the row that an earlier try has written is as good as writing it.
const INSERT: &str = "MERGE (t:DiscoveryTask {task_id: $row.task_id}) ON CREATE SET t = $row RETURN [t.row] AS record";
const PUT: &str = "MERGE (t:DiscoveryTask {task_id: $row.task_id}) SET t = $row";
const ONE: &str = "MATCH (t:DiscoveryTask {task_id: $id}) RETURN [t.row] AS record";
const PAGE: &str = "MATCH (t:DiscoveryTask) WHERE t.started_at <= $at AND (t.started_at < $at OR t.task_id < $id) \
    RETURN [t.row] AS record ORDER BY t.started_at DESC, t.task_id DESC SKIP $skip LIMIT $limit";
const BY_KEY: &str = "MATCH (t:DiscoveryTask {idempotency_key: $key}) WHERE t.task_provider = $provider \
    RETURN [t.row] AS record ORDER BY t.started_at DESC, t.task_id DESC LIMIT 1";
const UNFINISHED: &str = "MATCH (t:DiscoveryTask {finished: false}) RETURN [t.row] AS record ORDER BY t.started_at, t.task_id";

pub(super) fn text(task: &Task) -> Result<String> {
    serde_json::to_string(task).map_err(|error| Error::backend("neo4j", "store a task", error))
}

/// A task's node as a row.
pub(super) fn row(task: &Task, text: &str) -> Value {
    Value::map([
        ("task_id", Value::text(task.task_id.as_str())),
        ("task_provider", Value::text(task.provider.as_str())),
        ("idempotency_key", Value::optional(task.request.idempotency_key.as_deref())),
        ("started_at", Value::Integer(task.started_at.as_micros())),
        ("finished", Value::Boolean(task.status.is_final())),
        ("row", Value::text(text)),
    ])
}

pub(super) fn read(records: Vec<Vec<Value>>) -> Result<Vec<Task>> {
    let task = |record| {
        let row = Fields::new(record).text().map_err(|fault| failed("read a task", fault))?;
        serde_json::from_str(&row).map_err(|error| Error::backend("neo4j", "read a task", error))
    };
    records.into_iter().map(task).collect()
}

impl Neo4jStore {
    async fn write_task(&self, statement: &str, row: &Value, patience: std::time::Duration) -> Result<Vec<Vec<Value>>> {
        let write = || async {
            let mut transaction = self.database.begin(Access::Write).await?;
            let records = transaction.write(statement, Map::from([("row".to_owned(), row.clone())])).await?;
            transaction.commit().await?;
            Ok(records)
        };
        self.database.tried("store a task", patience, write).await
    }

    async fn read_tasks(&self, statement: &str, parameters: Map) -> Result<Vec<Task>> {
        read(self.database.read("read tasks", statement, &parameters).await?)
    }
}

#[async_trait]
impl TaskStore for Neo4jStore {
    async fn insert(&self, task: &Task) -> Result<()> {
        let text = text(task)?;
        let found = self.write_task(INSERT, &row(task, &text), BRIEFLY).await?;
        if found == [[Value::Text(text)]] {
            return Ok(());
        }
        Err(Error::Taken { what: "task id", id: task.task_id.to_string(), advice: "give the new task another one".into() })
    }

    async fn put(&self, task: &Task) -> Result<()> {
        self.write_task(PUT, &row(task, &text(task)?), LONG).await.map(drop)
    }

    async fn task(&self, id: &TaskId) -> Result<Option<Task>> {
        let tasks = self.read_tasks(ONE, Map::from([("id".to_owned(), Value::text(id.as_str()))])).await?;
        Ok(tasks.into_iter().next())
    }

    async fn tasks(&self, page: &PageRequest) -> Result<TaskPage> {
        let (skip, at, id) = match page_start::<TaskPosition>(page)? {
            Start::Offset(items) => (items, i64::MAX, String::new()),
            Start::After(TaskPosition(at, id)) => (0, at.as_micros(), id.to_string()),
        };
        let integer = |number: u64| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
        let parameters = Map::from([
            ("at".to_owned(), Value::Integer(at)),
            ("id".to_owned(), Value::Text(id)),
            ("skip".to_owned(), integer(skip)),
            ("limit".to_owned(), integer(page.limit as u64 + 1)),
        ]);
        let mut tasks = self.read_tasks(PAGE, parameters).await?;
        let more = tasks.len() > page.limit;
        tasks.truncate(page.limit);
        let last = tasks.last().filter(|_| more);
        let next_cursor = last.map(|last| write_cursor(&TaskPosition(last.started_at, last.task_id.clone())));
        Ok(TaskPage { tasks, next_cursor })
    }

    async fn task_by_key(&self, provider: &Provider, idempotency_key: &str) -> Result<Option<Task>> {
        let parameters = Map::from([
            ("provider".to_owned(), Value::text(provider.as_str())),
            ("key".to_owned(), Value::text(idempotency_key)),
        ]);
        Ok(self.read_tasks(BY_KEY, parameters).await?.into_iter().next())
    }

    async fn unfinished(&self) -> Result<Vec<Task>> {
        self.read_tasks(UNFINISHED, Map::new()).await
    }
}
