//! Values.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::graph::{NodeId, Relationship};
use crate::temporal::Temporal;

/// A value of Cypher. Cheap to clone.
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
    List(Arc<Vec<Value>>),
    /// Values by key.
    Map(Arc<BTreeMap<Arc<str>, Value>>),
    /// A date, time or duration.
    Temporal(Arc<Temporal>),
    /// A node of the graph that is asked.
    Node(NodeId),
    /// A relationship of the graph that is asked.
    Relationship(Relationship),
    /// A way through the graph that is asked.
    Path(Arc<Path>),
}

/// A way through a graph: one relationship less than nodes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Path {
    /// Nodes, from the first to the last.
    pub nodes: Vec<NodeId>,
    /// The relationship behind each node but the last, whichever way it points.
    pub relationships: Vec<Relationship>,
}
