//! A small graph for tests.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::graph::{Direction, NodeId, PropertyGraph, Relationship, Symbol};
use crate::limits::{Cancellation, Limits, TextLimits};
use crate::statement::{Answer, Statement};
use crate::value::Value;

type Properties = BTreeMap<Symbol, Value>;

/// Nodes and relationships as they were added. Looks at each for whatever is asked, unless it is `indexed`.
#[derive(Debug, Default)]
pub(crate) struct TestGraph {
    texts: Vec<Arc<str>>,
    nodes: Vec<(BTreeSet<Symbol>, Properties)>,
    relationships: Vec<(Relationship, Properties)>,
    adjacent: Vec<Vec<usize>>,
    /// Whether it finds nodes by their properties, and keeps counts.
    pub(crate) indexed: bool,
}

impl TestGraph {
    /// A graph that is written as `a:Label {id: 1}`... in a few lines of Rust: labels and an `id` for each node.
    pub(crate) fn new(nodes: &[(&[&str], i64)], relationships: &[(usize, &str, usize)]) -> Self {
        let mut graph = Self { indexed: true, ..Self::default() };
        for (labels, id) in nodes {
            let labels = labels.iter().map(|label| graph.intern(label)).collect();
            let key = graph.intern("id");
            graph.nodes.push((labels, BTreeMap::from([(key, Value::Integer(*id))])));
            graph.adjacent.push(Vec::new());
        }
        for (source, kind, target) in relationships {
            graph.relate(*source, kind, *target);
        }
        graph
    }

    pub(crate) fn set(&mut self, node: usize, key: &str, value: impl Into<Value>) {
        let key = self.intern(key);
        self.nodes[node].1.insert(key, value.into());
    }

    fn relate(&mut self, source: usize, kind: &str, target: usize) {
        let kind = self.intern(kind);
        let [source, target] = [source, target].map(|place| NodeId(u32::try_from(place).unwrap()));
        let alike = |(other, _): &&(Relationship, Properties)| (other.source, other.target, other.kind) == (source, target, kind);
        let ordinal = u32::try_from(self.relationships.iter().filter(alike).count()).unwrap();
        let place = self.relationships.len();
        let weight = self.intern("weight");
        let properties = BTreeMap::from([(weight, Value::Integer(i64::try_from(place).unwrap()))]);
        self.relationships.push((Relationship { source, target, kind, ordinal }, properties));
        self.adjacent[source.0 as usize].push(place);
        if source != target {
            self.adjacent[target.0 as usize].push(place);
        }
    }

    fn intern(&mut self, text: &str) -> Symbol {
        let known = self.symbol(text);
        known.unwrap_or_else(|| {
            self.texts.push(text.into());
            Symbol(u32::try_from(self.texts.len()).unwrap() - 1)
        })
    }

    fn with(&self, label: Symbol) -> impl Iterator<Item = NodeId> + '_ {
        self.nodes().filter(move |node| self.has_label(*node, label))
    }

    /// Asks a question that is answered.
    pub(crate) fn ask(&self, text: &str) -> Answer {
        self.ask_with(text, &[]).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    pub(crate) fn ask_with(&self, text: &str, parameters: &[(&str, Value)]) -> crate::Result<Answer> {
        let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let statement = Statement::parse(text, &TextLimits::default())?;
        statement.run(self, &parameters, Limits::default(), &Cancellation::default())
    }

    /// The rows of an answer as texts, as JSON writes them.
    pub(crate) fn rows(&self, text: &str) -> Vec<String> {
        self.shown(&self.ask(text))
    }

    pub(crate) fn shown(&self, answer: &Answer) -> Vec<String> {
        let row = |row: &Vec<Value>| row.iter().map(|value| value.to_json(self).to_string()).collect::<Vec<_>>().join(" ");
        answer.rows.iter().map(row).collect()
    }

    /// The same, sorted.
    pub(crate) fn sorted(&self, text: &str) -> Vec<String> {
        let mut rows = self.rows(text);
        rows.sort();
        rows
    }
}

impl PropertyGraph for TestGraph {
    fn symbol(&self, text: &str) -> Option<Symbol> {
        self.texts.iter().position(|known| &**known == text).map(|place| Symbol(u32::try_from(place).unwrap()))
    }

    fn text(&self, symbol: Symbol) -> Arc<str> {
        Arc::clone(&self.texts[symbol.0 as usize])
    }

    fn node_count(&self) -> u64 {
        self.nodes.len() as u64
    }

    fn nodes(&self) -> Box<dyn Iterator<Item = NodeId> + '_> {
        Box::new((0..self.nodes.len()).map(|place| NodeId(u32::try_from(place).unwrap())))
    }

    fn label_count(&self, label: Symbol) -> u64 {
        self.with(label).count() as u64
    }

    fn labelled(&self, label: Symbol) -> Box<dyn Iterator<Item = NodeId> + '_> {
        Box::new(self.with(label))
    }

    fn seek_count(&self, key: Symbol, value: &Value) -> Option<u64> {
        self.indexed.then(|| self.seek(key, value).count() as u64)
    }

    fn seek(&self, key: Symbol, value: &Value) -> Box<dyn Iterator<Item = NodeId> + '_> {
        let value = value.clone();
        Box::new(self.nodes().filter(move |node| self.property(*node, key).equals(&value) == Some(true)))
    }

    fn counts(&self, labels: &[Symbol], key: Symbol) -> Option<Vec<(Value, u64)>> {
        let mut counts: Vec<(Value, u64)> = Vec::new();
        for node in self.nodes().filter(|node| labels.iter().all(|label| self.has_label(*node, *label))) {
            let value = self.property(node, key);
            match counts.iter_mut().find(|(known, _)| crate::value::group::same(known, &value)) {
                Some((_, count)) => *count += 1,
                None => counts.push((value, 1)),
            }
        }
        self.indexed.then_some(counts)
    }

    fn relationship_count(&self, kind: Option<Symbol>) -> Option<u64> {
        let meant = |relationship: &Relationship| kind.is_none_or(|kind| kind == relationship.kind);
        self.indexed.then(|| self.relationships.iter().filter(|(relationship, _)| meant(relationship)).count() as u64)
    }

    fn has_label(&self, node: NodeId, label: Symbol) -> bool {
        self.nodes[node.0 as usize].0.contains(&label)
    }

    fn labels(&self, node: NodeId) -> Vec<Symbol> {
        self.nodes[node.0 as usize].0.iter().copied().collect()
    }

    fn property(&self, node: NodeId, key: Symbol) -> Value {
        self.nodes[node.0 as usize].1.get(&key).cloned().unwrap_or_default()
    }

    fn properties(&self, node: NodeId) -> BTreeMap<Arc<str>, Value> {
        self.nodes[node.0 as usize].1.iter().map(|(key, value)| (self.text(*key), value.clone())).collect()
    }

    fn relationships(
        &self,
        node: NodeId,
        direction: Direction,
        kinds: &[Symbol],
        visit: &mut dyn FnMut(Relationship) -> ControlFlow<()>,
    ) {
        for place in &self.adjacent[node.0 as usize] {
            let relationship = self.relationships[*place].0;
            let leads = match direction {
                Direction::Outgoing => relationship.source == node,
                Direction::Incoming => relationship.target == node,
                Direction::Both => true,
            };
            if leads && (kinds.is_empty() || kinds.contains(&relationship.kind)) && visit(relationship).is_break() {
                return;
            }
        }
    }

    fn relationship_property(&self, relationship: Relationship, key: Symbol) -> Value {
        let found = self.relationships.iter().find(|(other, _)| *other == relationship);
        found.and_then(|(_, properties)| properties.get(&key)).cloned().unwrap_or_default()
    }
}
