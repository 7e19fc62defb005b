//! The vocabulary: what is discovered, kept and asked for.

mod content_hash;
mod history;
mod name;
mod query;
mod relationship;
mod resource;
mod scope;
mod timestamp;

pub use content_hash::ContentHash;
pub use history::{Change, ChangeFilter, ChangeKind, ChangePage, TaskId, Version, VersionPage};
pub use name::{Provider, RelationshipKind, ResourceType, Status, check_label};
pub use query::{
    AsOf, Filter, Impact, ImpactRequest, Impacted, PageRequest, PageStart, ResourcePage, Statistics, Subgraph, Traversal,
};
pub use relationship::{Direction, Neighbor, Relationship};
pub use resource::{Resource, ResourceId, ResourceSummary};
pub use scope::Scope;
pub use timestamp::Timestamp;
