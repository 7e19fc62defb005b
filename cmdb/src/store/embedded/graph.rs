//! The graph in memory.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashTable};
use roaring::RoaringBitmap;

use super::order::Order;
use super::postings::Postings;
use super::record::Record;
use super::strings::Symbol;
use crate::model::{ResourceId, Scope, Timestamp};

/// What one scope says of a resource.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) scope: u32,
    pub(super) record: Arc<Record>,
}

/// A relationship at its source; one with several owners stands here once for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OutEdge {
    pub(super) kind: Symbol,
    pub(super) target: u32,
    pub(super) scope: u32,
}

/// A relationship at its target, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct InEdge {
    pub(super) kind: Symbol,
    pub(super) source: u32,
}

/// A resource, or the unknown end of a relationship.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) id: ResourceId,
    /// When the resource was created; means nothing while it is not there.
    pub(super) first: Timestamp,
    /// The claim whose facts count; `None` while no scope reports the resource.
    pub(super) shown: Option<Claim>,
    /// Sorted.
    pub(super) out: Vec<OutEdge>,
    pub(super) incoming: Vec<InEdge>,
}

impl Node {
    fn is_empty(&self) -> bool {
        self.shown.is_none() && self.out.is_empty() && self.incoming.is_empty()
    }

    /// Each relationship from here, once, however many scopes own it.
    pub(super) fn outgoing(&self) -> impl Iterator<Item = (Symbol, u32)> {
        distinct(&self.out)
    }
}

/// Each kind and target of sorted edges, once.
pub(super) fn distinct(edges: &[OutEdge]) -> impl Iterator<Item = (Symbol, u32)> {
    let mut last = None;
    edges.iter().filter_map(move |edge| {
        let this = (edge.kind, edge.target);
        (last.replace(this) != Some(this)).then_some(this)
    })
}

/// A scope, what it owns, and when it was last complete.
#[derive(Debug, Clone)]
pub(super) struct ScopeEntry {
    pub(super) scope: Scope,
    /// The scope's provider, to compare with a record's.
    provider: Symbol,
    pub(super) completed: Option<Timestamp>,
    /// Nodes on which it has a claim.
    pub(super) nodes: RoaringBitmap,
    /// Nodes from which it owns relationships.
    pub(super) sources: RoaringBitmap,
}

/// Nodes by number, with everything that finds them.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    /// Numbers of nodes that nothing holds any more.
    vacant: Vec<u32>,
    ids: HashTable<u32>,
    /// Names and ARNs: the hash of the text, and who has it.
    words: HashTable<(u64, u32)>,
    hasher: DefaultHashBuilder,
    pub(super) scopes: Vec<ScopeEntry>,
    scope_numbers: HashMap<Scope, u32>,
    /// Claims that are not shown, by node.
    others: HashMap<u32, Vec<Claim>>,
    pub(super) order: Order,
    pub(super) postings: Postings,
    /// Relationships with both ends present.
    pub(super) edge_counts: BTreeMap<Symbol, u64>,
    /// Relationships that went, by target, until [`Graph::settle`].
    gone: HashMap<u32, HashSet<InEdge>>,
    /// The metadata key whose value is another name of the resource.
    arn: Option<Symbol>,
}

impl Graph {
    pub(super) fn new(arn: Symbol) -> Self {
        Self { arn: Some(arn), ..Self::default() }
    }

    pub(super) fn node(&self, number: u32) -> Option<&Node> {
        self.nodes.get(number as usize)
    }

    pub(super) fn id(&self, number: u32) -> &ResourceId {
        &self.nodes[number as usize].id
    }

    pub(super) fn is_present(&self, number: u32) -> bool {
        self.node(number).is_some_and(|node| node.shown.is_some())
    }

    pub(super) fn find(&self, id: &str) -> Option<u32> {
        self.ids.find(self.hasher.hash_one(id), |node| self.id(*node).as_str() == id).copied()
    }

    /// The number of the node with this id, made where there is none.
    pub(super) fn find_or_make(&mut self, id: &ResourceId) -> u32 {
        if let Some(number) = self.find(id.as_str()) {
            return number;
        }
        let node = Node { id: id.clone(), first: Timestamp::default(), shown: None, out: Vec::new(), incoming: Vec::new() };
        let number = match self.vacant.pop() {
            Some(number) => {
                self.nodes[number as usize] = node;
                number
            }
            None => {
                self.nodes.push(node);
                u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX)
            }
        };
        self.index(number);
        number
    }

    /// Puts a node where the file says it is.
    pub(super) fn place(&mut self, number: u32, id: ResourceId, first: Timestamp) {
        let vacant =
            || Node { id: ResourceId::new(""), first: Timestamp::default(), shown: None, out: Vec::new(), incoming: Vec::new() };
        if self.nodes.len() <= number as usize {
            self.nodes.resize_with(number as usize + 1, vacant);
        }
        self.nodes[number as usize].id = id;
        self.nodes[number as usize].first = first;
    }

    /// Makes placed nodes findable, and the empty ones vacant.
    pub(super) fn index_placed(&mut self) {
        for number in 0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX) {
            if self.nodes[number as usize].is_empty() {
                self.vacant.push(number);
            } else {
                self.index(number);
            }
        }
    }

    fn index(&mut self, number: u32) {
        let Self { ids, nodes, hasher, .. } = self;
        let hash = |number: &u32| hasher.hash_one(nodes[*number as usize].id.as_str());
        ids.insert_unique(hash(&number), number, hash);
    }

    /// Forgets those of these nodes that nothing holds, and gives them.
    pub(super) fn release(&mut self, numbers: impl IntoIterator<Item = u32>) -> RoaringBitmap {
        let mut released = RoaringBitmap::new();
        for number in numbers {
            let Some(node) = self.node(number).filter(|node| node.is_empty()) else { continue };
            let hash = self.hasher.hash_one(node.id.as_str());
            if let Ok(entry) = self.ids.find_entry(hash, |other| *other == number) {
                entry.remove();
                self.vacant.push(number);
                released.insert(number);
            }
        }
        released
    }

    pub(super) fn scope_number(&self, scope: &Scope) -> Option<u32> {
        self.scope_numbers.get(scope).copied()
    }

    /// The number of a scope, made where there is none; `provider` is the symbol of its provider.
    pub(super) fn find_or_make_scope(&mut self, scope: &Scope, provider: Symbol) -> u32 {
        if let Some(number) = self.scope_number(scope) {
            return number;
        }
        let number = u32::try_from(self.scopes.len()).unwrap_or(u32::MAX);
        let (nodes, sources) = (RoaringBitmap::new(), RoaringBitmap::new());
        self.scopes.push(ScopeEntry { scope: scope.clone(), provider, completed: None, nodes, sources });
        self.scope_numbers.insert(scope.clone(), number);
        number
    }

    /// Whether a claim comes from the resource's own provider.
    pub(super) fn is_own_providers(&self, claim: &Claim) -> bool {
        self.scopes.get(claim.scope as usize).is_some_and(|entry| entry.provider == claim.record.provider)
    }

    /// What every owner says of a node, the shown claim first.
    pub(super) fn claims(&self, number: u32) -> Vec<Claim> {
        let shown = self.node(number).and_then(|node| node.shown.clone());
        let others = self.others.get(&number).into_iter().flatten().cloned();
        shown.into_iter().chain(others).collect()
    }

    /// When a scope that owns the node was last complete.
    pub(super) fn last_completed(&self, number: u32, shown: &Claim) -> Option<Timestamp> {
        let owners = std::iter::once(shown).chain(self.others.get(&number).into_iter().flatten());
        owners.filter_map(|claim| self.scopes.get(claim.scope as usize)?.completed).max()
    }

    /// Replaces a node's claims, the one to show first.
    pub(super) fn set_claims(&mut self, number: u32, claims: Vec<Claim>, first: Timestamp) {
        for claim in self.claims(number) {
            if let Some(entry) = self.scopes.get_mut(claim.scope as usize) {
                entry.nodes.remove(number);
            }
        }
        for claim in &claims {
            if let Some(entry) = self.scopes.get_mut(claim.scope as usize) {
                entry.nodes.insert(number);
            }
        }
        let mut claims = claims.into_iter();
        self.show(number, claims.next(), first);
        let others: Vec<_> = claims.collect();
        if others.is_empty() {
            self.others.remove(&number);
        } else {
            self.others.insert(number, others);
        }
    }

    /// Changes what is seen of a node, and every count and index with it.
    pub(super) fn show(&mut self, number: u32, claim: Option<Claim>, first: Timestamp) {
        let node = &mut self.nodes[number as usize];
        node.first = first;
        let before = std::mem::replace(&mut node.shown, claim.clone());
        match (&before, &claim) {
            (None, Some(_)) => self.order.add(number),
            (Some(_), None) => self.order.remove(number),
            _ => {}
        }
        if before.is_some() != claim.is_some() {
            self.count_edges_of(number, claim.is_some());
        }
        if let Some(claim) = before {
            self.postings.remove(number, &claim.record);
            self.forget_words(number, &claim.record);
        }
        if let Some(claim) = claim {
            self.postings.add(number, &claim.record);
            self.learn_words(number, &claim.record);
        }
    }

    fn count_edges_of(&mut self, number: u32, appears: bool) {
        let node = &self.nodes[number as usize];
        let there = |other: u32| other == number || self.is_present(other);
        let out = node.outgoing().filter(|(_, target)| there(*target)).map(|(kind, _)| kind);
        let incoming = node.incoming.iter().filter(|edge| edge.source != number && self.is_present(edge.source));
        let kinds: Vec<_> = out.chain(incoming.map(|edge| edge.kind)).collect();
        for kind in kinds {
            self.count_edge(kind, appears);
        }
    }

    fn count_edge(&mut self, kind: Symbol, appears: bool) {
        let count = self.edge_counts.entry(kind).or_default();
        *count = if appears { *count + 1 } else { count.saturating_sub(1) };
        if *count == 0 {
            self.edge_counts.remove(&kind);
        }
    }

    /// Replaces the relationships from a node; `edges` is sorted.
    pub(super) fn set_out(&mut self, source: u32, edges: Vec<OutEdge>) {
        for edge in &edges {
            if let Some(entry) = self.scopes.get_mut(edge.scope as usize) {
                entry.sources.insert(source);
            }
        }
        let before = std::mem::replace(&mut self.nodes[source as usize].out, edges.clone());
        for edge in &before {
            if !edges.iter().any(|other| other.scope == edge.scope)
                && let Some(entry) = self.scopes.get_mut(edge.scope as usize)
            {
                entry.sources.remove(source);
            }
        }
        let (old, new): (Vec<_>, Vec<_>) = (distinct(&before).collect(), distinct(&edges).collect());
        for (kind, target) in &old {
            if new.binary_search(&(*kind, *target)).is_err() {
                self.gone.entry(*target).or_default().insert(InEdge { kind: *kind, source });
                if self.is_present(source) && self.is_present(*target) {
                    self.count_edge(*kind, false);
                }
            }
        }
        for (kind, target) in new {
            if old.binary_search(&(kind, target)).is_err() {
                let edge = InEdge { kind, source };
                if !self.gone.get_mut(&target).is_some_and(|gone| gone.remove(&edge)) {
                    self.nodes[target as usize].incoming.push(edge);
                }
                if self.is_present(source) && self.is_present(target) {
                    self.count_edge(kind, true);
                }
            }
        }
    }

    /// Takes away the far ends of relationships that went: one pass over each target, however many went.
    pub(super) fn settle_edges(&mut self) {
        for (target, gone) in std::mem::take(&mut self.gone) {
            self.nodes[target as usize].incoming.retain(|edge| !gone.contains(edge));
        }
    }

    /// Brings the order up to date.
    pub(super) fn settle_order(&mut self) {
        let Self { order, nodes, .. } = self;
        order.settle(|node| &nodes[node as usize].id);
    }

    fn words_of(record: &Record, arn: Option<Symbol>) -> impl Iterator<Item = &str> {
        let arn = arn.and_then(|arn| super::facts::metadata_text(&record.facts, arn));
        record.name.as_deref().into_iter().chain(arn)
    }

    fn learn_words(&mut self, number: u32, record: &Record) {
        for word in Self::words_of(record, self.arn) {
            let hash = self.hasher.hash_one(word);
            self.words.insert_unique(hash, (hash, number), |(hash, _)| *hash);
        }
    }

    fn forget_words(&mut self, number: u32, record: &Record) {
        for word in Self::words_of(record, self.arn) {
            let hash = self.hasher.hash_one(word);
            if let Ok(entry) = self.words.find_entry(hash, |entry| *entry == (hash, number)) {
                entry.remove();
            }
        }
    }

    /// The present nodes whose name or ARN this is, by id.
    pub(super) fn named(&self, word: &str) -> Vec<u32> {
        let hash = self.hasher.hash_one(word);
        let has = |number: u32| {
            let record = &self.node(number)?.shown.as_ref()?.record;
            Self::words_of(record, self.arn).any(|other| other == word).then_some(number)
        };
        let mut found: Vec<_> = self.words.iter_hash(hash).filter_map(|(_, number)| has(*number)).collect();
        found.sort_unstable_by(|a, b| self.id(*a).cmp(self.id(*b)));
        found.dedup();
        found
    }
}
