//! What to ask a store for, and its answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Direction, Provider, Relationship, RelationshipKind, Resource, ResourceId, ResourceSummary, ResourceType, Status, Timestamp,
};

/// Which resources to list; all conditions hold together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Where it lives.
    pub provider: Option<Provider>,
    /// What it is.
    pub resource_type: Option<ResourceType>,
    /// What its provider calls its type.
    pub native_type: Option<String>,
    /// Its state.
    pub status: Option<Status>,
    /// Its region.
    pub region: Option<String>,
    /// Its account.
    pub account: Option<String>,
    /// Its exact name.
    pub name: Option<String>,
    /// Tags that it has with exactly these values.
    pub tags: BTreeMap<String, String>,
    /// Text that its id, name, ARN or a tag's value holds; letter case does not count.
    pub text: Option<String>,
}

/// Where a page begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PageStart {
    /// At the first item.
    #[default]
    First,
    /// After so many items.
    Offset(u64),
    /// After the last item of the page whose [`next_cursor`](ResourcePage::next_cursor) this is.
    Cursor(String),
}

/// Which part of a list to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// At most so many items; stores take 1 to 1000.
    pub limit: usize,
    /// Where to begin.
    pub start: PageStart,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { limit: 50, start: PageStart::First }
    }
}

/// A part of a list of resources, ordered by id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ResourcePage {
    /// Items, ordered by id.
    pub resources: Vec<Resource>,
    /// How many resources fit the filter, on all pages.
    pub total: u64,
    /// Cursor of the next page; nothing on the last one.
    pub next_cursor: Option<String>,
}

/// How far to walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traversal {
    /// How many relationships away from the root, 0 to 10.
    pub depth: u32,
    /// Which way.
    pub direction: Direction,
    /// Only along these kinds; along all of them where empty.
    pub kinds: Vec<RelationshipKind>,
    /// Stop at so many nodes, the root among them.
    pub max_nodes: usize,
}

impl Default for Traversal {
    fn default() -> Self {
        Self { depth: 3, direction: Direction::Both, kinds: Vec::new(), max_nodes: 5000 }
    }
}

/// The graph around a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subgraph {
    /// Where the walk began.
    pub root_id: ResourceId,
    /// How far it was to go.
    pub depth: u32,
    /// Resources met, ordered by id.
    pub nodes: Vec<ResourceSummary>,
    /// Every relationship of the asked kinds that has both ends among the nodes, ordered.
    pub relationships: Vec<Relationship>,
    /// Whether `max_nodes` cut the walk.
    pub truncated: bool,
}

/// How far a failure is followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImpactRequest {
    /// How many relationships away from the resource, 0 to 10.
    pub depth: u32,
    /// Stop at so many impacted resources.
    pub max_nodes: usize,
}

impl Default for ImpactRequest {
    fn default() -> Self {
        Self { depth: 10, max_nodes: 5000 }
    }
}

/// Who would feel it if a resource failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// The resource that fails.
    pub resource_id: ResourceId,
    /// Who feels it, nearest first, then by id.
    pub impacted: Vec<Impacted>,
    /// Whether `max_nodes` cut the walk.
    pub truncated: bool,
}

/// One resource that feels a failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impacted {
    /// Which one.
    #[serde(flatten)]
    pub resource: ResourceSummary,
    /// Relationships between it and the resource that fails.
    pub distance: u32,
    /// The kinds of the relationships on one shortest way, from the failing resource on.
    pub via: Vec<RelationshipKind>,
}

/// Counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Relationships with both ends known, by kind.
    pub by_relationship: BTreeMap<String, u64>,
}

/// When to look at the graph: now, or as it was.
pub type AsOf = Option<Timestamp>;
