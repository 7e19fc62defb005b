//! Every promise of [`Discoverer`] that can be seen from outside.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt;

use super::fixtures::ok;
use crate::discover::{Calls, Discoverer, DiscoveryEvent};
use crate::error::Result;
use crate::model::{Scope, TaskId, Timestamp};
use crate::store::validate::check_snapshot;
use crate::store::{ScopeSnapshot, Snapshot};

/// Runs a discovery of every scope, and of one alone, and checks what comes; gives what the listing of each scope held,
/// or why it failed.
pub async fn check_discovery(discoverer: &dyn Discoverer) -> BTreeMap<Scope, Result<ScopeSnapshot>> {
    let scopes = ok(discoverer.scopes().await);
    for scope in &scopes {
        assert_eq!(scope.provider, discoverer.provider(), "a scope's provider is who is asked: {scope}");
    }
    assert_eq!(collect(discoverer, Vec::new()).await.len(), 0, "a discovery of nothing ends at once");
    if let Some(one) = scopes.first() {
        collect(discoverer, vec![one.clone()]).await;
    }
    collect(discoverer, scopes).await
}

/// Discovers these scopes and checks each event and each end.
async fn collect(discoverer: &dyn Discoverer, scopes: Vec<Scope>) -> BTreeMap<Scope, Result<ScopeSnapshot>> {
    let asked: BTreeSet<Scope> = scopes.iter().cloned().collect();
    assert_eq!(asked.len(), scopes.len(), "each scope stands in `scopes` once");
    let mut open: BTreeMap<Scope, ScopeSnapshot> = asked.into_iter().map(|scope| (scope.clone(), empty(scope))).collect();
    let mut ended = BTreeMap::new();
    let mut calls = Calls::default();
    let mut events = discoverer.discover(scopes);
    while let Some(event) = events.next().await {
        match event {
            DiscoveryEvent::Resource { scope, resource } => {
                let filled = [resource.first_discovered.is_some(), resource.last_discovered.is_some()];
                assert_eq!(filled, [false, false], "stores fill these in, not discoverers: {}", resource.id);
                assert!(resource.content_hash.is_none(), "stores hash, not discoverers: {}", resource.id);
                still_open(&mut open, &scope).resources.push(*resource);
            }
            DiscoveryEvent::Relationship { scope, relationship } => {
                still_open(&mut open, &scope).relationships.push(relationship);
            }
            DiscoveryEvent::Completed(scope) => {
                let mut listing = end(&mut open, &scope);
                listing.complete = true;
                ended.insert(scope, Ok(listing));
            }
            DiscoveryEvent::Failed { scope, error } => {
                end(&mut open, &scope);
                ended.insert(scope, Err(error));
            }
            DiscoveryEvent::Progress(now) => {
                assert!(now.api_calls >= calls.api_calls && now.retries >= calls.retries, "{now:?} after {calls:?}");
                calls = now;
            }
        }
    }
    assert!(open.is_empty(), "scopes that never ended: {:?}", open.keys().map(Scope::to_string).collect::<Vec<_>>());
    let scopes = ended.values().flatten().cloned().collect();
    ok(check_snapshot(&Snapshot { task_id: TaskId::new("check"), at: Timestamp::MIN, scopes }));
    ended
}

const fn empty(scope: Scope) -> ScopeSnapshot {
    ScopeSnapshot { scope, resources: Vec::new(), relationships: Vec::new(), complete: false }
}

fn still_open<'a>(open: &'a mut BTreeMap<Scope, ScopeSnapshot>, scope: &Scope) -> &'a mut ScopeSnapshot {
    match open.get_mut(scope) {
        Some(listing) => listing,
        None => panic!("an event for {scope}, which was not asked for or has ended"),
    }
}

fn end(open: &mut BTreeMap<Scope, ScopeSnapshot>, scope: &Scope) -> ScopeSnapshot {
    match open.remove(scope) {
        Some(listing) => listing,
        None => panic!("{scope} ended, but was not asked for or had ended"),
    }
}
