//! Writing a plan: few statements, each with many rows.

use std::collections::{BTreeMap, BTreeSet};

use super::database::Transaction;
use super::fault::Fault;
use super::load;
use super::plan::{Difference, Plan, ResourceChange};
use super::properties;
use super::value::{Map, Value};
use crate::model::{ChangeKind, Relationship, RelationshipKind, Resource, ResourceId, ResourceType, Scope, TaskId, Timestamp};

const UPDATE: &str = "UNWIND $rows AS row MATCH (r:Resource {id: row.id}) USING INDEX SEEK r:Resource(id) SET r = row";
const REMOVE: &str = "UNWIND $rows AS row MATCH (r:Resource {id: row.id}) USING INDEX SEEK r:Resource(id) DETACH DELETE r";
pub(super) const CLAIM: &str = "UNWIND $rows AS row CREATE (c:ResourceClaim) SET c = row";
const CLAIM_ANEW: &str = "UNWIND $rows AS row MATCH (c:ResourceClaim {resource_id: row.resource_id}) USING INDEX SEEK c:ResourceClaim(resource_id) \
    WHERE c.scope = row.scope SET c = row";
const DISCLAIM: &str = "UNWIND $rows AS row MATCH (c:ResourceClaim {resource_id: row.resource_id}) USING INDEX SEEK c:ResourceClaim(resource_id) \
    WHERE c.scope = row.scope DELETE c";
pub(super) const VERSION: &str = "UNWIND $rows AS row CREATE (v:ResourceVersion) SET v = row";
pub(super) const SAY: &str = "UNWIND $rows AS row CREATE (c:RelationshipClaim) SET c = row";
const UNSAY: &str = "UNWIND $rows AS row MATCH (c:RelationshipClaim {source: row.source}) \
    USING INDEX SEEK c:RelationshipClaim(source) WHERE c.type = row.type AND c.target = row.target AND c.scope = row.scope DELETE c";
pub(super) const RELATIONSHIP_VERSION: &str = "UNWIND $rows AS row CREATE (v:RelationshipVersion) SET v = row";
const ENDS: &str = "UNWIND $rows AS row MATCH (a:Resource {id: row.source}) USING INDEX SEEK a:Resource(id)";

/// When, and by whom, what is written was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamp<'a> {
    pub(super) at: Timestamp,
    pub(super) task_id: &'a TaskId,
}

/// Writes everything that a plan changes, history included.
pub(super) async fn plan(
    transaction: &mut Transaction<'_>,
    difference: &Difference<'_>,
    plan: &Plan<'_>,
    stamp: Stamp<'_>,
) -> Result<(), Fault> {
    let created: Vec<Value> = of_kind(plan, ChangeKind::Created).map(|change| Value::text(change.id.as_str())).collect();
    let joining = if created.is_empty() { Vec::new() } else { load::joining(transaction, created).await? };
    let mut edges: BTreeSet<&Relationship> = joining.iter().filter(|edge| !plan.relationships_removed.contains(edge)).collect();
    edges.extend(&plan.relationships_created);

    edges_gone(transaction, plan.relationships_removed.iter().copied()).await?;
    resources(transaction, plan, stamp).await?;
    claims(transaction, plan).await?;
    relationships(transaction, difference).await?;
    edges_new(transaction, edges.into_iter()).await?;
    history(transaction, difference, plan, stamp).await
}

fn of_kind<'a>(plan: &'a Plan<'_>, kind: ChangeKind) -> impl Iterator<Item = &'a ResourceChange> {
    plan.resources.iter().filter(move |change| change.kind == Some(kind))
}

async fn resources(transaction: &mut Transaction<'_>, plan: &Plan<'_>, stamp: Stamp<'_>) -> Result<(), Fault> {
    let mut created: BTreeMap<&ResourceType, Vec<Value>> = BTreeMap::new();
    let mut updated = Vec::new();
    let mut relabelled: BTreeMap<(&ResourceType, &ResourceType), Vec<Value>> = BTreeMap::new();
    for change in &plan.resources {
        let (Some(kind), Some((_, shown))) = (change.kind, change.owners.first()) else { continue };
        let before = change.before.as_ref();
        let first = before.and_then(|before| before.first_discovered).unwrap_or(stamp.at);
        let row = node(shown, first);
        match kind {
            ChangeKind::Created => created.entry(&shown.resource_type).or_default().push(row),
            _ => updated.push(row),
        }
        if let Some(before) = before.filter(|before| before.resource_type != shown.resource_type) {
            let labels = (&before.resource_type, &shown.resource_type);
            relabelled.entry(labels).or_default().push(Value::map([("id", Value::text(change.id.as_str()))]));
        }
    }
    for (label, rows) in created {
        transaction.write_rows(&create(label), rows).await?;
    }
    transaction.write_rows(UPDATE, updated).await?;
    for ((old, new), rows) in relabelled {
        let relabel = format!("UNWIND $rows AS row MATCH (r:Resource {{id: row.id}}) REMOVE r:{old} SET r:{new}");
        transaction.write_rows(&relabel, rows).await?;
    }
    let gone = of_kind(plan, ChangeKind::Removed).map(|change| Value::map([("id", Value::text(change.id.as_str()))]));
    transaction.write_rows(REMOVE, gone.collect()).await
}

/// Makes nodes of a type. Its name was checked to be a label before anything was written.
pub(super) fn create(label: &ResourceType) -> String {
    format!("UNWIND $rows AS row CREATE (r:Resource:{label}) SET r = row")
}

/// A resource's node as a row.
pub(super) fn node(shown: &Resource, first_discovered: Timestamp) -> Value {
    let hash = shown.content_hash.unwrap_or_else(|| shown.hash());
    Value::Map(properties::write(shown, hash, first_discovered))
}

async fn claims(transaction: &mut Transaction<'_>, plan: &Plan<'_>) -> Result<(), Fault> {
    let (mut new, mut anew, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    for change in &plan.resources {
        for (n, (scope, says)) in change.owners.iter().enumerate() {
            match change.owned.iter().position(|(owner, _)| owner == scope) {
                None => new.push(claim(scope, says, n == 0)),
                // What is shown is kept in the node, so a claim changes also when it comes or ceases to be shown.
                Some(m) if (m == 0) != (n == 0) || change.owned[m].1 != says.content_hash => {
                    anew.push(claim(scope, says, n == 0));
                }
                Some(_) => {}
            }
        }
        let left = change.owned.iter().filter(|(owner, _)| change.owners.iter().all(|(scope, _)| scope != owner));
        gone.extend(left.map(|(owner, _)| {
            Value::map([("resource_id", Value::text(change.id.as_str())), ("scope", Value::text(owner.to_string()))])
        }));
    }
    transaction.write_rows(CLAIM, new).await?;
    transaction.write_rows(CLAIM_ANEW, anew).await?;
    transaction.write_rows(DISCLAIM, gone).await
}

/// What a scope says of a resource, as a row.
pub(super) fn claim(scope: &Scope, says: &Resource, shown: bool) -> Value {
    let hash = says.content_hash.unwrap_or_else(|| says.hash());
    let body = (!shown).then(|| properties::write_text(says));
    Value::map([
        ("resource_id", Value::text(says.id.as_str())),
        ("scope", Value::text(scope.to_string())),
        ("hash", Value::text(hash.to_string())),
        ("body", Value::optional(body)),
    ])
}

async fn relationships(transaction: &mut Transaction<'_>, difference: &Difference<'_>) -> Result<(), Fault> {
    let said = difference.relationships_said.iter().map(|(scope, relationship)| owned(scope, relationship));
    transaction.write_rows(SAY, said.collect()).await?;
    let unsaid = difference.relationships_unsaid.iter().map(|(scope, relationship)| owned(scope, relationship));
    transaction.write_rows(UNSAY, unsaid.collect()).await
}

/// That a scope says a relationship, as a row.
pub(super) fn owned(scope: &Scope, relationship: &Relationship) -> Value {
    with(load::row(relationship), [("scope", Value::text(scope.to_string()))])
}

async fn edges_gone(transaction: &mut Transaction<'_>, edges: impl Iterator<Item = &Relationship>) -> Result<(), Fault> {
    for (kind, rows) in by_kind(edges) {
        transaction.write_rows(&format!("{ENDS} MATCH (a)-[e:{kind}]->(b:Resource {{id: row.target}}) DELETE e"), rows).await?;
    }
    Ok(())
}

/// Ties resources together; where an end is not there nothing is written.
pub(super) async fn edges_new(
    transaction: &mut Transaction<'_>,
    edges: impl Iterator<Item = &Relationship>,
) -> Result<(), Fault> {
    for (kind, rows) in by_kind(edges) {
        let tie =
            format!("{ENDS} MATCH (b:Resource {{id: row.target}}) USING INDEX SEEK b:Resource(id) CREATE (a)-[:{kind}]->(b)");
        transaction.write_rows(&tie, rows).await?;
    }
    Ok(())
}

fn by_kind<'a>(edges: impl Iterator<Item = &'a Relationship>) -> BTreeMap<&'a RelationshipKind, Vec<Value>> {
    let mut by_kind: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for edge in edges {
        by_kind.entry(&edge.kind).or_default().push(load::row(edge));
    }
    by_kind
}

async fn history(
    transaction: &mut Transaction<'_>,
    difference: &Difference<'_>,
    plan: &Plan<'_>,
    stamp: Stamp<'_>,
) -> Result<(), Fault> {
    let versions = plan.resources.iter().filter_map(|change| {
        let shown = change.owners.first().map(|(_, says)| says).or(change.before.as_ref())?;
        Some(version(stamp, change.kind?, (&change.id, &shown.resource_type), change.before.as_ref()))
    });
    transaction.write_rows(VERSION, versions.collect()).await?;
    let mut versions = RelationshipVersions::default();
    for (scope, said) in &difference.relationships_said {
        versions.add(stamp, ChangeKind::Created, scope, said);
    }
    for (scope, unsaid) in &difference.relationships_unsaid {
        versions.add(stamp, ChangeKind::Removed, scope, unsaid);
    }
    transaction.write_rows(RELATIONSHIP_VERSION, versions.into_rows()).await
}

/// A change of a resource, as a row.
pub(super) fn version(stamp: Stamp<'_>, kind: ChangeKind, of: (&ResourceId, &ResourceType), before: Option<&Resource>) -> Value {
    let (id, resource_type) = of;
    let change = Value::map([
        ("resource_id", Value::text(id.as_str())),
        ("type", Value::text(resource_type.as_str())),
        ("before", Value::optional(before.map(properties::write_text))),
    ]);
    stamped(change, stamp, kind)
}

/// How many relationships one `:RelationshipVersion` holds at most.
const VERSION_SIZE: usize = 1_000;

/// Changes of what scopes say of relationships. Those of one scope and time lie together in one node, as three lists: a first
/// sync makes more of them than of anything else, and each node costs the server memory until the commit.
#[derive(Debug, Default)]
pub(super) struct RelationshipVersions {
    groups: BTreeMap<(Timestamp, TaskId, ChangeKind, String), [Vec<Value>; 3]>,
}

impl RelationshipVersions {
    pub(super) fn add(&mut self, stamp: Stamp<'_>, kind: ChangeKind, scope: &Scope, changed: &Relationship) {
        let key = (stamp.at, stamp.task_id.clone(), kind, scope.to_string());
        let lists = self.groups.entry(key).or_default();
        let ends = [changed.source.as_str(), changed.kind.as_str(), changed.target.as_str()];
        for (list, text) in lists.iter_mut().zip(ends) {
            list.push(Value::text(text));
        }
    }

    pub(super) fn into_rows(self) -> Vec<Value> {
        let mut rows = Vec::new();
        for ((at, task_id, kind, scope), [sources, types, targets]) in self.groups {
            let lists = sources.chunks(VERSION_SIZE).zip(types.chunks(VERSION_SIZE)).zip(targets.chunks(VERSION_SIZE));
            rows.extend(lists.map(|((sources, types), targets)| {
                let changed = Value::map([
                    ("scope", Value::text(scope.as_str())),
                    ("sources", Value::List(sources.to_vec())),
                    ("types", Value::List(types.to_vec())),
                    ("targets", Value::List(targets.to_vec())),
                ]);
                stamped(changed, Stamp { at, task_id: &task_id }, kind)
            }));
        }
        rows
    }
}

fn stamped(row: Value, stamp: Stamp<'_>, kind: ChangeKind) -> Value {
    with(
        row,
        [
            ("at", Value::Integer(stamp.at.as_micros())),
            ("task_id", Value::text(stamp.task_id.as_str())),
            ("kind", Value::text(kind_text(kind))),
        ],
    )
}

const fn kind_text(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Created => "created",
        ChangeKind::Updated => "updated",
        ChangeKind::Removed => "removed",
    }
}

fn with<const N: usize>(row: Value, members: [(&str, Value); N]) -> Value {
    let mut row = if let Value::Map(row) = row { row } else { Map::new() };
    row.extend(members.into_iter().map(|(key, value)| (key.to_owned(), value)));
    Value::Map(row)
}
