//! What a snapshot would change.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::graph::{Claim, Graph, OutEdge, distinct};
use super::record::Record;
use super::strings::{Interner, Symbol};
use crate::model::{ChangeKind, ContentHash, Resource, Timestamp};
use crate::store::{HeldBack, ReconcileOptions, ReconcileReport, Snapshot};

/// One listing, its ids and scope turned into numbers.
#[derive(Debug)]
pub(super) struct Listing<'a> {
    pub(super) scope: u32,
    pub(super) complete: bool,
    /// By node; where an id came twice, its last facts.
    pub(super) resources: BTreeMap<u32, (&'a Resource, ContentHash)>,
    /// By source, sorted, each once.
    pub(super) edges: BTreeMap<u32, BTreeSet<(Symbol, u32)>>,
}

/// Everything that one reconcile changes.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) report: ReconcileReport,
    /// The claims that each changed node has from now on, the one to show first.
    pub(super) claims: BTreeMap<u32, Vec<Claim>>,
    /// What is seen to happen to resources; these are among `claims`.
    pub(super) changes: BTreeMap<u32, ChangeKind>,
    /// The relationships that each changed source has from now on, sorted.
    pub(super) edges: BTreeMap<u32, Vec<OutEdge>>,
    /// Each owner's relationship that came (`true`) or went.
    pub(super) edge_changes: Vec<(bool, u32, OutEdge)>,
    pub(super) completed: Vec<u32>,
}

impl Plan {
    /// Whether any resource, relationship or history is written.
    pub(super) fn changes_graph(&self) -> bool {
        !self.claims.is_empty() || !self.edges.is_empty()
    }

    /// The time from which a node's resource counts as discovered.
    pub(super) fn first(&self, graph: &Graph, number: u32, at: Timestamp) -> Timestamp {
        match self.changes.get(&number) {
            Some(ChangeKind::Created) => at,
            _ => graph.nodes[number as usize].first,
        }
    }
}

/// Turns ids, scopes and kinds into numbers, making those that are new.
pub(super) fn number<'a>(
    graph: &mut Graph,
    snapshot: &'a Snapshot,
    hashes: &[Vec<ContentHash>],
    interner: &mut Interner<'_>,
) -> Vec<Listing<'a>> {
    let mut listings = Vec::with_capacity(snapshot.scopes.len());
    for (listing, hashes) in snapshot.scopes.iter().zip(hashes) {
        let provider = interner.intern(listing.scope.provider.as_str());
        let scope = graph.find_or_make_scope(&listing.scope, provider);
        let numbered = listing.resources.iter().zip(hashes);
        let resources = numbered.map(|(resource, hash)| (graph.find_or_make(&resource.id), (resource, *hash))).collect();
        let mut edges: BTreeMap<u32, BTreeSet<_>> = BTreeMap::new();
        for edge in &listing.relationships {
            let (source, target) = (graph.find_or_make(&edge.source), graph.find_or_make(&edge.target));
            edges.entry(source).or_default().insert((interner.intern(edge.kind.as_str()), target));
        }
        listings.push(Listing { scope, complete: listing.complete, resources, edges });
    }
    listings
}

/// Compares the listings with the graph.
pub(super) fn plan(graph: &Graph, listings: &[Listing<'_>], options: &ReconcileOptions, interner: &mut Interner<'_>) -> Plan {
    let mut plan = Plan::default();
    for listing in listings {
        let held = hold_back(graph, listing, options);
        let removes = listing.complete && held.is_none();
        plan.report.held_back.extend(held);
        plan_claims(&mut plan, graph, listing, removes, interner);
        plan_edges(&mut plan, graph, listing, removes);
        if listing.complete {
            plan.completed.push(listing.scope);
        }
    }
    settle_claims(&mut plan, graph);
    count(&mut plan, graph, listings);
    plan
}

fn hold_back(graph: &Graph, listing: &Listing<'_>, options: &ReconcileOptions) -> Option<HeldBack> {
    if !listing.complete || options.accept_removals {
        return None;
    }
    let entry = &graph.scopes[listing.scope as usize];
    let owned = entry.nodes.len();
    let missing = entry.nodes.iter().filter(|node| !listing.resources.contains_key(node)).count() as u64;
    (!options.guard.allows(missing, owned)).then(|| HeldBack { scope: entry.scope.clone(), missing, owned })
}

fn plan_claims(plan: &mut Plan, graph: &Graph, listing: &Listing<'_>, removes: bool, interner: &mut Interner<'_>) {
    let scope = listing.scope;
    for (number, (resource, hash)) in &listing.resources {
        let shown = graph.node(*number).and_then(|node| node.shown.as_ref());
        if shown.is_some_and(|claim| claim.scope == scope && claim.record.hash == *hash) {
            continue;
        }
        let staged = plan.claims.get(number);
        let claims = staged.cloned().unwrap_or_else(|| graph.claims(*number));
        if claims.iter().any(|claim| claim.scope == scope && claim.record.hash == *hash) {
            continue;
        }
        let record = Arc::new(Record::pack(resource, *hash, interner));
        let others = claims.into_iter().filter(|claim| claim.scope != scope);
        plan.claims.insert(*number, others.chain([Claim { scope, record }]).collect());
    }
    if removes {
        let missing = |node: &u32| !listing.resources.contains_key(node);
        for number in graph.scopes[scope as usize].nodes.iter().filter(missing) {
            let claims = plan.claims.entry(number).or_insert_with(|| graph.claims(number));
            claims.retain(|claim| claim.scope != scope);
        }
    }
}

fn plan_edges(plan: &mut Plan, graph: &Graph, listing: &Listing<'_>, removes: bool) {
    let scope = listing.scope;
    let empty = BTreeSet::new();
    let mut sources: RoaringBitmap = listing.edges.keys().copied().collect();
    if removes {
        sources |= &graph.scopes[scope as usize].sources;
    }
    for source in sources {
        let wanted = listing.edges.get(&source).unwrap_or(&empty);
        let before = plan.edges.get(&source).unwrap_or(&graph.nodes[source as usize].out);
        let owned = |edge: &&OutEdge| edge.scope == scope;
        let goes = |edge: &&OutEdge| removes && owned(edge) && !wanted.contains(&(edge.kind, edge.target));
        let gone: Vec<_> = before.iter().filter(goes).copied().collect();
        let edge = |(kind, target): &(Symbol, u32)| OutEdge { kind: *kind, target: *target, scope };
        let came: Vec<_> = wanted.iter().map(edge).filter(|edge| before.binary_search(edge).is_err()).collect();
        if gone.is_empty() && came.is_empty() {
            continue;
        }
        let mut after: Vec<_> = before.iter().filter(|edge| !gone.contains(edge)).copied().chain(came.clone()).collect();
        after.sort_unstable();
        plan.edges.insert(source, after);
        plan.edge_changes.extend(gone.into_iter().map(|edge| (false, source, edge)));
        plan.edge_changes.extend(came.into_iter().map(|edge| (true, source, edge)));
    }
}

/// Puts the claim to show first, and tells what is seen to happen.
fn settle_claims(plan: &mut Plan, graph: &Graph) {
    // Ranking is rare (one owner is the rule), so scopes are not kept as text.
    let mut texts: HashMap<u32, String> = HashMap::new();
    for (number, claims) in &mut plan.claims {
        if claims.len() > 1 {
            for claim in claims.iter() {
                texts.entry(claim.scope).or_insert_with(|| graph.scopes[claim.scope as usize].scope.to_string());
            }
            claims.sort_by_key(|claim| (!graph.is_own_providers(claim), texts.get(&claim.scope).cloned()));
        }
        let before = graph.nodes[*number as usize].shown.as_ref().map(|claim| claim.record.hash);
        let kind = match (before, claims.first().map(|claim| claim.record.hash)) {
            (None, Some(_)) => ChangeKind::Created,
            (Some(_), None) => ChangeKind::Removed,
            (Some(before), Some(after)) if before != after => ChangeKind::Updated,
            _ => continue,
        };
        plan.changes.insert(*number, kind);
    }
}

fn count(plan: &mut Plan, graph: &Graph, listings: &[Listing<'_>]) {
    let listed: RoaringBitmap = listings.iter().flat_map(|listing| listing.resources.keys().copied()).collect();
    let count = |kind| plan.changes.values().filter(|change| **change == kind).count() as u64;
    plan.report.created = count(ChangeKind::Created);
    plan.report.updated = count(ChangeKind::Updated);
    plan.report.removed = count(ChangeKind::Removed);
    plan.report.unchanged = listed.iter().filter(|number| !plan.changes.contains_key(number)).count() as u64;
    for (source, after) in &plan.edges {
        let before: BTreeSet<_> = graph.nodes[*source as usize].outgoing().collect();
        let after: BTreeSet<_> = distinct(after).collect();
        plan.report.relationships_created += after.difference(&before).count() as u64;
        plan.report.relationships_removed += before.difference(&after).count() as u64;
    }
}
