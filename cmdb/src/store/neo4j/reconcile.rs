//! Bringing the database to what a snapshot says, in one transaction.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::{Mutex, PoisonError};

use super::database::{Access, Database, LONG, Transaction};
use super::fault::Fault;
use super::plan::{Difference, Plan};
use super::schema::FORMAT;
use super::value::{Fields, Map, Value};
use super::write::Stamp;
use super::{load, write};
use crate::error::Result;
use crate::model::Timestamp;
use crate::store::{ReconcileOptions, ReconcileReport, Snapshot};

/// Writes the scopes' times. It begins every reconcile, because setting a property of the one `:Inventory` node also makes
/// every other writer wait until this transaction has ended: what is read afterwards cannot change before it is written.
const COMPLETE: &str = "MERGE (i:Inventory {key: 'inventory'}) ON CREATE SET i.format = $format SET i.writer = $task \
    WITH i, CASE WHEN i.latest >= $at THEN i.latest + 1 ELSE $at END AS at \
    FOREACH (scope IN $rows | MERGE (s:InventoryScope {scope: scope}) \
        SET s.completed_at = CASE WHEN s.completed_at > at THEN s.completed_at ELSE at END) \
    RETURN [at, i.snapshot, i.importing] AS record";
const FINISH: &str = "MATCH (i:Inventory {key: 'inventory'}) SET i.latest = $at, i.snapshot = $snapshot";

/// Takes a snapshot in; it was checked before.
///
/// When the connection is lost during the commit, nobody knows whether the snapshot was written. It is then simply taken in
/// again: the difference is worked out inside the transaction, so where the first try came through there is none, and no
/// change is told twice. So that the report is right in that case as well, each try leaves the same mark in the database,
/// and who finds the mark answers what the earlier try had found.
pub(super) async fn reconcile(database: &Database, snapshot: &Snapshot, options: &ReconcileOptions) -> Result<ReconcileReport> {
    if options.dry_run {
        return database.tried("compare with a snapshot", LONG, || dry_run(database, snapshot, options)).await;
    }
    let mark = RandomState::new().build_hasher().finish();
    let mark = format!("{}/{}/{mark:016x}", snapshot.task_id, snapshot.at.as_micros());
    let earlier = Mutex::new(None);
    database.tried("store a snapshot", LONG, || attempt(database, snapshot, options, &mark, &earlier)).await
}

async fn dry_run(database: &Database, snapshot: &Snapshot, options: &ReconcileOptions) -> Result<ReconcileReport, Fault> {
    let mut transaction = database.begin(Access::Read).await?;
    let said = load::said(&mut transaction, snapshot).await?;
    let difference = Difference::new(snapshot, said, options);
    let known = load::known(&mut transaction, &difference).await?;
    let report = Plan::new(&difference, known).report;
    Ok(report)
}

async fn attempt(
    database: &Database,
    snapshot: &Snapshot,
    options: &ReconcileOptions,
    mark: &str,
    earlier: &Mutex<Option<ReconcileReport>>,
) -> Result<ReconcileReport, Fault> {
    let mut transaction = database.begin(Access::Write).await?;
    let (at, last_mark) = complete(&mut transaction, snapshot).await?;
    let found_earlier = earlier.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(report) = found_earlier
        && last_mark.as_deref() == Some(mark)
    {
        return Ok(report);
    }
    let said = load::said(&mut transaction, snapshot).await?;
    let difference = Difference::new(snapshot, said, options);
    let known = load::known(&mut transaction, &difference).await?;
    let plan = Plan::new(&difference, known);
    if !difference.is_empty() {
        write::plan(&mut transaction, &difference, &plan, Stamp { at, task_id: &snapshot.task_id }).await?;
        let finish = [("at".to_owned(), Value::Integer(at.as_micros())), ("snapshot".to_owned(), Value::text(mark))];
        transaction.write(FINISH, Map::from(finish)).await?;
    }
    *earlier.lock().unwrap_or_else(PoisonError::into_inner) = Some(plan.report.clone());
    transaction.commit().await?;
    Ok(plan.report)
}

/// Writes the times of the completed scopes and keeps other writers out; gives the time of this reconcile's changes, and
/// the mark of the last one.
async fn complete(transaction: &mut Transaction<'_>, snapshot: &Snapshot) -> Result<(Timestamp, Option<String>), Fault> {
    let complete = snapshot.scopes.iter().filter(|listing| listing.complete);
    let rows = complete.map(|listing| Value::text(listing.scope.to_string()));
    let parameters = Map::from([
        ("format".to_owned(), Value::Integer(FORMAT)),
        ("task".to_owned(), Value::text(snapshot.task_id.as_str())),
        ("at".to_owned(), Value::Integer(snapshot.at.as_micros())),
        ("rows".to_owned(), Value::List(rows.collect())),
    ]);
    let record = transaction.write(COMPLETE, parameters).await?.into_iter().next();
    let missing = || Fault::Protocol("the node :Inventory is gone; was it deleted by hand?".to_owned());
    let mut fields = Fields::new(record.ok_or_else(missing)?);
    let (at, mark) = (Timestamp::from_micros(fields.integer()?), fields.optional_text()?);
    if fields.value()? == Value::Boolean(true) {
        let message = "an import into the database is under way, or broke off; in the latter case the database is to be emptied";
        return Err(Fault::Protocol(message.to_owned()));
    }
    Ok((at, mark))
}
