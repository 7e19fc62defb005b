//! How resources are tied together.

use serde::{Deserialize, Serialize};

use super::{RelationshipKind, ResourceId, ResourceSummary};

/// A directed tie between two resources. Either end may be unknown to the store.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Relationship {
    /// From.
    pub source: ResourceId,
    /// Kind.
    #[serde(rename = "type")]
    pub kind: RelationshipKind,
    /// To.
    pub target: ResourceId,
}

impl Relationship {
    /// `source` -`kind`-> `target`.
    #[must_use]
    pub const fn new(source: ResourceId, kind: RelationshipKind, target: ResourceId) -> Self {
        Self { source, kind, target }
    }
}

/// Which way to follow relationships.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From target to source.
    Incoming,
    /// From source to target.
    Outgoing,
    /// Both ways.
    #[default]
    Both,
}

/// A relationship seen from one of its ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neighbor {
    /// Kind.
    #[serde(rename = "type")]
    pub kind: RelationshipKind,
    /// [`Direction::Outgoing`] where the resource that was asked for is the source, else [`Direction::Incoming`].
    pub direction: Direction,
    /// The other end.
    pub related_resource: ResourceSummary,
}
