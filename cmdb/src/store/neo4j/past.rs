//! The graph as it was: the present with every later change undone.

use std::collections::{BTreeMap, BTreeSet};

use super::database::{Access, BRIEFLY, Database, Transaction};
use super::fault::Fault;
use super::value::{Fields, Map, Value};
use super::{load, properties, read};
use crate::error::Result;
use crate::model::{ChangeKind, Relationship, Resource, ResourceId, Timestamp};
use crate::store::memory::view::View;
use crate::store::validate::check_as_of;

const PRESENT: &str = "MATCH (r:Resource) RETURN [properties(r)] AS record";
const SAID: &str = "MATCH (c:RelationshipClaim) RETURN [c.scope, c.source, c.type, c.target] AS record";
/// What each resource was before its first later change.
const BEFORE: &str = "MATCH (v:ResourceVersion) WHERE v.at > $at WITH v ORDER BY v.at \
    WITH v.resource_id AS id, head(collect(v)) AS first RETURN [id, first.before] AS record";
const UNSAID: &str = "MATCH (v:RelationshipVersion) WHERE v.at > $at WITH v ORDER BY v.at DESC \
    UNWIND range(0, size(v.sources) - 1) AS n RETURN [v.kind, v.scope, v.sources[n], v.types[n], v.targets[n]] AS record";
const NEXT: &str =
    "MATCH (v:ResourceVersion {resource_id: $id}) WHERE v.at > $at RETURN [v.before] AS record ORDER BY v.at LIMIT 1";
const SHOWN: &str = "MATCH (r:Resource {id: $id}) RETURN [properties(r)] AS record";

/// Checks that history reaches back to a time.
async fn check(database: &Database, time: Timestamp) -> Result<()> {
    let since = || async {
        let mut transaction = database.begin(Access::Read).await?;
        let since = read::history_since(&mut transaction).await?;
        Ok(since)
    };
    check_as_of(time, database.tried("read history", BRIEFLY, since).await?)
}

/// One resource as it was.
pub(super) async fn get(database: &Database, id: &ResourceId, time: Timestamp) -> Result<Option<Resource>> {
    check(database, time).await?;
    let parameters =
        Map::from([("id".to_owned(), Value::text(id.as_str())), ("at".to_owned(), Value::Integer(time.as_micros()))]);
    let read = || async {
        let mut transaction = database.begin(Access::Read).await?;
        let resource = after(&mut transaction, id, &parameters).await?;
        Ok(resource)
    };
    database.tried("read history", BRIEFLY, read).await
}

/// What a resource was after `$at`: what the next change found, else what is there now.
pub(super) async fn after(
    transaction: &mut Transaction<'_>,
    id: &ResourceId,
    parameters: &Map,
) -> Result<Option<Resource>, Fault> {
    // The present is read first: a change that is made between the two statements is then undone like any later one.
    let shown = transaction.read(SHOWN, Map::from([("id".to_owned(), Value::text(id.as_str()))])).await?;
    match transaction.read(NEXT, parameters.clone()).await?.into_iter().next() {
        Some(next) => {
            let before = Fields::new(next).optional_text()?;
            before.map(|before| properties::read_text(id.as_str(), &before)).transpose()
        }
        None => shown.into_iter().next().map(|record| properties::read(Fields::new(record).map()?)).transpose(),
    }
}

/// The whole graph as it was.
pub(super) async fn view(database: &Database, time: Timestamp) -> Result<View> {
    check(database, time).await?;
    let read = || async {
        let mut transaction = database.begin(Access::Read).await?;
        let mut resources = BTreeMap::new();
        for record in transaction.read(PRESENT, Map::new()).await? {
            let resource = properties::read(Fields::new(record).map()?)?;
            resources.insert(resource.id.clone(), resource);
        }
        let mut said: BTreeMap<Relationship, BTreeSet<String>> = BTreeMap::new();
        for record in transaction.read(SAID, Map::new()).await? {
            let mut fields = Fields::new(record);
            let scope = fields.text()?;
            said.entry(load::relationship(&mut fields)?).or_default().insert(scope);
        }
        undo(&mut transaction, time, &mut resources, &mut said).await?;
        let said = said.into_iter().filter(|(_, scopes)| !scopes.is_empty()).map(|(relationship, _)| relationship);
        Ok(View::new(resources, said))
    };
    database.tried("read history", BRIEFLY, read).await
}

/// Undoes every change after a time. Undoing twice is undoing once, so what changed since the present was read does no harm.
async fn undo(
    transaction: &mut Transaction<'_>,
    time: Timestamp,
    resources: &mut BTreeMap<ResourceId, Resource>,
    said: &mut BTreeMap<Relationship, BTreeSet<String>>,
) -> Result<(), Fault> {
    let at = Map::from([("at".to_owned(), Value::Integer(time.as_micros()))]);
    for record in transaction.read(BEFORE, at.clone()).await? {
        let mut fields = Fields::new(record);
        let id = ResourceId::new(fields.text()?);
        match fields.optional_text()? {
            Some(before) => drop(resources.insert(id.clone(), properties::read_text(id.as_str(), &before)?)),
            None => drop(resources.remove(&id)),
        }
    }
    for record in transaction.read(UNSAID, at).await? {
        let mut fields = Fields::new(record);
        let kind = kind(&fields.text()?)?;
        let scope = fields.text()?;
        let scopes = said.entry(load::relationship(&mut fields)?).or_default();
        if kind == ChangeKind::Removed {
            scopes.insert(scope);
        } else {
            scopes.remove(&scope);
        }
    }
    Ok(())
}

/// What happened, from its text.
pub(super) fn kind(text: &str) -> Result<ChangeKind, Fault> {
    match text {
        "created" => Ok(ChangeKind::Created),
        "updated" => Ok(ChangeKind::Updated),
        "removed" => Ok(ChangeKind::Removed),
        _ => Err(Fault::Protocol(format!("the database holds a change of kind `{text}`; was it changed by something else?"))),
    }
}
