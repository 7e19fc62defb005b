//! Everything, one record after the other.

use std::sync::Arc;

use futures_util::{StreamExt, stream};

use super::database::{Access, BRIEFLY, Database, LONG, Transaction};
use super::fault::Fault;
use super::value::{Fields, Map, Value};
use super::{load, past, properties};
use crate::error::Result;
use crate::model::{ResourceId, ResourceType, Scope, TaskId, Timestamp};
use crate::store::export::{FORMAT, Tally};
use crate::store::precedence::owner_rank;
use crate::store::{ExportRecord, ScopeState};

/// Lets no reconcile come in between: what is read until this transaction ends belongs together.
const HOLD: &str = "MATCH (i:Inventory {key: 'inventory'}) SET i.writer = 'export' RETURN [i.history_since, i.latest] AS record";
const SCOPES: &str = "CALL { MATCH (s:InventoryScope) RETURN s.scope AS scope, s.completed_at AS completed, 0 AS owned UNION ALL \
    MATCH (c:ResourceClaim) RETURN c.scope AS scope, null AS completed, count(*) AS owned } \
    WITH scope, max(completed) AS completed, sum(owned) AS owned WHERE completed IS NOT NULL OR owned > 0 \
    RETURN [scope, completed, owned] AS record ORDER BY scope";
const CLAIMS: &str = "MATCH (c:ResourceClaim) MATCH (r:Resource {id: c.resource_id}) \
    RETURN [c.scope, c.body, CASE WHEN c.body IS NULL THEN properties(r) END, r.id, r.first_discovered] AS record";
const SAID: &str = "MATCH (c:RelationshipClaim) RETURN [c.scope, c.source, c.type, c.target] AS record";
/// The changes of a time belong to one reconcile; a page ends only between two times.
const TIMES: &str = "MATCH (v:ResourceVersion|RelationshipVersion) WHERE v.at > $after AND v.at <= $latest \
    WITH v.at AS at, sum(coalesce(size(v.sources), 1)) AS changes ORDER BY at LIMIT 200 RETURN [at, changes] AS record";
const CHANGES: &str = "MATCH (v:ResourceVersion) WHERE v.at > $after AND v.at <= $upto \
    RETURN [v.at, v.task_id, v.kind, v.resource_id, v.type, v.before] AS record ORDER BY v.at, v.resource_id";
const RELATIONSHIP_CHANGES: &str = "MATCH (v:RelationshipVersion) WHERE v.at > $after AND v.at <= $upto \
    UNWIND range(0, size(v.sources) - 1) AS n WITH v, v.sources[n] AS source, v.types[n] AS type, v.targets[n] AS target \
    RETURN [v.at, v.task_id, v.kind, v.scope, source, type, target] AS record ORDER BY v.at, source, type, target, v.scope";
const TASKS: &str = "MATCH (t:DiscoveryTask) RETURN [t.row] AS record ORDER BY t.started_at, t.task_id";
/// How many changes one page of an export reads, unless one time alone has more.
const PAGE: i64 = 5_000;

/// Every scope, with its state.
pub(super) async fn scopes(database: &Database) -> Result<Vec<ScopeState>> {
    let read = || async {
        let mut transaction = database.begin(Access::Read).await?;
        let states = scope_states(&mut transaction).await?;
        Ok(states)
    };
    database.tried("read scopes", BRIEFLY, read).await
}

async fn scope_states(transaction: &mut Transaction<'_>) -> Result<Vec<ScopeState>, Fault> {
    let records = transaction.read(SCOPES, Map::new()).await?;
    let state = |record| {
        let mut fields = Fields::new(record);
        let scope = load::scope(&fields.text()?)?;
        let completed_at = fields.optional_integer()?.map(Timestamp::from_micros);
        Ok(ScopeState { scope, completed_at, resources: u64::try_from(fields.integer()?).unwrap_or_default() })
    };
    records.into_iter().map(state).collect()
}

/// Where an export stands.
enum Stage {
    Present,
    Changes {
        after: i64,
        latest: i64,
    },
    Tasks,
    End,
    /// Nothing comes after the end, nor after an error.
    Over,
}

/// All records: the present is read at once, while no reconcile can come in between; changes, which never change again, page
/// by page.
pub(super) fn export(database: Arc<Database>) -> impl futures_core::Stream<Item = Result<ExportRecord>> + Send + 'static {
    let begin = (database, Stage::Present, Tally::default());
    let pages = stream::unfold(begin, |(database, stage, mut tally)| async move {
        let page = match stage {
            Stage::Present => present(&database).await,
            Stage::Changes { after, latest } => changes(&database, after, latest).await,
            Stage::Tasks => tasks(&database).await,
            Stage::End => Ok((vec![ExportRecord::End(tally.counts())], Stage::Over)),
            Stage::Over => return None,
        };
        let (records, next) = match page {
            Ok((records, next)) => {
                records.iter().for_each(|record| tally.count(record));
                (records.into_iter().map(Ok).collect(), next)
            }
            Err(error) => (vec![Err(error)], Stage::Over),
        };
        Some((stream::iter(records), (database, next, tally)))
    });
    pages.flatten()
}

async fn tasks(database: &Database) -> Result<(Vec<ExportRecord>, Stage)> {
    let tasks = super::tasks::read(database.read("export", TASKS, &Map::new()).await?)?;
    Ok((tasks.into_iter().map(|task| ExportRecord::Task(Box::new(task))).collect(), Stage::End))
}

async fn present(database: &Database) -> Result<(Vec<ExportRecord>, Stage)> {
    let read = || async {
        let mut transaction = database.begin(Access::Write).await?;
        let held = transaction.write(HOLD, Map::new()).await?.into_iter().next();
        let (history_since, latest) = match held {
            Some(record) => {
                let mut fields = Fields::new(record);
                (fields.optional_integer()?.map(Timestamp::from_micros), fields.optional_integer()?)
            }
            None => (None, None),
        };
        let mut records = vec![ExportRecord::Header { format: FORMAT, exported_at: Timestamp::now(), history_since }];
        records.extend(scope_states(&mut transaction).await?.into_iter().map(ExportRecord::Scope));
        records.extend(resources(&mut transaction).await?);
        records.extend(relationships(&mut transaction).await?);
        Ok((records, Stage::Changes { after: i64::MIN, latest: latest.unwrap_or(i64::MIN) }))
    };
    database.tried("export", LONG, read).await
}

async fn resources(transaction: &mut Transaction<'_>) -> Result<Vec<ExportRecord>, Fault> {
    let mut owned = Vec::new();
    for record in transaction.read(CLAIMS, Map::new()).await? {
        let mut fields = Fields::new(record);
        let scope = load::scope(&fields.text()?)?;
        let (body, shown) = (fields.optional_text()?, fields.optional_map()?);
        let (id, first) = (fields.text()?, fields.text()?);
        let mut says = match (body, shown) {
            (Some(body), _) => properties::read_text(&id, &body)?,
            (None, Some(shown)) => properties::read(shown)?,
            (None, None) => continue,
        };
        says.first_discovered = first.parse().ok();
        owned.push((says.id.clone(), owner_rank(&scope, &says), scope, Box::new(says)));
    }
    owned.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    Ok(owned.into_iter().map(|(_, _, scope, resource)| ExportRecord::Resource { scope, resource }).collect())
}

async fn relationships(transaction: &mut Transaction<'_>) -> Result<Vec<ExportRecord>, Fault> {
    let mut said = Vec::new();
    for record in transaction.read(SAID, Map::new()).await? {
        let mut fields = Fields::new(record);
        let scope = load::scope(&fields.text()?)?;
        said.push((load::relationship(&mut fields)?, scope));
    }
    said.sort();
    Ok(said.into_iter().map(|(relationship, scope)| ExportRecord::Relationship { scope, relationship }).collect())
}

/// The changes of the next few times.
async fn changes(database: &Database, after: i64, latest: i64) -> Result<(Vec<ExportRecord>, Stage)> {
    let read = || async {
        let mut transaction = database.begin(Access::Read).await?;
        let mut parameters =
            Map::from([("after".to_owned(), Value::Integer(after)), ("latest".to_owned(), Value::Integer(latest))]);
        let (mut upto, mut sum) = (None, 0);
        for record in transaction.read(TIMES, parameters.clone()).await? {
            let mut fields = Fields::new(record);
            let at = fields.integer()?;
            sum += fields.integer()?;
            if upto.is_some() && sum > PAGE {
                break;
            }
            upto = Some(at);
        }
        let Some(upto) = upto else {
            return Ok((Vec::new(), Stage::Tasks));
        };
        parameters.insert("upto".to_owned(), Value::Integer(upto));
        let mut records = Vec::new();
        for record in transaction.read(CHANGES, parameters.clone()).await? {
            records.push(resource_change(&mut Fields::new(record))?);
        }
        for record in transaction.read(RELATIONSHIP_CHANGES, parameters).await? {
            records.push(relationship_change(&mut Fields::new(record))?);
        }
        records.sort_by_key(|(at, _)| *at);
        let records = records.into_iter().map(|(_, record)| record).collect();
        Ok((records, Stage::Changes { after: upto, latest }))
    };
    database.tried("export", LONG, read).await
}

fn resource_change(fields: &mut Fields) -> Result<(Timestamp, ExportRecord), Fault> {
    let at = Timestamp::from_micros(fields.integer()?);
    let task_id = TaskId::new(fields.text()?);
    let kind = past::kind(&fields.text()?)?;
    let id = ResourceId::new(fields.text()?);
    let resource_type = ResourceType::known_or_new(&fields.text()?);
    let before = fields.optional_text()?.map(|before| properties::read_text(id.as_str(), &before)).transpose()?;
    Ok((at, ExportRecord::ResourceChange { at, task_id, kind, id, resource_type, before: before.map(Box::new) }))
}

fn relationship_change(fields: &mut Fields) -> Result<(Timestamp, ExportRecord), Fault> {
    let at = Timestamp::from_micros(fields.integer()?);
    let task_id = TaskId::new(fields.text()?);
    let kind = past::kind(&fields.text()?)?;
    let scope: Scope = load::scope(&fields.text()?)?;
    let relationship = load::relationship(fields)?;
    Ok((at, ExportRecord::RelationshipChange { at, task_id, kind, scope, relationship }))
}
