//! What is there now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use redb::WriteTransaction;
use roaring::RoaringBitmap;

use crate::error::Result;
use crate::model::{Relationship, Resource, Scope, Timestamp};
use crate::store::ScopeState;
use crate::store::embedded::commit::{Written, write_strings};
use crate::store::embedded::file::{EDGES, NODES, SCOPES, edges_row, failed, node_row};
use crate::store::embedded::graph::{Claim, Graph, OutEdge};
use crate::store::embedded::record::Record;
use crate::store::embedded::strings::{Interner, SharedStrings};

/// The graph that will be read from, as its records come.
pub(super) struct Present<'a> {
    graph: Graph,
    pub(super) interner: Interner<'a>,
    /// Of each resource: its number, its creation and its claims, the shown one first.
    claims: Vec<(u32, Timestamp, Vec<Claim>)>,
    edges: BTreeMap<u32, BTreeSet<OutEdge>>,
}

impl<'a> Present<'a> {
    pub(super) fn new(empty: Graph, strings: &'a SharedStrings) -> Self {
        Self { graph: empty, interner: Interner::new(strings), claims: Vec::new(), edges: BTreeMap::new() }
    }

    pub(super) fn scope_number(&mut self, scope: &Scope) -> u32 {
        let provider = self.interner.intern(scope.provider.as_str());
        self.graph.find_or_make_scope(scope, provider)
    }

    pub(super) fn scope(&mut self, state: &ScopeState) {
        let number = self.scope_number(&state.scope);
        self.graph.scopes[number as usize].completed = state.completed_at;
    }

    /// A resource as it is stored, with its creation.
    pub(super) fn packed(&mut self, resource: &Resource) -> (Timestamp, Record) {
        let hash = resource.content_hash.unwrap_or_else(|| resource.hash());
        (resource.first_discovered.unwrap_or_default(), Record::pack(resource, hash, &mut self.interner))
    }

    pub(super) fn resource(&mut self, scope: &Scope, resource: &Resource) {
        let number = self.graph.find_or_make(&resource.id);
        let (first, record) = self.packed(resource);
        let claim = Claim { scope: self.scope_number(scope), record: Arc::new(record) };
        match self.claims.last_mut().filter(|(last, ..)| *last == number) {
            Some((.., claims)) => claims.push(claim),
            None => self.claims.push((number, first, vec![claim])),
        }
    }

    pub(super) fn relationship(&mut self, scope: &Scope, relationship: &Relationship) {
        let (source, target) = (self.graph.find_or_make(&relationship.source), self.graph.find_or_make(&relationship.target));
        let kind = self.interner.intern(relationship.kind.as_str());
        let edge = OutEdge { kind, target, scope: self.scope_number(scope) };
        self.edges.entry(source).or_default().insert(edge);
    }

    /// Writes it all to the file; gives the graph to read from, and how much of what only grows is in the file then.
    pub(super) fn write(
        self,
        writing: &WriteTransaction,
        strings: &SharedStrings,
        written: &Written,
    ) -> Result<(Graph, Written)> {
        let Self { mut graph, claims, edges, .. } = self;
        let nodes = write_nodes(writing, &graph, &claims, &edges).map_err(failed("import"))?;
        for (source, edges) in edges {
            graph.set_out(source, edges.into_iter().collect());
        }
        for (number, first, claims) in claims {
            graph.set_claims(number, claims, first);
        }
        graph.settle_order();
        let strings = strings.read();
        write_strings(writing, &strings, written.strings).map_err(failed("import"))?;
        write_scopes(writing, &graph).map_err(failed("import"))?;
        let written = Written { strings: strings.len(), scopes: graph.scopes.len(), nodes };
        Ok((graph, written))
    }
}

/// Writes resources, relationships and their unknown ends; gives the numbers of all.
fn write_nodes(
    writing: &WriteTransaction,
    graph: &Graph,
    claims: &[(u32, Timestamp, Vec<Claim>)],
    edges: &BTreeMap<u32, BTreeSet<OutEdge>>,
) -> Result<RoaringBitmap, redb::Error> {
    let known: RoaringBitmap = claims.iter().map(|(number, ..)| *number).collect();
    let targets = edges.values().flatten().map(|edge| edge.target);
    let ends: RoaringBitmap = edges.keys().copied().chain(targets).collect();
    let mut nodes = writing.open_table(NODES)?;
    for (number, first, claims) in claims {
        nodes.insert(number, node_row(graph.id(*number), *first, claims).as_slice())?;
    }
    for number in &ends - &known {
        nodes.insert(number, node_row(graph.id(number), Timestamp::default(), &[]).as_slice())?;
    }
    let mut table = writing.open_table(EDGES)?;
    for (source, edges) in edges {
        let edges: Vec<_> = edges.iter().copied().collect();
        table.insert(source, edges_row(&edges).as_slice())?;
    }
    Ok(known | ends)
}

fn write_scopes(writing: &WriteTransaction, graph: &Graph) -> Result<(), redb::Error> {
    let mut table = writing.open_table(SCOPES)?;
    for (number, entry) in (0..).zip(&graph.scopes) {
        table.insert(number, (entry.scope.to_string().as_str(), entry.completed.map(Timestamp::as_micros)))?;
    }
    Ok(())
}
