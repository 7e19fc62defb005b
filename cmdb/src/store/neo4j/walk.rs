//! Walks: the part of the graph that one can meet is read level by level, and then walked here.

use std::collections::{BTreeMap, BTreeSet};

use super::database::{Access, BRIEFLY, Database, Transaction};
use super::fault::Fault;
use super::load;
use super::read::summary;
use super::value::{Fields, Map, Value};
use crate::error::Result;
use crate::impact_direction;
use crate::model::{
    Direction, Impact, ImpactRequest, Provider, Relationship, RelationshipKind, Resource, ResourceId, ResourceSummary, Subgraph,
    Traversal,
};
use crate::store::memory::view::View;
use crate::store::validate::check_walk;

const ROOT: &str = "MATCH (r:Resource {id: $id}) RETURN [r.id, r.resource_type, r.name] AS record";
const INSIDE: &str = "UNWIND $ids AS id MATCH (a:Resource {id: id})-[e]->(b:Resource) WHERE b.id IN $ids \
    AND ($kinds IS NULL OR type(e) IN $kinds) RETURN [a.id, type(e), b.id] AS record";

/// The graph around a resource.
pub(super) async fn subgraph(database: &Database, root: &ResourceId, walk: &Traversal) -> Result<Subgraph> {
    check_walk(walk.depth, walk.max_nodes)?;
    let reach =
        Reach { depth: walk.depth, limit: walk.max_nodes - 1, direction: walk.direction, kinds: &walk.kinds, follows: None };
    let read = || async {
        let mut transaction = database.begin(Access::Read).await?;
        let mut part = Part::default();
        if part.read(&mut transaction, root, &reach).await? {
            part.read_inside(&mut transaction, &walk.kinds).await?;
        }
        Ok(part.view())
    };
    let view = database.tried("read a subgraph", BRIEFLY, read).await?;
    view.subgraph(root, walk)
}

/// Who would feel it if a resource failed.
pub(super) async fn impact(database: &Database, id: &ResourceId, request: &ImpactRequest) -> Result<Impact> {
    check_walk(request.depth, request.max_nodes)?;
    let follows: Follows = |from, edge| match impact_direction(&edge.kind, &edge.source) {
        Some(Direction::Outgoing) => edge.source == *from,
        Some(Direction::Incoming) => edge.target == *from,
        Some(Direction::Both) => true,
        None => false,
    };
    let (depth, limit) = (request.depth, request.max_nodes);
    let reach = Reach { depth, limit, direction: Direction::Both, kinds: &[], follows: Some(follows) };
    let read = || async {
        let mut transaction = database.begin(Access::Read).await?;
        let mut part = Part::default();
        part.read(&mut transaction, id, &reach).await?;
        Ok(part.view())
    };
    let view = database.tried("read an impact", BRIEFLY, read).await?;
    view.impact(id, request)
}

/// Whether a walk that stands at a resource follows a relationship.
type Follows = fn(&ResourceId, &Relationship) -> bool;

/// How far, and along what, a walk may go.
struct Reach<'a> {
    depth: u32,
    /// How many resources besides the root it may meet; that there are more is all that matters beyond.
    limit: usize,
    direction: Direction,
    kinds: &'a [RelationshipKind],
    follows: Option<Follows>,
}

/// A part of the graph.
#[derive(Debug, Default)]
struct Part {
    resources: BTreeMap<ResourceId, ResourceSummary>,
    relationships: BTreeSet<Relationship>,
}

impl Part {
    /// Reads all that a walk from `root` may meet; says whether the root is there.
    async fn read(&mut self, transaction: &mut Transaction<'_>, root: &ResourceId, reach: &Reach<'_>) -> Result<bool, Fault> {
        let id = Map::from([("id".to_owned(), Value::text(root.as_str()))]);
        let Some(record) = transaction.read(ROOT, id).await?.into_iter().next() else { return Ok(false) };
        self.resources.insert(root.clone(), summary(&mut Fields::new(record))?);
        let pattern = match reach.direction {
            Direction::Outgoing => "-[e]->",
            Direction::Incoming => "<-[e]-",
            Direction::Both => "-[e]-",
        };
        let step = format!(
            "UNWIND $ids AS id MATCH (a:Resource {{id: id}}){pattern}(b:Resource) WHERE $kinds IS NULL OR type(e) IN $kinds \
             RETURN [id, startNode(e).id, type(e), endNode(e).id, b.id, b.resource_type, b.name] AS record"
        );
        let mut frontier = vec![root.clone()];
        for _ in 0..reach.depth {
            if frontier.is_empty() || self.resources.len() > reach.limit + 1 {
                break;
            }
            let mut parameters = kinds(reach.kinds);
            parameters.insert("ids".to_owned(), Value::texts(frontier.iter().map(ResourceId::as_str)));
            frontier.clear();
            for record in transaction.read(&step, parameters).await? {
                let mut fields = Fields::new(record);
                let from = ResourceId::new(fields.text()?);
                let relationship = load::relationship(&mut fields)?;
                let other = summary(&mut fields)?;
                if reach.follows.is_some_and(|follows| !follows(&from, &relationship)) {
                    continue;
                }
                self.relationships.insert(relationship);
                if !self.resources.contains_key(&other.id) {
                    frontier.push(other.id.clone());
                    self.resources.insert(other.id.clone(), other);
                }
            }
        }
        Ok(true)
    }

    /// Reads the relationships among the resources that were met.
    async fn read_inside(&mut self, transaction: &mut Transaction<'_>, asked: &[RelationshipKind]) -> Result<(), Fault> {
        let mut parameters = kinds(asked);
        parameters.insert("ids".to_owned(), Value::texts(self.resources.keys().map(ResourceId::as_str)));
        for record in transaction.read(INSIDE, parameters).await? {
            self.relationships.insert(load::relationship(&mut Fields::new(record))?);
        }
        Ok(())
    }

    fn view(self) -> View {
        let resources = self.resources.into_iter().map(|(id, summary)| (id, outline(summary))).collect();
        View::new(resources, self.relationships.into_iter())
    }
}

fn kinds(kinds: &[RelationshipKind]) -> Map {
    let asked = Value::texts(kinds.iter().map(RelationshipKind::as_str));
    Map::from([("kinds".to_owned(), if kinds.is_empty() { Value::Null } else { asked })])
}

/// As much of a resource as a walk shows.
fn outline(summary: ResourceSummary) -> Resource {
    let nowhere = Provider::new("");
    let mut outline = Resource::new(summary.id.as_str(), nowhere, summary.resource_type, "", "", "");
    outline.name = summary.name;
    outline
}
