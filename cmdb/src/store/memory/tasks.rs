//! Tasks as rows of JSON: what a restart would forget, this store forgets at once.

use std::cmp::Reverse;
use std::sync::PoisonError;

use async_trait::async_trait;
use serde_json::Value;

use super::MemoryStore;
use super::page::page;
use crate::error::{Error, Result};
use crate::model::{PageRequest, Provider, TaskId, Timestamp};
use crate::store::cursor::TaskPosition;
use crate::sync::{Task, TaskPage, TaskStore};

impl MemoryStore {
    /// Every task, newest first.
    pub(super) fn rows(&self) -> Result<Vec<Task>> {
        let rows = self.tasks.read().unwrap_or_else(PoisonError::into_inner);
        let mut tasks = rows.values().map(read).collect::<Result<Vec<_>>>()?;
        tasks.sort_by(|a, b| order(a).cmp(&order(b)));
        Ok(tasks)
    }
}

fn order(task: &Task) -> Reverse<(Timestamp, &TaskId)> {
    Reverse((task.started_at, &task.task_id))
}

fn read(row: &Value) -> Result<Task> {
    serde_json::from_value(row.clone()).map_err(|error| Error::backend("memory", "read a task", error))
}

pub(super) fn write(task: &Task) -> Result<Value> {
    serde_json::to_value(task).map_err(|error| Error::backend("memory", "write a task", error))
}

#[async_trait]
impl TaskStore for MemoryStore {
    async fn insert(&self, task: &Task) -> Result<()> {
        let row = write(task)?;
        let mut rows = self.tasks.write().unwrap_or_else(PoisonError::into_inner);
        if rows.contains_key(&task.task_id) {
            let id = task.task_id.to_string();
            return Err(Error::Taken { what: "task id", id, advice: "give the new task another one".into() });
        }
        rows.insert(task.task_id.clone(), row);
        Ok(())
    }

    async fn put(&self, task: &Task) -> Result<()> {
        let row = write(task)?;
        self.tasks.write().unwrap_or_else(PoisonError::into_inner).insert(task.task_id.clone(), row);
        Ok(())
    }

    async fn task(&self, id: &TaskId) -> Result<Option<Task>> {
        self.tasks.read().unwrap_or_else(PoisonError::into_inner).get(id).map(read).transpose()
    }

    async fn tasks(&self, request: &PageRequest) -> Result<TaskPage> {
        let place = |task: &Task| TaskPosition(task.started_at, task.task_id.clone());
        let follows = |task: &Task, after: &TaskPosition| order(task) > Reverse((after.0, &after.1));
        let page = page(self.rows()?, request, place, follows)?;
        Ok(TaskPage { tasks: page.items, next_cursor: page.next_cursor })
    }

    async fn task_by_key(&self, provider: &Provider, idempotency_key: &str) -> Result<Option<Task>> {
        let made = |task: &Task| task.provider == *provider && task.request.idempotency_key.as_deref() == Some(idempotency_key);
        Ok(self.rows()?.into_iter().find(made))
    }

    async fn unfinished(&self) -> Result<Vec<Task>> {
        Ok(self.rows()?.into_iter().filter(|task| !task.status.is_final()).collect())
    }
}
