//! What changed, told from the `:ResourceVersion` nodes.

use std::collections::{BTreeMap, BTreeSet};

use super::database::{Access, BRIEFLY, Database, LONG, Transaction};
use super::fault::Fault;
use super::read::not_found;
use super::schema::FORMAT;
use super::value::{Fields, Map, Value};
use super::{past, properties};
use crate::error::Result;
use crate::model::{
    Change, ChangeFilter, ChangeKind, ChangePage, PageRequest, Resource, ResourceId, ResourceType, TaskId, Timestamp, Version,
    VersionPage,
};
use crate::store::cursor::{ChangePosition, Start, VersionPosition, page_start, write_cursor};

const VERSIONS: &str = "MATCH (v:ResourceVersion {resource_id: $id}) WHERE v.at < $before \
    RETURN [v.resource_id, v.at, v.task_id, v.kind, v.type, v.before] AS record ORDER BY v.at DESC SKIP $skip LIMIT $limit";
const EVER: &str = "OPTIONAL MATCH (r:Resource {id: $id}) OPTIONAL MATCH (v:ResourceVersion {resource_id: $id}) \
    WITH r, v LIMIT 1 RETURN [r IS NOT NULL OR v IS NOT NULL] AS record";
const CHANGES: &str = "MATCH (v:ResourceVersion) WHERE v.at >= $from AND v.at < $to \
    AND ($task IS NULL OR v.task_id = $task) AND ($type IS NULL OR v.type = $type) \
    AND (v.at > $after OR v.resource_id > $after_id) \
    RETURN [v.resource_id, v.at, v.task_id, v.kind, v.type, v.before] AS record ORDER BY v.at, v.resource_id SKIP $skip LIMIT $limit";
const SHOWN: &str =
    "UNWIND $ids AS id MATCH (r:Resource {id: id}) USING INDEX SEEK r:Resource(id) RETURN [properties(r)] AS record";
const NEXT: &str = "UNWIND $rows AS row MATCH (v:ResourceVersion {resource_id: row.id}) USING INDEX SEEK v:ResourceVersion(resource_id) \
    WHERE v.at > row.at WITH row, v ORDER BY v.at WITH row, head(collect(v)) AS next RETURN [row.id, row.at, next.before] AS record";
const FORGET: &str = "MERGE (i:Inventory {key: 'inventory'}) ON CREATE SET i.format = $format SET i.writer = 'prune' WITH i \
    WHERE EXISTS { MATCH (v:ResourceVersion) WHERE v.at < $horizon } OR EXISTS { MATCH (v:RelationshipVersion) WHERE v.at < $horizon } \
    SET i.history_since = $horizon";

/// A change as it lies in the database.
struct Row {
    id: ResourceId,
    at: Timestamp,
    task_id: TaskId,
    kind: ChangeKind,
    resource_type: ResourceType,
    before: Option<Resource>,
}

fn row(record: Vec<Value>) -> Result<Row, Fault> {
    let mut fields = Fields::new(record);
    let id = ResourceId::new(fields.text()?);
    let at = Timestamp::from_micros(fields.integer()?);
    let task_id = TaskId::new(fields.text()?);
    let kind = past::kind(&fields.text()?)?;
    let resource_type = ResourceType::known_or_new(&fields.text()?);
    let before = fields.optional_text()?.map(|before| properties::read_text(id.as_str(), &before)).transpose()?;
    Ok(Row { id, at, task_id, kind, resource_type, before })
}

/// The parameters of a page: one more than asked for tells whether more follow.
fn paged(skip: u64, limit: usize) -> Map {
    let integer = |number: u64| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    Map::from([("skip".to_owned(), integer(skip)), ("limit".to_owned(), integer(limit as u64 + 1))])
}

/// The versions of one resource, newest first.
pub(super) async fn versions(database: &Database, id: &ResourceId, request: &PageRequest) -> Result<VersionPage> {
    let (skip, before) = match page_start::<VersionPosition>(request)? {
        Start::Offset(items) => (items, i64::MAX),
        Start::After(VersionPosition(at)) => (0, at.as_micros()),
    };
    let mut parameters = paged(skip, request.limit);
    parameters.insert("id".to_owned(), Value::text(id.as_str()));
    parameters.insert("before".to_owned(), Value::Integer(before));
    let read = || async {
        let mut transaction = database.begin(Access::Read).await?;
        let answer = read_versions(&mut transaction, id, parameters.clone()).await?;
        Ok(answer)
    };
    let mut versions = database.tried("read history", BRIEFLY, read).await?.ok_or_else(|| not_found(id.as_str()))?;
    let more = versions.len() > request.limit;
    versions.truncate(request.limit);
    let next_cursor = versions.last().filter(|_| more).map(|last| write_cursor(&VersionPosition(last.at)));
    Ok(VersionPage { resource_id: id.clone(), versions, next_cursor })
}

/// The versions on a page and one more; nothing where the resource never was.
async fn read_versions(
    transaction: &mut Transaction<'_>,
    id: &ResourceId,
    parameters: Map,
) -> Result<Option<Vec<Version>>, Fault> {
    let named = Map::from([("id".to_owned(), Value::text(id.as_str()))]);
    let records = transaction.read(VERSIONS, parameters).await?;
    let rows = records.into_iter().map(row).collect::<Result<Vec<_>, _>>()?;
    let Some(newest) = rows.first() else {
        let ever = transaction.read(EVER, named).await?;
        return Ok((ever == [[Value::Boolean(true)]]).then(Vec::new));
    };
    let mut at = named;
    at.insert("at".to_owned(), Value::Integer(newest.at.as_micros()));
    let mut after = past::after(transaction, id, &at).await?;
    let mut versions = Vec::with_capacity(rows.len());
    for Row { at, task_id, kind, before, .. } in rows {
        // What one change left is what the next one found.
        let left = std::mem::replace(&mut after, before.clone());
        let resource = left.or(before).ok_or_else(|| Fault::Protocol(format!("a change of `{id}` says nothing of it")))?;
        versions.push(Version { at, task_id, kind, resource });
    }
    Ok(Some(versions))
}

/// What changed, oldest first.
pub(super) async fn changes(database: &Database, filter: &ChangeFilter, request: &PageRequest) -> Result<ChangePage> {
    let (skip, after) = match page_start::<ChangePosition>(request)? {
        Start::Offset(items) => (items, None),
        Start::After(position) => (0, Some(position)),
    };
    let from = filter.from.map_or(i64::MIN, Timestamp::as_micros);
    let after_at = after.as_ref().map_or(i64::MIN, |ChangePosition(at, _)| at.as_micros());
    let mut parameters = paged(skip, request.limit);
    parameters.extend([
        ("from".to_owned(), Value::Integer(from.max(after_at))),
        ("to".to_owned(), Value::Integer(filter.to.map_or(i64::MAX, Timestamp::as_micros))),
        ("after".to_owned(), Value::Integer(after_at)),
        ("after_id".to_owned(), Value::text(after.as_ref().map_or("", |ChangePosition(_, id)| id.as_str()))),
        ("task".to_owned(), Value::optional(filter.task_id.as_ref().map(TaskId::as_str))),
        ("type".to_owned(), Value::optional(filter.resource_type.as_ref().map(ResourceType::as_str))),
    ]);
    let read = || async {
        let mut transaction = database.begin(Access::Read).await?;
        let records = transaction.read(CHANGES, parameters.clone()).await?;
        let rows = records.into_iter().map(row).collect::<Result<Vec<_>, _>>()?;
        let left = left_by_updates(&mut transaction, &rows).await?;
        Ok((rows, left))
    };
    let (mut rows, mut left) = database.tried("read changes", BRIEFLY, read).await?;
    let more = rows.len() > request.limit;
    rows.truncate(request.limit);
    let next_cursor = rows.last().filter(|_| more).map(|last| write_cursor(&ChangePosition(last.at, last.id.clone())));
    let change = |Row { id, at, task_id, kind, resource_type, before }: Row| {
        let fields = match (before, left.remove(&(id.clone(), at))) {
            (Some(before), Some(after)) => Change::fields_between(&before, &after),
            _ => BTreeMap::new(),
        };
        Change { at, task_id, kind, id, resource_type, fields }
    };
    Ok(ChangePage { changes: rows.into_iter().map(change).collect(), next_cursor })
}

/// What each update among the changes left.
async fn left_by_updates(
    transaction: &mut Transaction<'_>,
    rows: &[Row],
) -> Result<BTreeMap<(ResourceId, Timestamp), Resource>, Fault> {
    let updates: Vec<&Row> = rows.iter().filter(|row| row.kind == ChangeKind::Updated).collect();
    if updates.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: BTreeSet<&str> = updates.iter().map(|row| row.id.as_str()).collect();
    let mut shown = BTreeMap::new();
    for record in transaction.read(SHOWN, Map::from([("ids".to_owned(), Value::texts(ids))])).await? {
        let resource = properties::read(Fields::new(record).map()?)?;
        shown.insert(resource.id.clone(), resource);
    }
    let place = |row: &&Row| Value::map([("id", Value::text(row.id.as_str())), ("at", Value::Integer(row.at.as_micros()))]);
    let places = Map::from([("rows".to_owned(), Value::List(updates.iter().map(place).collect()))]);
    let mut left = BTreeMap::new();
    for record in transaction.read(NEXT, places).await? {
        let mut fields = Fields::new(record);
        let key = (ResourceId::new(fields.text()?), Timestamp::from_micros(fields.integer()?));
        let before = fields.optional_text()?.map(|before| properties::read_text(key.0.as_str(), &before)).transpose()?;
        left.insert(key, before);
    }
    let after = |row: &Row| left.remove(&(row.id.clone(), row.at)).unwrap_or_else(|| shown.get(&row.id).cloned());
    let mut after = after;
    Ok(updates.into_iter().filter_map(|row| Some(((row.id.clone(), row.at), after(row)?))).collect())
}

/// Forgets changes from before a time, in batches; gives their number.
pub(super) async fn prune(database: &Database, horizon: Timestamp) -> Result<u64> {
    let parameters =
        Map::from([("horizon".to_owned(), Value::Integer(horizon.as_micros())), ("format".to_owned(), Value::Integer(FORMAT))]);
    let write = |statement: String| {
        let parameters = parameters.clone();
        async move {
            let mut transaction = database.begin(Access::Write).await?;
            let records = transaction.write(&statement, parameters).await?;
            transaction.commit().await?;
            Ok(records.into_iter().next())
        }
    };
    // First what tells readers that the past is gone, then the past: nobody reads half of it unawares.
    database.tried("forget history", LONG, || write(FORGET.to_owned())).await?;
    let mut forgotten = 0;
    for (label, changes) in [("ResourceVersion", "1"), ("RelationshipVersion", "size(v.sources)")] {
        let delete = format!(
            "MATCH (v:{label}) WHERE v.at < $horizon WITH v, {changes} AS changes LIMIT 10000 DELETE v RETURN [sum(changes)] AS record"
        );
        loop {
            let record = database.tried("forget history", LONG, || write(delete.clone())).await?;
            let count = record.map(|record| Fields::new(record).integer()).transpose();
            let count = count.map_err(|fault| super::database::failed("forget history", fault))?.unwrap_or_default();
            if count <= 0 {
                break;
            }
            forgotten += u64::try_from(count).unwrap_or_default();
        }
    }
    Ok(forgotten)
}
