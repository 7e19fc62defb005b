//! Taking in what another store exported, in batches.

use std::collections::{BTreeMap, BTreeSet};

use futures_core::stream::BoxStream;
use futures_util::StreamExt;

use super::database::{Access, BATCH, BRIEFLY, Database, Transaction, failed};
use super::fault::Fault;
use super::plan::as_said;
use super::schema::{self, FORMAT};
use super::tasks;
use super::value::{Map, Value};
use super::write::{self, RelationshipVersions, Stamp};
use crate::error::Result;
use crate::model::{Relationship, ResourceId, ResourceType, Timestamp};
use crate::store::import::{Intake, not_empty};
use crate::store::{ExportRecord, ImportReport};

/// Finds out whether the database is empty, and keeps reconciles and other imports out until the end.
const BEGIN: &str = "MERGE (i:Inventory {key: 'inventory'}) ON CREATE SET i.format = $format SET i.writer = 'import' WITH i \
    WHERE i.latest IS NULL AND i.importing IS NULL AND NOT EXISTS { MATCH (:InventoryScope) } \
    AND NOT EXISTS { MATCH (:ResourceClaim) } AND NOT EXISTS { MATCH (:Resource) } AND NOT EXISTS { MATCH (:DiscoveryTask) } \
    SET i.importing = true RETURN [i.importing] AS record";
const END: &str = "MATCH (i:Inventory {key: 'inventory'}) SET i.latest = $latest, i.history_since = $since REMOVE i.importing";
const SCOPES: &str = "UNWIND $rows AS row CREATE (s:InventoryScope) SET s = row";
const TASKS: &str = "UNWIND $rows AS row CREATE (t:DiscoveryTask) SET t = row";

/// Takes an export in. The database is written batch by batch, while reconciles are refused; an import that fails empties
/// it again.
pub(super) async fn import(database: &Database, records: BoxStream<'static, Result<ExportRecord>>) -> Result<ImportReport> {
    let begin = || async {
        let mut transaction = database.begin(Access::Write).await?;
        let begun = transaction.write(BEGIN, Map::from([("format".to_owned(), Value::Integer(FORMAT))])).await?;
        transaction.commit().await?;
        Ok(!begun.is_empty())
    };
    if !database.tried("begin an import", BRIEFLY, begin).await? {
        return Err(not_empty("neo4j"));
    }
    match take_in(database, records).await {
        Ok(report) => Ok(report),
        Err(error) => {
            if let Err(left) = schema::clear(database).await {
                tracing::error!(error = %left, "what a failed import left is still there; the database is to be emptied");
            }
            Err(error)
        }
    }
}

async fn take_in(database: &Database, mut records: BoxStream<'static, Result<ExportRecord>>) -> Result<ImportReport> {
    let (mut intake, mut batch) = (Intake::default(), Batch::default());
    while let Some(record) = records.next().await {
        batch.add(intake.admit(record?)?)?;
        if batch.rows >= BATCH {
            batch.write(database).await.map_err(|fault| failed("store an import", fault))?;
        }
    }
    let report = intake.finish()?;
    batch.write(database).await.map_err(|fault| failed("store an import", fault))?;
    let micros = |time: Option<Timestamp>| time.map_or(Value::Null, |time| Value::Integer(time.as_micros()));
    let end = async {
        let mut transaction = database.begin(Access::Write).await?;
        let times = [("latest".to_owned(), micros(intake.latest())), ("since".to_owned(), micros(batch.history_since))];
        transaction.write(END, Map::from(times)).await?;
        transaction.commit().await
    };
    end.await.map_err(|fault| failed("end an import", fault))?;
    Ok(report)
}

/// Rows that wait to be written, by what they become.
#[derive(Debug, Default)]
struct Batch {
    rows: usize,
    history_since: Option<Timestamp>,
    /// The resource of the last record: its owners come one after the other, the shown one first.
    last: Option<ResourceId>,
    /// The relationship of the last record: so do its owners.
    last_tie: Option<Relationship>,
    scopes: Vec<Value>,
    nodes: BTreeMap<ResourceType, Vec<Value>>,
    claims: Vec<Value>,
    ties: BTreeSet<Relationship>,
    tie_claims: Vec<Value>,
    versions: Vec<Value>,
    tie_versions: RelationshipVersions,
    tasks: Vec<Value>,
}

impl Batch {
    fn add(&mut self, record: ExportRecord) -> Result<()> {
        self.rows += 1;
        match record {
            ExportRecord::Header { history_since, .. } => self.history_since = history_since,
            ExportRecord::Scope(state) => {
                // A scope that was never completed is known by what it owns.
                self.scopes.extend(state.completed_at.map(|at| {
                    Value::map([
                        ("scope", Value::text(state.scope.to_string())),
                        ("completed_at", Value::Integer(at.as_micros())),
                    ])
                }));
            }
            ExportRecord::Resource { scope, resource } => {
                let shown = self.last.as_ref() != Some(&resource.id);
                if shown {
                    self.last = Some(resource.id.clone());
                    let node = write::node(&resource, resource.first_discovered.unwrap_or_default());
                    self.nodes.entry(resource.resource_type.clone()).or_default().push(node);
                }
                let hash = resource.content_hash.unwrap_or_else(|| resource.hash());
                self.claims.push(write::claim(&scope, &as_said(&resource, hash), shown));
            }
            ExportRecord::Relationship { scope, relationship } => {
                self.tie_claims.push(write::owned(&scope, &relationship));
                if self.last_tie.as_ref() != Some(&relationship) {
                    self.last_tie = Some(relationship.clone());
                    self.ties.insert(relationship);
                }
            }
            ExportRecord::ResourceChange { at, task_id, kind, id, resource_type, before } => {
                let stamp = Stamp { at, task_id: &task_id };
                self.versions.push(write::version(stamp, kind, (&id, &resource_type), before.as_deref()));
            }
            ExportRecord::RelationshipChange { at, task_id, kind, scope, relationship } => {
                let stamp = Stamp { at, task_id: &task_id };
                self.tie_versions.add(stamp, kind, &scope, &relationship);
            }
            ExportRecord::Task(task) => self.tasks.push(tasks::row(&task, &tasks::text(&task)?)),
            ExportRecord::End(_) => {}
        }
        Ok(())
    }

    /// Writes all rows in one transaction. Not tried again: who does not know whether it was written would write it twice.
    async fn write(&mut self, database: &Database) -> Result<(), Fault> {
        let mut transaction = database.begin(Access::Write).await?;
        self.write_rows(&mut transaction).await?;
        transaction.commit().await?;
        self.rows = 0;
        Ok(())
    }

    async fn write_rows(&mut self, transaction: &mut Transaction<'_>) -> Result<(), Fault> {
        transaction.write_rows(SCOPES, std::mem::take(&mut self.scopes)).await?;
        for (label, rows) in std::mem::take(&mut self.nodes) {
            transaction.write_rows(&write::create(&label), rows).await?;
        }
        transaction.write_rows(write::CLAIM, std::mem::take(&mut self.claims)).await?;
        transaction.write_rows(write::SAY, std::mem::take(&mut self.tie_claims)).await?;
        write::edges_new(transaction, std::mem::take(&mut self.ties).iter()).await?;
        transaction.write_rows(write::VERSION, std::mem::take(&mut self.versions)).await?;
        transaction.write_rows(write::RELATIONSHIP_VERSION, std::mem::take(&mut self.tie_versions).into_rows()).await?;
        transaction.write_rows(TASKS, std::mem::take(&mut self.tasks)).await
    }
}
