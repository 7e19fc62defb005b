//! Everything that another store exported, in one transaction.

mod history;
mod present;

use std::sync::PoisonError;

use redb::{Database, ReadableDatabase, ReadableTableMetadata, WriteTransaction};
use tokio::sync::mpsc::Receiver;

use self::history::History;
use self::present::Present;
use super::file::{FACTS, HISTORY_SINCE, LATEST, TASKS, failed};
use super::graph::Graph;
use super::{Shared, Writer, tasks};
use crate::error::Result;
use crate::model::Timestamp;
use crate::store::import::{Intake, not_empty};
use crate::store::{ExportRecord, ImportReport};

/// Takes every record in, or none: where the records break off or this process ends, what the file already holds of them
/// goes with the transaction. Only what is present is kept in memory, as it is anyway.
pub(super) fn import(shared: &Shared, mut records: Receiver<Result<ExportRecord>>) -> Result<ImportReport> {
    let mut writer = shared.writer.lock().unwrap_or_else(PoisonError::into_inner);
    check_empty(shared, &writer)?;
    let writing = shared.file.begin_write().map_err(failed("import"))?;
    let mut intake = Intake::default();
    let mut present = Present::new(Graph::clone(&shared.read()), &shared.strings);
    let mut history = History::new(&writing)?;
    let mut history_since = None;
    while let Some(record) = records.blocking_recv() {
        match intake.admit(record?)? {
            ExportRecord::Header { history_since: since, .. } => history_since = since,
            ExportRecord::Scope(state) => present.scope(&state),
            ExportRecord::Resource { scope, resource } => present.resource(&scope, &resource),
            ExportRecord::Relationship { scope, relationship } => present.relationship(&scope, &relationship),
            ExportRecord::ResourceChange { at, task_id, kind, id, resource_type, before } => {
                let resource_type = present.interner.intern(resource_type.as_str());
                let before = before.map(|before| present.packed(&before));
                history.resource_change(at, &id, &task_id, kind, resource_type, before)?;
            }
            ExportRecord::RelationshipChange { at, task_id, kind, scope, relationship } => {
                let (scope, symbol) = (present.scope_number(&scope), present.interner.intern(relationship.kind.as_str()));
                history.relationship_change(at, &task_id, kind, scope, symbol, &relationship)?;
            }
            ExportRecord::Task(task) => {
                tasks::write(&writing, &task, &tasks::row(&task)?).map_err(failed("import"))?;
            }
            ExportRecord::End(_) => {}
        }
    }
    let report = intake.finish()?;
    history.finish()?;
    let (graph, written) = present.write(&writing, &shared.strings, &writer.written)?;
    let latest = intake.latest();
    write_facts(&writing, latest, history_since).map_err(failed("import"))?;
    writing.commit().map_err(failed("import"))?;

    (writer.latest, writer.written) = (latest, written);
    *shared.write() = graph;
    Ok(report)
}

fn check_empty(shared: &Shared, writer: &Writer) -> Result<()> {
    // Whatever changed left its time behind, also where history was pruned since.
    let told = writer.latest.is_some() || shared.read().scopes.iter().any(|entry| entry.completed.is_some());
    if told || holds_tasks(&shared.file).map_err(failed("import"))? { Err(not_empty("embedded")) } else { Ok(()) }
}

fn holds_tasks(file: &Database) -> Result<bool, redb::Error> {
    Ok(!file.begin_read()?.open_table(TASKS)?.is_empty()?)
}

fn write_facts(
    writing: &WriteTransaction,
    latest: Option<Timestamp>,
    history_since: Option<Timestamp>,
) -> Result<(), redb::Error> {
    let mut facts = writing.open_table(FACTS)?;
    for (name, time) in [(LATEST, latest), (HISTORY_SINCE, history_since)] {
        if let Some(time) = time {
            facts.insert(name, time.as_micros())?;
        }
    }
    Ok(())
}
