//! A graph that can be written.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::sync::Arc;

use dharmagraph_cypher::{Direction, NodeId, PropertyGraph, Relationship, Symbol, Value};

pub(crate) type Properties = BTreeMap<Arc<str>, Value>;

/// Nodes with any labels, and relationships with properties, any number of them between the same two nodes.
#[derive(Debug, Default)]
pub(crate) struct InMemoryGraph {
    symbols: HashMap<Arc<str>, Symbol>,
    texts: Vec<Arc<str>>,
    nodes: BTreeMap<NodeId, Node>,
    relationships: HashMap<Relationship, Properties>,
    created: u32,
}

#[derive(Debug, Default)]
struct Node {
    labels: Vec<Symbol>,
    properties: Properties,
    outgoing: Vec<Relationship>,
    incoming: Vec<Relationship>,
}

impl InMemoryGraph {
    pub(crate) fn create_node(&mut self, labels: &[&str], properties: Properties) -> NodeId {
        let id = NodeId(self.next_number());
        let mut node = Node { properties: self.stored(properties), ..Node::default() };
        for label in labels {
            let label = self.intern(label);
            if !node.labels.contains(&label) {
                node.labels.push(label);
            }
        }
        self.nodes.insert(id, node);
        id
    }

    pub(crate) fn create_relationship(
        &mut self,
        source: NodeId,
        target: NodeId,
        kind: &str,
        properties: Properties,
    ) -> Relationship {
        let relationship = Relationship { source, target, kind: self.intern(kind), ordinal: self.next_number() };
        let properties = self.stored(properties);
        self.relationships.insert(relationship, properties);
        self.nodes.get_mut(&source).unwrap().outgoing.push(relationship);
        self.nodes.get_mut(&target).unwrap().incoming.push(relationship);
        relationship
    }

    pub(crate) fn delete_relationship(&mut self, relationship: Relationship) {
        self.relationships.remove(&relationship);
        self.nodes.get_mut(&relationship.source).unwrap().outgoing.retain(|other| *other != relationship);
        self.nodes.get_mut(&relationship.target).unwrap().incoming.retain(|other| *other != relationship);
    }

    /// Without what is null: such a property is not there.
    fn stored(&mut self, mut properties: Properties) -> Properties {
        properties.retain(|_, value| !matches!(value, Value::Null));
        for key in properties.keys() {
            self.intern(key);
        }
        properties
    }

    fn next_number(&mut self) -> u32 {
        self.created += 1;
        self.created
    }

    fn intern(&mut self, text: &str) -> Symbol {
        if let Some(symbol) = self.symbols.get(text) {
            return *symbol;
        }
        let (symbol, text) = (Symbol(u32::try_from(self.texts.len()).unwrap()), Arc::from(text));
        self.texts.push(Arc::clone(&text));
        self.symbols.insert(text, symbol);
        symbol
    }
}

impl PropertyGraph for InMemoryGraph {
    fn symbol(&self, text: &str) -> Option<Symbol> {
        self.symbols.get(text).copied()
    }

    fn text(&self, symbol: Symbol) -> Arc<str> {
        Arc::clone(&self.texts[symbol.0 as usize])
    }

    fn node_count(&self) -> u64 {
        self.nodes.len() as u64
    }

    fn nodes(&self) -> Box<dyn Iterator<Item = NodeId> + '_> {
        Box::new(self.nodes.keys().copied())
    }

    fn label_count(&self, label: Symbol) -> u64 {
        self.labelled(label).count() as u64
    }

    fn labelled(&self, label: Symbol) -> Box<dyn Iterator<Item = NodeId> + '_> {
        Box::new(self.nodes.iter().filter(move |(_, node)| node.labels.contains(&label)).map(|(id, _)| *id))
    }

    fn has_label(&self, node: NodeId, label: Symbol) -> bool {
        self.nodes[&node].labels.contains(&label)
    }

    fn labels(&self, node: NodeId) -> Vec<Symbol> {
        self.nodes[&node].labels.clone()
    }

    fn property(&self, node: NodeId, key: Symbol) -> Value {
        self.nodes[&node].properties.get(&self.text(key)).cloned().unwrap_or_default()
    }

    fn properties(&self, node: NodeId) -> Properties {
        self.nodes[&node].properties.clone()
    }

    fn relationships(
        &self,
        node: NodeId,
        direction: Direction,
        kinds: &[Symbol],
        visit: &mut dyn FnMut(Relationship) -> ControlFlow<()>,
    ) {
        let Node { outgoing, incoming, .. } = &self.nodes[&node];
        let (outgoing, incoming) = match direction {
            Direction::Outgoing => (&outgoing[..], &[][..]),
            Direction::Incoming => (&[][..], &incoming[..]),
            Direction::Both => (&outgoing[..], &incoming[..]),
        };
        let seen = |relationship: &Relationship| direction == Direction::Both && relationship.source == relationship.target;
        let both = outgoing.iter().chain(incoming.iter().filter(|relationship| !seen(relationship)));
        for relationship in both.filter(|relationship| kinds.is_empty() || kinds.contains(&relationship.kind)) {
            if visit(*relationship).is_break() {
                return;
            }
        }
    }

    fn relationship_property(&self, relationship: Relationship, key: Symbol) -> Value {
        self.relationships[&relationship].get(&self.text(key)).cloned().unwrap_or_default()
    }

    fn relationship_properties(&self, relationship: Relationship) -> Properties {
        self.relationships[&relationship].clone()
    }
}
