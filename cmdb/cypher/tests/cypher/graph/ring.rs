//! A graph that costs no memory.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use dharmagraph_cypher::{Direction, NodeId, PropertyGraph, Relationship, Symbol, Value};

/// Nodes in a ring without labels and properties. Each has a relationship `NEXT` to each of the `reach` nodes behind it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RingGraph {
    pub(crate) nodes: u32,
    pub(crate) reach: u32,
}

const NEXT: Symbol = Symbol(0);

impl PropertyGraph for RingGraph {
    fn symbol(&self, text: &str) -> Option<Symbol> {
        (text == "NEXT").then_some(NEXT)
    }

    fn text(&self, _symbol: Symbol) -> Arc<str> {
        Arc::from("NEXT")
    }

    fn node_count(&self) -> u64 {
        self.nodes.into()
    }

    fn nodes(&self) -> Box<dyn Iterator<Item = NodeId> + '_> {
        Box::new((0..self.nodes).map(NodeId))
    }

    fn label_count(&self, _label: Symbol) -> u64 {
        0
    }

    fn labelled(&self, _label: Symbol) -> Box<dyn Iterator<Item = NodeId> + '_> {
        Box::new(std::iter::empty())
    }

    fn has_label(&self, _node: NodeId, _label: Symbol) -> bool {
        false
    }

    fn labels(&self, _node: NodeId) -> Vec<Symbol> {
        Vec::new()
    }

    fn property(&self, _node: NodeId, _key: Symbol) -> Value {
        Value::Null
    }

    fn properties(&self, _node: NodeId) -> BTreeMap<Arc<str>, Value> {
        BTreeMap::new()
    }

    fn relationships(
        &self,
        node: NodeId,
        direction: Direction,
        kinds: &[Symbol],
        visit: &mut dyn FnMut(Relationship) -> ControlFlow<()>,
    ) {
        if !kinds.is_empty() && !kinds.contains(&NEXT) {
            return;
        }
        for distance in 1..=self.reach {
            let behind = NodeId((node.0 + distance) % self.nodes);
            let before = NodeId((node.0 + self.nodes - distance) % self.nodes);
            let relationship = |source, target| Relationship { source, target, kind: NEXT, ordinal: 0 };
            if direction != Direction::Incoming && visit(relationship(node, behind)).is_break() {
                return;
            }
            if direction != Direction::Outgoing && visit(relationship(before, node)).is_break() {
                return;
            }
        }
    }
}
