//! Values.

mod comparison;
mod conversion;
mod description;
mod equality;
pub(crate) mod group;
mod json;
mod nesting;
mod number;
pub(crate) mod order;
mod size;
#[cfg(test)]
pub(crate) mod testing;
mod text;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use comparison::Comparison;
pub(crate) use group::Key;
pub(crate) use nesting::check_items;
pub(crate) use number::truncate as truncate_float;
pub(crate) use text::float_text;

use crate::graph::{NodeId, Relationship};
use crate::temporal::Temporal;

/// A value of Cypher. Cheap to clone.
///
/// Lists and maps may lie inside each other [`Value::NESTING`] deep. Queries refuse to build deeper ones and
/// [`Value::from_json`] to read them; a program that puts such values together itself must keep to it too, as the work on
/// values is recursive.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum Value {
    /// Not known, or not there.
    #[default]
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A floating point number.
    Float(f64),
    /// A text.
    String(Arc<str>),
    /// A list, of anything.
    List(Arc<Vec<Self>>),
    /// Values by key.
    Map(Arc<BTreeMap<Arc<str>, Self>>),
    /// A date, time or duration.
    Temporal(Arc<Temporal>),
    /// A node of the graph that is asked.
    Node(NodeId),
    /// A relationship of the graph that is asked.
    Relationship(Relationship),
    /// A way through the graph that is asked.
    Path(Arc<Path>),
}

impl Value {
    /// How deep lists and maps may lie inside each other. Readers of JSON commonly stop at 128; an answer needs a few levels
    /// around its values.
    pub const NESTING: usize = 100;

    /// Whether this is [`Value::Null`].
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

/// A way through a graph: one relationship less than nodes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Path {
    /// Nodes, from the first to the last.
    pub nodes: Vec<NodeId>,
    /// The relationship behind each node but the last, whichever way it points.
    pub relationships: Vec<Relationship>,
}
