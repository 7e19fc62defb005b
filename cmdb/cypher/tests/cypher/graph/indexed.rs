//! A graph that finds nodes by their properties.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use dharmagraph_cypher::{Direction, NodeId, PropertyGraph, Relationship, Symbol, Value};

use super::{InMemoryGraph, Properties};

/// The same graph, which offers all that a graph may offer beyond what it must: an index of every property, counts of its values
/// and counts of relationships. Queries have the same answers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IndexedGraph<'a>(pub(crate) &'a InMemoryGraph);

/// Equality of texts, integers and truth values, and of integers with other numbers.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::String(left), Value::String(right)) => left == right,
        (Value::Boolean(left), Value::Boolean(right)) => left == right,
        (Value::Integer(left), Value::Integer(right)) => left == right,
        #[expect(clippy::cast_precision_loss, reason = "integers that floating point numbers hold exactly")]
        (Value::Integer(integer), Value::Float(float)) if integer.abs() < 1 << 52 => *integer as f64 == *float,
        (Value::Float(_), Value::Integer(_)) => equal(right, left),
        _ => false,
    }
}

impl PropertyGraph for IndexedGraph<'_> {
    fn seek_count(&self, key: Symbol, value: &Value) -> Option<u64> {
        let indexed = match value {
            Value::String(_) | Value::Boolean(_) => true,
            Value::Integer(integer) => integer.abs() < 1 << 52,
            _ => false,
        };
        indexed.then(|| self.seek(key, value).count() as u64)
    }

    fn seek(&self, key: Symbol, value: &Value) -> Box<dyn Iterator<Item = NodeId> + '_> {
        let value = value.clone();
        Box::new(self.nodes().filter(move |node| equal(&self.property(*node, key), &value)))
    }

    fn counts(&self, labels: &[Symbol], key: Symbol) -> Option<Vec<(Value, u64)>> {
        let mut texts = BTreeMap::<_, u64>::new();
        for node in self.nodes().filter(|node| labels.iter().all(|label| self.has_label(*node, *label))) {
            let text = match self.property(node, key) {
                Value::Null => None,
                Value::String(text) => Some(text),
                _ => return None,
            };
            *texts.entry(text).or_default() += 1;
        }
        Some(texts.into_iter().map(|(text, count)| (text.map_or(Value::Null, Value::String), count)).collect())
    }

    fn relationship_count(&self, kind: Option<Symbol>) -> Option<u64> {
        let mut count = 0;
        for node in self.nodes() {
            self.relationships(node, Direction::Outgoing, kind.as_slice(), &mut |_| {
                count += 1;
                ControlFlow::Continue(())
            });
        }
        Some(count)
    }

    fn symbol(&self, text: &str) -> Option<Symbol> {
        self.0.symbol(text)
    }

    fn text(&self, symbol: Symbol) -> Arc<str> {
        self.0.text(symbol)
    }

    fn node_count(&self) -> u64 {
        self.0.node_count()
    }

    fn nodes(&self) -> Box<dyn Iterator<Item = NodeId> + '_> {
        self.0.nodes()
    }

    fn label_count(&self, label: Symbol) -> u64 {
        self.0.label_count(label)
    }

    fn labelled(&self, label: Symbol) -> Box<dyn Iterator<Item = NodeId> + '_> {
        self.0.labelled(label)
    }

    fn has_label(&self, node: NodeId, label: Symbol) -> bool {
        self.0.has_label(node, label)
    }

    fn labels(&self, node: NodeId) -> Vec<Symbol> {
        self.0.labels(node)
    }

    fn property(&self, node: NodeId, key: Symbol) -> Value {
        self.0.property(node, key)
    }

    fn properties(&self, node: NodeId) -> Properties {
        self.0.properties(node)
    }

    fn relationships(
        &self,
        node: NodeId,
        direction: Direction,
        kinds: &[Symbol],
        visit: &mut dyn FnMut(Relationship) -> ControlFlow<()>,
    ) {
        self.0.relationships(node, direction, kinds, visit);
    }

    fn relationship_property(&self, relationship: Relationship, key: Symbol) -> Value {
        self.0.relationship_property(relationship, key)
    }

    fn relationship_properties(&self, relationship: Relationship) -> Properties {
        self.0.relationship_properties(relationship)
    }
}
