//! The graph that is asked.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::value::Value;

/// A node's number in its graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// The number of a label, relationship type or property key in its graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol(pub u32);

/// A relationship; two are the same when all of this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Relationship {
    /// Where it starts.
    pub source: NodeId,
    /// Where it ends.
    pub target: NodeId,
    /// Its type.
    pub kind: Symbol,
    /// Tells relationships of one type between the same nodes apart.
    pub ordinal: u32,
}

/// Which relationships of a node are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Those that start at it.
    Outgoing,
    /// Those that end at it.
    Incoming,
    /// All of them; one from a node to itself once.
    Both,
}

/// A property graph to ask questions of.
///
/// - What it answers does not change while a query runs.
/// - Every order of answers is the same at every call.
/// - A property that is not there is [`Value::Null`]; a stored property is never a node, relationship or path.
pub trait PropertyGraph {
    /// The symbol of a label, type or key; nothing where the graph has never met the text.
    fn symbol(&self, text: &str) -> Option<Symbol>;

    /// The text of a symbol that this graph gave.
    fn text(&self, symbol: Symbol) -> Arc<str>;

    /// How many nodes there are.
    fn node_count(&self) -> u64;

    /// Every node.
    fn nodes(&self) -> Box<dyn Iterator<Item = NodeId> + '_>;

    /// How many nodes have a label.
    fn label_count(&self, label: Symbol) -> u64;

    /// The nodes with a label.
    fn labelled(&self, label: Symbol) -> Box<dyn Iterator<Item = NodeId> + '_>;

    /// How many nodes a [`PropertyGraph::seek`] would give, at most; nothing where the graph cannot find nodes by this key
    /// faster than by looking at each.
    fn seek_count(&self, key: Symbol, value: &Value) -> Option<u64> {
        let _ = (key, value);
        None
    }

    /// The nodes whose property equals `value` in Cypher's sense; asked only where [`PropertyGraph::seek_count`] answered.
    fn seek(&self, key: Symbol, value: &Value) -> Box<dyn Iterator<Item = NodeId> + '_> {
        let _ = (key, value);
        Box::new(std::iter::empty())
    }

    /// How many nodes with all of `labels` have each value of a property, null among them, where the graph keeps that
    /// count; in any order.
    fn counts(&self, labels: &[Symbol], key: Symbol) -> Option<Vec<(Value, u64)>> {
        let _ = (labels, key);
        None
    }

    /// How many relationships of a type there are, where the graph keeps that count; `None` asks for all types.
    fn relationship_count(&self, kind: Option<Symbol>) -> Option<u64> {
        let _ = kind;
        None
    }

    /// Whether a node has a label.
    fn has_label(&self, node: NodeId, label: Symbol) -> bool;

    /// A node's labels.
    fn labels(&self, node: NodeId) -> Vec<Symbol>;

    /// A property of a node.
    fn property(&self, node: NodeId, key: Symbol) -> Value;

    /// All properties of a node.
    fn properties(&self, node: NodeId) -> BTreeMap<Arc<str>, Value>;

    /// Visits the relationships of a node, of these types only unless `kinds` is empty, until `visit` breaks.
    fn relationships(
        &self,
        node: NodeId,
        direction: Direction,
        kinds: &[Symbol],
        visit: &mut dyn FnMut(Relationship) -> ControlFlow<()>,
    );

    /// A property of a relationship.
    fn relationship_property(&self, relationship: Relationship, key: Symbol) -> Value {
        let _ = (relationship, key);
        Value::Null
    }

    /// All properties of a relationship.
    fn relationship_properties(&self, relationship: Relationship) -> BTreeMap<Arc<str>, Value> {
        let _ = relationship;
        BTreeMap::new()
    }

    /// What a node is called outside of the graph: `id` in answers, and its `elementId()`.
    fn identity(&self, node: NodeId) -> Value {
        Value::Integer(i64::from(node.0))
    }
}
