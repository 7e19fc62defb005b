//! A graph of one node and one relationship, and a context to compute in.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::{Context, Row, Subqueries, evaluate};
use crate::error::{Error, Result};
use crate::graph::{Direction, NodeId, PropertyGraph, Relationship, Symbol};
use crate::limits::{Cancellation, Limits, Meter};
use crate::tree::{Expression, Name, Slot, SubqueryId};
use crate::value::Value;

/// Symbols of the graph, and at the same places the names of a query.
pub(crate) const NAMES: [&str; 4] = ["Resource", "DEPENDS_ON", "name", "never_met"];

/// The only node, `(:Resource {name: 'web'})`, which depends on itself.
pub(crate) const NODE: NodeId = NodeId(0);

/// The only relationship.
pub(crate) const RELATIONSHIP: Relationship = Relationship { source: NODE, target: NODE, kind: Symbol(1), ordinal: 0 };

struct Graph;

impl PropertyGraph for Graph {
    fn symbol(&self, text: &str) -> Option<Symbol> {
        (0..3).map(Symbol).find(|symbol| *self.text(*symbol) == *text)
    }

    fn text(&self, symbol: Symbol) -> Arc<str> {
        NAMES[symbol.0 as usize].into()
    }

    fn node_count(&self) -> u64 {
        1
    }

    fn nodes(&self) -> Box<dyn Iterator<Item = NodeId> + '_> {
        Box::new([NODE].into_iter())
    }

    fn label_count(&self, label: Symbol) -> u64 {
        self.labelled(label).count() as u64
    }

    fn labelled(&self, label: Symbol) -> Box<dyn Iterator<Item = NodeId> + '_> {
        Box::new(self.nodes().filter(move |node| self.has_label(*node, label)))
    }

    fn has_label(&self, _: NodeId, label: Symbol) -> bool {
        label == Symbol(0)
    }

    fn labels(&self, _: NodeId) -> Vec<Symbol> {
        vec![Symbol(0)]
    }

    fn property(&self, node: NodeId, key: Symbol) -> Value {
        self.properties(node).get(&self.text(key)).cloned().unwrap_or_default()
    }

    fn properties(&self, _: NodeId) -> BTreeMap<Arc<str>, Value> {
        BTreeMap::from([("name".into(), "web".into())])
    }

    fn relationships(&self, _: NodeId, _: Direction, kinds: &[Symbol], visit: &mut dyn FnMut(Relationship) -> ControlFlow<()>) {
        if kinds.is_empty() || kinds.contains(&RELATIONSHIP.kind) {
            let _ = visit(RELATIONSHIP);
        }
    }
}

struct NoSubqueries;

impl Subqueries for NoSubqueries {
    fn exists(&self, _: SubqueryId, _: &Row, _: &Context<'_>) -> Result<bool> {
        Err(Error::value("no subqueries here"))
    }

    fn count(&self, _: SubqueryId, _: &Row, _: &Context<'_>) -> Result<u64> {
        Err(Error::value("no subqueries here"))
    }

    fn collect(&self, _: SubqueryId, _: &Row, _: &Context<'_>) -> Result<Vec<Value>> {
        Err(Error::value("no subqueries here"))
    }
}

/// Runs `body` with a context over the graph, whose parameter `$list` is `[1, 2, null]`.
pub(crate) fn with_context<T>(body: impl FnOnce(&Context<'_>) -> T) -> T {
    let parameters = BTreeMap::from([("list".to_owned(), Value::from(vec![1.into(), 2.into(), Value::Null]))]);
    let meter = Meter::start(Limits::default(), Cancellation::default());
    body(&Context {
        graph: &Graph,
        parameters: &parameters,
        meter: &meter,
        subqueries: &NoSubqueries,
        symbols: NAMES.iter().map(|name| Graph.symbol(name)).collect(),
        now: jiff::Timestamp::UNIX_EPOCH,
        memberships: super::Memberships::default(),
        regexes: super::Regexes::default(),
        random: super::Random::default(),
    })
}

/// The value of an expression over a row that begins with the node, the relationship and null.
pub(crate) fn value_of(expression: &Expression) -> Result<Value> {
    let mut row = vec![NODE.into(), RELATIONSHIP.into(), Value::Null, Value::Null, Value::Null];
    with_context(|context| evaluate(expression, &mut row, context))
}

pub(crate) fn literal(value: impl Into<Value>) -> Expression {
    Expression::Literal(value.into())
}

pub(crate) fn slot(number: u32) -> Expression {
    Expression::Slot(Slot(number))
}

pub(crate) fn name(text: &str) -> Name {
    let index = NAMES.iter().position(|known| *known == text).unwrap();
    Name { text: text.into(), index: u32::try_from(index).unwrap() }
}

/// A value over the graph, as JSON.
pub(crate) fn json(value: &Value) -> String {
    value.to_json(&Graph).to_string()
}
