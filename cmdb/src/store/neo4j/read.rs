//! Questions about the present that one or two statements answer.

use super::database::{Access, BRIEFLY, Database, Transaction};
use super::fault::Fault;
use super::properties::{self, TAG};
use super::value::{Fields, Map, Value};
use crate::error::{Error, Result};
use crate::model::{
    Direction, Filter, Neighbor, PageRequest, RelationshipKind, Resource, ResourceId, ResourcePage, ResourceSummary,
    ResourceType, Statistics, Timestamp,
};
use crate::store::cursor::{Start, page_start, write_cursor};
use crate::store::memory::page::page;
use crate::store::search::Search;

/// The time of the last completion of a resource's owners.
const LAST: &str = "OPTIONAL MATCH (c:ResourceClaim {resource_id: r.id}) USING INDEX SEEK c:ResourceClaim(resource_id) \
    OPTIONAL MATCH (s:InventoryScope {scope: c.scope}) WITH r, max(s.completed_at) AS last RETURN [properties(r), last] AS record";
/// The most candidates that an ambiguous name is answered with.
const MAX_CANDIDATES: usize = 20;

/// A present resource.
pub(super) async fn get(database: &Database, id: &ResourceId) -> Result<Option<Resource>> {
    let statement = format!("MATCH (r:Resource {{id: $id}}) {LAST}");
    let records = database.read("read a resource", &statement, &parameter("id", id.as_str())).await?;
    let resource = records.into_iter().next().map(resource).transpose();
    resource.map_err(|fault| super::database::failed("read a resource", fault))
}

fn parameter(key: &str, text: &str) -> Map {
    Map::from([(key.to_owned(), Value::text(text))])
}

/// A resource from its properties and the time of its last completion.
fn resource(record: Vec<Value>) -> Result<Resource, Fault> {
    let mut fields = Fields::new(record);
    let mut resource = properties::read(fields.map()?)?;
    resource.last_discovered = fields.optional_integer()?.map(Timestamp::from_micros);
    Ok(resource)
}

/// What a person's word for a resource stands for.
pub(super) async fn resolve(database: &Database, reference: &str) -> Result<ResourceId> {
    for property in ["id", "arn", "name"] {
        let statement =
            format!("MATCH (r:Resource {{{property}: $reference}}) RETURN [r.id] AS record ORDER BY r.id LIMIT {MAX_CANDIDATES}");
        let records = database.read("resolve a reference", &statement, &parameter("reference", reference)).await?;
        let ids: Result<Vec<String>, Fault> = records.into_iter().map(|record| Fields::new(record).text()).collect();
        let ids = ids.map_err(|fault| super::database::failed("resolve a reference", fault))?;
        match ids.as_slice() {
            [] => {}
            [id] => return Ok(ResourceId::new(id.as_str())),
            _ => return Err(Error::Conflict { reference: reference.to_owned(), candidates: ids }),
        }
    }
    Err(not_found(reference))
}

pub(super) fn not_found(id: &str) -> Error {
    Error::NotFound { what: "resource", id: id.to_owned() }
}

/// The conditions of a filter that Cypher decides, with their parameters. What is left is the text: whether letter case
/// counts is told alike by every store only where the same code tells it, so Cypher lets through too much there.
fn conditions(filter: &Filter) -> (String, Map) {
    let mut conditions = String::from("r.id > $after");
    let mut parameters = Map::new();
    let asked = [
        ("provider", filter.provider.as_ref().map(|asked| asked.as_str())),
        ("resource_type", filter.resource_type.as_ref().map(|asked| asked.as_str())),
        ("native_type", filter.native_type.as_deref()),
        ("status", filter.status.as_ref().map(|asked| asked.as_str())),
        ("region", filter.region.as_deref()),
        ("account", filter.account.as_deref()),
        ("name", filter.name.as_deref()),
    ];
    for (property, asked) in asked {
        if let Some(asked) = asked {
            conditions += &format!(" AND r.{property} = ${property}");
            parameters.insert(property.to_owned(), Value::text(asked));
        }
    }
    for (n, (key, tag)) in filter.tags.iter().enumerate() {
        conditions += &format!(" AND r[$key{n}] = $tag{n}");
        parameters.insert(format!("key{n}"), Value::text(format!("{TAG}{key}")));
        parameters.insert(format!("tag{n}"), Value::text(tag.as_str()));
    }
    (conditions, parameters)
}

/// A page of the present resources.
pub(super) async fn list(database: &Database, filter: &Filter, request: &PageRequest) -> Result<ResourcePage> {
    let start = page_start::<ResourceId>(request)?;
    if filter.text.is_some() {
        return search(database, filter, request).await;
    }
    let (conditions, mut parameters) = conditions(filter);
    let (skip, after) = match &start {
        Start::Offset(items) => (i64::try_from(*items).unwrap_or(i64::MAX), ""),
        Start::After(id) => (0, id.as_str()),
    };
    let counted = format!("MATCH (r:Resource) WHERE {conditions} RETURN [count(r)] AS record");
    let mut count = parameters.clone();
    count.insert("after".to_owned(), Value::text(""));
    parameters.insert("after".to_owned(), Value::text(after));
    parameters.insert("skip".to_owned(), Value::Integer(skip));
    parameters.insert("limit".to_owned(), Value::Integer(i64::try_from(request.limit).unwrap_or(i64::MAX - 1) + 1));
    let listed =
        format!("MATCH (r:Resource) WHERE {conditions} WITH r ORDER BY r.id SKIP $skip LIMIT $limit {LAST} ORDER BY r.id");
    let read = || async {
        let mut transaction = database.begin(Access::Read).await?;
        let total = transaction.read(&counted, count.clone()).await?;
        let records = transaction.read(&listed, parameters.clone()).await?;
        let total = total.into_iter().next().map(|record| Fields::new(record).integer()).transpose()?.unwrap_or_default();
        let resources = records.into_iter().map(resource).collect::<Result<Vec<_>, _>>()?;
        Ok((u64::try_from(total).unwrap_or_default(), resources))
    };
    let (total, mut resources) = database.tried("list resources", BRIEFLY, read).await?;
    let more = resources.len() > request.limit;
    resources.truncate(request.limit);
    let next_cursor = resources.last().filter(|_| more).map(|last| write_cursor(&last.id));
    Ok(ResourcePage { resources, total, next_cursor })
}

/// A page of the present resources that hold a text.
async fn search(database: &Database, filter: &Filter, request: &PageRequest) -> Result<ResourcePage> {
    let (conditions, mut parameters) = conditions(filter);
    parameters.insert("after".to_owned(), Value::text(""));
    let statement = format!("MATCH (r:Resource) WHERE {conditions} WITH r {LAST} ORDER BY r.id");
    let records = database.read("search resources", &statement, &parameters).await?;
    let search = Search::new(filter);
    let mut found = Vec::new();
    for record in records {
        let resource = resource(record).map_err(|fault| super::database::failed("search resources", fault))?;
        if search.fits(&resource) {
            found.push(resource);
        }
    }
    let page = page(found, request, |resource| resource.id.clone(), |resource, after| resource.id > *after)?;
    Ok(ResourcePage { resources: page.items, total: page.total, next_cursor: page.next_cursor })
}

/// The relationships of a resource.
pub(super) async fn relationships(
    database: &Database,
    id: &ResourceId,
    direction: Direction,
    kinds: &[RelationshipKind],
) -> Result<Vec<Neighbor>> {
    let mut statement = "MATCH (r:Resource {id: $id}) RETURN ['self', '', r.id, '', null] AS record".to_owned();
    for (way, pattern, asked) in [("incoming", "<-[e]-", Direction::Outgoing), ("outgoing", "-[e]->", Direction::Incoming)] {
        // Each way is left out where only the other one was asked for.
        if direction != asked {
            statement += &format!(
                " UNION ALL MATCH (r:Resource {{id: $id}}){pattern}(o:Resource) WHERE $kinds IS NULL OR type(e) IN $kinds \
                 RETURN ['{way}', type(e), o.id, o.resource_type, o.name] AS record"
            );
        }
    }
    let mut parameters = parameter("id", id.as_str());
    let asked = Value::texts(kinds.iter().map(RelationshipKind::as_str));
    parameters.insert("kinds".to_owned(), if kinds.is_empty() { Value::Null } else { asked });
    let records = database.read("read relationships", &statement, &parameters).await?;
    if records.is_empty() {
        return Err(not_found(id.as_str()));
    }
    let neighbors: Result<Vec<Option<Neighbor>>, Fault> = records.into_iter().map(neighbor).collect();
    let neighbors = neighbors.map_err(|fault| super::database::failed("read relationships", fault))?;
    let mut neighbors: Vec<_> = neighbors.into_iter().flatten().collect();
    neighbors.sort_by(|a, b| order(a).cmp(&order(b)));
    Ok(neighbors)
}

fn order(neighbor: &Neighbor) -> (bool, &RelationshipKind, &ResourceId) {
    (neighbor.direction == Direction::Outgoing, &neighbor.kind, &neighbor.related_resource.id)
}

fn neighbor(record: Vec<Value>) -> Result<Option<Neighbor>, Fault> {
    let mut fields = Fields::new(record);
    let direction = match fields.text()?.as_str() {
        "incoming" => Direction::Incoming,
        "outgoing" => Direction::Outgoing,
        _ => return Ok(None),
    };
    let kind = RelationshipKind::known_or_new(&fields.text()?);
    Ok(Some(Neighbor { kind, direction, related_resource: summary(&mut fields)? }))
}

/// A resource's summary from its id, type and name.
pub(super) fn summary(fields: &mut Fields) -> Result<ResourceSummary, Fault> {
    Ok(ResourceSummary {
        id: ResourceId::new(fields.text()?),
        resource_type: ResourceType::known_or_new(&fields.text()?),
        name: fields.optional_text()?,
    })
}

/// Counts of the present.
pub(super) async fn statistics(database: &Database) -> Result<Statistics> {
    const COUNTS: &str = "MATCH (r:Resource) WITH 'provider' AS what, r.provider AS name, count(*) AS count RETURN [what, name, count] AS record UNION ALL \
        MATCH (r:Resource) WITH 'type' AS what, r.resource_type AS name, count(*) AS count RETURN [what, name, count] AS record UNION ALL \
        MATCH (r:Resource) WHERE r.status IS NOT NULL WITH 'status' AS what, r.status AS name, count(*) AS count RETURN [what, name, count] AS record UNION ALL \
        MATCH (r:Resource) WITH 'region' AS what, r.region AS name, count(*) AS count RETURN [what, name, count] AS record UNION ALL \
        MATCH (:Resource)-[e]->(:Resource) WITH 'relationship' AS what, type(e) AS name, count(*) AS count RETURN [what, name, count] AS record";
    let records = database.read("count", COUNTS, &Map::new()).await?;
    let mut counts = Statistics::default();
    for record in records {
        count(&mut counts, record).map_err(|fault| super::database::failed("count", fault))?;
    }
    counts.total_resources = counts.by_provider.values().sum();
    counts.total_relationships = counts.by_relationship.values().sum();
    Ok(counts)
}

fn count(counts: &mut Statistics, record: Vec<Value>) -> Result<(), Fault> {
    let mut fields = Fields::new(record);
    let counted = match fields.text()?.as_str() {
        "provider" => &mut counts.by_provider,
        "type" => &mut counts.by_type,
        "status" => &mut counts.by_status,
        "region" => &mut counts.by_region,
        _ => &mut counts.by_relationship,
    };
    counted.insert(fields.text()?, u64::try_from(fields.integer()?).unwrap_or_default());
    Ok(())
}

/// Since when history is complete.
pub(super) async fn history_since(transaction: &mut Transaction<'_>) -> Result<Option<Timestamp>, Fault> {
    const SINCE: &str = "MATCH (i:Inventory {key: 'inventory'}) RETURN [i.history_since] AS record";
    let record = transaction.read(SINCE, Map::new()).await?.into_iter().next();
    let since = record.map(|record| Fields::new(record).optional_integer()).transpose()?;
    Ok(since.flatten().map(Timestamp::from_micros))
}
