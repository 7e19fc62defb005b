//! The graph in memory as the executor asks it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use dharmagraph_cypher::{Direction, NodeId, PropertyGraph, Relationship, Symbol, Value};
use roaring::RoaringBitmap;

use super::super::graph::{Graph, Node};
use super::super::postings::Field;
use super::super::record::Record;
use super::super::strings::{self, Strings};
use super::property::{self, Fixed, Key, RESOURCE};

/// The resources that are there, and the relationships between them.
#[derive(Debug, Clone, Copy)]
pub(super) struct QueriedGraph<'a> {
    graph: &'a Graph,
    strings: &'a Strings,
}

impl<'a> QueriedGraph<'a> {
    pub(super) const fn new(graph: &'a Graph, strings: &'a Strings) -> Self {
        Self { graph, strings }
    }

    fn record(&self, node: NodeId) -> Option<(&'a Node, &'a Record)> {
        let node = self.graph.node(node.0)?;
        Some((node, &node.shown.as_ref()?.record))
    }

    fn bitmap(&self, field: Field, text: &str) -> Option<&'a RoaringBitmap> {
        self.graph.postings.nodes(field, self.strings.symbol(text)?)
    }

    /// The bitmap of a type's label.
    fn of_type(&self, label: Symbol) -> Option<&'a RoaringBitmap> {
        self.graph.postings.nodes(Field::ResourceType, strings::Symbol(label.0))
    }

    /// The few resources that an id or a name stands for.
    fn called(&self, key: Key, text: &str) -> Option<Vec<u32>> {
        match key {
            Key::Fixed(Fixed::Id) => {
                Some(self.graph.find(text).filter(|number| self.graph.is_present(*number)).into_iter().collect())
            }
            Key::Fixed(Fixed::Name) => {
                let mut named = self.graph.named(text);
                named.retain(|number| {
                    self.record(NodeId(*number)).is_some_and(|(_, record)| record.name.as_deref() == Some(text))
                });
                Some(named)
            }
            _ => None,
        }
    }
}

fn numbers(bitmap: Option<&RoaringBitmap>) -> Box<dyn Iterator<Item = NodeId> + '_> {
    Box::new(bitmap.into_iter().flatten().map(NodeId))
}

impl PropertyGraph for QueriedGraph<'_> {
    fn symbol(&self, text: &str) -> Option<Symbol> {
        property::symbol(text, self.strings)
    }

    fn text(&self, symbol: Symbol) -> Arc<str> {
        property::text(symbol, self.strings)
    }

    fn node_count(&self) -> u64 {
        self.graph.order.sorted().len() as u64
    }

    fn nodes(&self) -> Box<dyn Iterator<Item = NodeId> + '_> {
        Box::new(self.graph.order.sorted().iter().copied().map(NodeId))
    }

    fn label_count(&self, label: Symbol) -> u64 {
        if label == RESOURCE { self.node_count() } else { self.of_type(label).map_or(0, RoaringBitmap::len) }
    }

    fn labelled(&self, label: Symbol) -> Box<dyn Iterator<Item = NodeId> + '_> {
        if label == RESOURCE { self.nodes() } else { numbers(self.of_type(label)) }
    }

    fn seek_count(&self, key: Symbol, value: &Value) -> Option<u64> {
        let key = Key::of(key);
        if key.field().is_none() && !matches!(key, Key::Fixed(Fixed::Id | Fixed::Name)) {
            return None;
        }
        let Value::String(text) = value else { return Some(0) };
        match key.field() {
            Some(field) => Some(self.bitmap(field, text).map_or(0, RoaringBitmap::len)),
            None => self.called(key, text).map(|found| found.len() as u64),
        }
    }

    fn seek(&self, key: Symbol, value: &Value) -> Box<dyn Iterator<Item = NodeId> + '_> {
        let (key, Value::String(text)) = (Key::of(key), value) else { return Box::new(std::iter::empty()) };
        match key.field() {
            Some(field) => numbers(self.bitmap(field, text)),
            None => Box::new(self.called(key, text).unwrap_or_default().into_iter().map(NodeId)),
        }
    }

    fn counts(&self, labels: &[Symbol], key: Symbol) -> Option<Vec<(Value, u64)>> {
        let field = Key::of(key).field()?;
        let mut types = labels.iter().filter(|label| **label != RESOURCE);
        let (only, more) = (types.next(), types.next());
        if more.is_some() {
            return None;
        }
        let total = only.map_or_else(|| self.node_count(), |label| self.label_count(*label));
        let within = only.map(|label| self.of_type(*label));
        let mut counts: Vec<_> = Vec::new();
        let mut counted = 0;
        for (value, nodes) in self.graph.postings.values_of(field) {
            let count = match within {
                None => nodes.len(),
                Some(within) => within.map_or(0, |within| within.intersection_len(nodes)),
            };
            if count > 0 {
                counts.push((Value::String(self.strings.shared(value)), count));
                counted += count;
            }
        }
        if total > counted {
            counts.push((Value::Null, total - counted));
        }
        Some(counts)
    }

    fn relationship_count(&self, kind: Option<Symbol>) -> Option<u64> {
        let counts = &self.graph.edge_counts;
        Some(match kind {
            None => counts.values().sum(),
            Some(kind) => counts.get(&strings::Symbol(kind.0)).copied().unwrap_or(0),
        })
    }

    fn has_label(&self, node: NodeId, label: Symbol) -> bool {
        label == RESOURCE || self.record(node).is_some_and(|(_, record)| record.resource_type.0 == label.0)
    }

    fn labels(&self, node: NodeId) -> Vec<Symbol> {
        let own = self.record(node).map(|(_, record)| Symbol(record.resource_type.0));
        [RESOURCE].into_iter().chain(own).collect()
    }

    fn property(&self, node: NodeId, key: Symbol) -> Value {
        self.record(node).map_or(Value::Null, |(node, record)| property::property(node, record, Key::of(key), self.strings))
    }

    fn properties(&self, node: NodeId) -> BTreeMap<Arc<str>, Value> {
        self.record(node).map(|(node, record)| property::properties(node, record, self.strings)).unwrap_or_default()
    }

    fn relationships(
        &self,
        node: NodeId,
        direction: Direction,
        kinds: &[Symbol],
        visit: &mut dyn FnMut(Relationship) -> ControlFlow<()>,
    ) {
        let Some(here) = self.graph.node(node.0) else { return };
        let asked = |kind: strings::Symbol| kinds.is_empty() || kinds.contains(&Symbol(kind.0));
        let mut tell = |source: u32, kind: strings::Symbol, target: u32| {
            let (source, target) = (NodeId(source), NodeId(target));
            visit(Relationship { source, target, kind: Symbol(kind.0), ordinal: 0 })
        };
        if direction != Direction::Incoming {
            for (kind, target) in here.outgoing() {
                if asked(kind) && self.graph.is_present(target) && tell(node.0, kind, target).is_break() {
                    return;
                }
            }
        }
        if direction != Direction::Outgoing {
            for edge in &here.incoming {
                let again = direction == Direction::Both && edge.source == node.0;
                if !again
                    && asked(edge.kind)
                    && self.graph.is_present(edge.source)
                    && tell(edge.source, edge.kind, node.0).is_break()
                {
                    return;
                }
            }
        }
    }

    fn identity(&self, node: NodeId) -> Value {
        self.graph.node(node.0).map_or(Value::Null, |node| Value::String(node.id.shared()))
    }
}
