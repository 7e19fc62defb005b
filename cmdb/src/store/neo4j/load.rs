//! What a reconcile has to know before it can plan.

use std::collections::BTreeMap;

use super::database::Transaction;
use super::fault::Fault;
use super::plan::{Difference, Known, Said, as_said};
use super::properties;
use super::value::{Fields, Map, Value};
use crate::model::{ContentHash, Relationship, RelationshipKind, ResourceId, Scope};
use crate::store::Snapshot;

const RESOURCES_SAID: &str = "MATCH (c:ResourceClaim) WHERE c.scope IN $scopes RETURN [c.scope, c.resource_id, c.hash] AS record";
const RELATIONSHIPS_SAID: &str =
    "MATCH (c:RelationshipClaim) WHERE c.scope IN $scopes RETURN [c.scope, c.source, c.type, c.target] AS record";
const SHOWN: &str =
    "UNWIND $ids AS id MATCH (r:Resource {id: id}) USING INDEX SEEK r:Resource(id) RETURN [properties(r)] AS record";
const CLAIMS: &str = "UNWIND $ids AS id MATCH (c:ResourceClaim {resource_id: id}) USING INDEX SEEK c:ResourceClaim(resource_id) \
    RETURN [c.resource_id, c.scope, c.hash, c.body] AS record";
const SAYERS: &str = "UNWIND $rows AS row MATCH (c:RelationshipClaim {source: row.source}) \
    USING INDEX SEEK c:RelationshipClaim(source) WHERE c.type = row.type AND c.target = row.target \
    WITH row, count(c) AS sayers RETURN [row.source, row.type, row.target, sayers] AS record";
const JOINING: &str = "UNWIND $ids AS id MATCH (c:RelationshipClaim {source: id}) USING INDEX SEEK c:RelationshipClaim(source) \
    RETURN [c.source, c.type, c.target] AS record UNION \
    UNWIND $ids AS id MATCH (c:RelationshipClaim {target: id}) USING INDEX SEEK c:RelationshipClaim(target) \
    RETURN [c.source, c.type, c.target] AS record";

/// What the scopes of a snapshot said before.
pub(super) async fn said(transaction: &mut Transaction<'_>, snapshot: &Snapshot) -> Result<Said, Fault> {
    let texts = snapshot.scopes.iter().map(|listing| (listing.scope.to_string(), &listing.scope));
    let texts: BTreeMap<String, &Scope> = texts.collect();
    let scopes = Map::from([("scopes".to_owned(), Value::texts(texts.keys().cloned()))]);
    let mut said = Said::default();
    for record in transaction.read(RESOURCES_SAID, scopes.clone()).await? {
        let mut fields = Fields::new(record);
        let Some(scope) = texts.get(fields.text()?.as_str()) else { continue };
        let id = ResourceId::new(fields.text()?);
        let hash = hash(&fields.text()?)?;
        said.resources.entry((*scope).clone()).or_default().insert(id, hash);
    }
    for record in transaction.read(RELATIONSHIPS_SAID, scopes).await? {
        let mut fields = Fields::new(record);
        let Some(scope) = texts.get(fields.text()?.as_str()) else { continue };
        said.relationships.entry((*scope).clone()).or_default().insert(relationship(&mut fields)?);
    }
    Ok(said)
}

/// Everything said, by whomever, of what a difference touches.
pub(super) async fn known(transaction: &mut Transaction<'_>, difference: &Difference<'_>) -> Result<Known, Fault> {
    let mut known = Known::default();
    let ids = difference.ids();
    if !ids.is_empty() {
        let ids = Map::from([("ids".to_owned(), Value::texts(ids.into_iter().map(ResourceId::as_str)))]);
        for record in transaction.read(SHOWN, ids.clone()).await? {
            let resource = properties::read(Fields::new(record).map()?)?;
            known.shown.insert(resource.id.clone(), resource);
        }
        for record in transaction.read(CLAIMS, ids).await? {
            let mut fields = Fields::new(record);
            let id = ResourceId::new(fields.text()?);
            let scope: Scope = scope(&fields.text()?)?;
            let hash = hash(&fields.text()?)?;
            let says = match (fields.optional_text()?, known.shown.get(&id)) {
                (Some(body), _) => properties::read_text(id.as_str(), &body)?,
                // What is shown is kept once, in its node.
                (None, Some(shown)) => as_said(shown, hash),
                (None, None) => {
                    return Err(Fault::Protocol(format!("`{id}` has an owner, but no :Resource; was it deleted by hand?")));
                }
            };
            known.claims.entry(id).or_default().insert(scope, says);
        }
    }
    let relationships = difference.relationships();
    if !relationships.is_empty() {
        let rows = Map::from([("rows".to_owned(), Value::List(relationships.into_iter().map(row).collect()))]);
        for record in transaction.read(SAYERS, rows).await? {
            let mut fields = Fields::new(record);
            let relationship = relationship(&mut fields)?;
            known.relationships.insert(relationship, usize::try_from(fields.integer()?).unwrap_or_default());
        }
    }
    Ok(known)
}

/// The relationships that are said of resources, which an end that appears may join.
pub(super) async fn joining(transaction: &mut Transaction<'_>, ids: Vec<Value>) -> Result<Vec<Relationship>, Fault> {
    let records = transaction.read(JOINING, Map::from([("ids".to_owned(), Value::List(ids))])).await?;
    records.into_iter().map(|record| relationship(&mut Fields::new(record))).collect()
}

/// A relationship as a row.
pub(super) fn row(relationship: &Relationship) -> Value {
    Value::map([
        ("source", Value::text(relationship.source.as_str())),
        ("type", Value::text(relationship.kind.as_str())),
        ("target", Value::text(relationship.target.as_str())),
    ])
}

/// A relationship from its source, type and target.
pub(super) fn relationship(fields: &mut Fields) -> Result<Relationship, Fault> {
    let source = ResourceId::new(fields.text()?);
    let kind = RelationshipKind::known_or_new(&fields.text()?);
    Ok(Relationship::new(source, kind, ResourceId::new(fields.text()?)))
}

pub(super) fn scope(text: &str) -> Result<Scope, Fault> {
    text.parse()
        .map_err(|_| Fault::Protocol(format!("the database holds `{text}` as a scope; was it changed by something else?")))
}

fn hash(text: &str) -> Result<ContentHash, Fault> {
    let damaged = |_| Fault::Protocol(format!("the database holds `{text}` as a hash; was it changed by something else?"));
    serde_json::from_value(serde_json::Value::from(text)).map_err(damaged)
}
