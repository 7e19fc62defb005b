//! Resources and the graph between them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use utoipa::ToSchema;

/// One discovered thing.
#[derive(Debug, ToSchema)]
pub struct Resource {
    /// The provider's own globally unique id, else the ARN.
    #[schema(example = "i-0123456789abcdef0")]
    pub id: String,
    /// The non-empty Name tag, else the native name.
    #[schema(required)]
    pub name: Option<String>,
    /// Where it lives.
    #[schema(example = "aws")]
    pub provider: String,
    /// What it is, in the same words for every provider.
    #[schema(example = "COMPUTE")]
    pub resource_type: String,
    /// What the provider calls its type.
    #[schema(example = "AWS::EC2::Instance")]
    pub native_type: String,
    /// RUNNING, STOPPED, TERMINATED, PENDING, STOPPING, ERROR, UNKNOWN; null where the provider has no state.
    #[schema(required)]
    pub status: Option<String>,
    /// Account, project or subscription.
    pub account: String,
    /// Region; `global` for global services.
    pub region: String,
    /// Zone inside the region.
    #[schema(required)]
    pub availability_zone: Option<String>,
    /// The provider's tags, as they are.
    pub tags: BTreeMap<String, String>,
    /// The provider's facts under stable snake_case names.
    pub metadata: Map<String, Value>,
    /// When it was first found, RFC 3339.
    pub first_discovered: Option<String>,
    /// When a scope that reports it was last listed to its end, RFC 3339; not in answers about the past.
    pub last_discovered: Option<String>,
    /// A hash of all its facts, 32 hexadecimal digits.
    pub content_hash: Option<String>,
}

/// The least that names a resource to a person.
#[derive(Debug, ToSchema)]
pub struct ResourceSummary {
    /// Identity.
    pub id: String,
    /// What it is.
    pub r#type: String,
    /// Name for people.
    #[schema(required)]
    pub name: Option<String>,
}

/// A part of the resources, ordered by id.
#[derive(Debug, ToSchema)]
pub struct ResourcePage {
    /// Ordered by id.
    pub resources: Vec<Resource>,
    /// How many fit on all pages.
    pub total: u64,
    /// Cursor of the next page; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// A relationship seen from one of its ends.
#[derive(Debug, ToSchema)]
pub struct Neighbor {
    /// Kind.
    #[schema(example = "ATTACHED_TO")]
    pub r#type: String,
    /// `outgoing` where the resource that was asked for is the source, else `incoming`.
    pub direction: String,
    /// The other end.
    pub related_resource: ResourceSummary,
}

/// The relationships of one resource.
#[derive(Debug, ToSchema)]
pub struct Relationships {
    /// Which resource.
    pub resource_id: String,
    /// Ordered by direction, kind and id.
    pub relationships: Vec<Neighbor>,
}

/// A directed tie between two resources.
#[derive(Debug, ToSchema)]
pub struct Relationship {
    /// From.
    pub source: String,
    /// Kind.
    pub r#type: String,
    /// To.
    pub target: String,
}

/// The graph around a resource.
#[derive(Debug, ToSchema)]
pub struct Subgraph {
    /// Where the walk began.
    pub root_id: String,
    /// How far it was to go.
    pub depth: u32,
    /// Resources met, ordered by id.
    pub nodes: Vec<ResourceSummary>,
    /// Every relationship of the asked kinds with both ends among the nodes.
    pub relationships: Vec<Relationship>,
    /// Whether `max_nodes` cut the walk.
    pub truncated: bool,
}

/// Who would feel it if a resource failed.
#[derive(Debug, ToSchema)]
pub struct Impact {
    /// The resource that fails.
    pub resource_id: String,
    /// Who feels it, nearest first.
    pub impacted: Vec<Impacted>,
    /// Whether `max_nodes` cut the walk.
    pub truncated: bool,
}

/// One resource that feels a failure.
#[derive(Debug, ToSchema)]
pub struct Impacted {
    /// Identity.
    pub id: String,
    /// What it is.
    pub r#type: String,
    /// Name for people.
    #[schema(required)]
    pub name: Option<String>,
    /// Relationships between it and the resource that fails.
    pub distance: u32,
    /// The kinds of the relationships on one shortest way.
    pub via: Vec<String>,
}

/// Counts.
#[derive(Debug, ToSchema)]
pub struct Statistics {
    /// Resources.
    pub total_resources: u64,
    /// Resources by provider.
    pub by_provider: BTreeMap<String, u64>,
    /// Resources by type.
    pub by_type: BTreeMap<String, u64>,
    /// Resources by status; those without one are not counted here.
    pub by_status: BTreeMap<String, u64>,
    /// Resources by region.
    pub by_region: BTreeMap<String, u64>,
    /// Relationships with both ends known.
    pub total_relationships: u64,
    /// Relationships by kind.
    pub by_relationship: BTreeMap<String, u64>,
}

/// A read-only Cypher query.
#[derive(Debug, ToSchema)]
pub struct Query {
    /// Its text.
    #[schema(example = "MATCH (c:Resource:COMPUTE) WHERE c.provider = $provider RETURN c.name")]
    pub query: String,
    /// The values of its parameters.
    pub parameters: Option<Map<String, Value>>,
}

/// What a query found.
#[derive(Debug, ToSchema)]
pub struct QueryResults {
    /// The columns as written in RETURN, in that order.
    pub columns: Vec<String>,
    /// One object per row; its keys are the columns.
    pub results: Vec<Map<String, Value>>,
    /// The steps of the plan, after EXPLAIN or PROFILE on the embedded store.
    pub plan: Option<Value>,
    /// The plan for people.
    pub plan_text: Option<String>,
}
