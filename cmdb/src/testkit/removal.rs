//! What goes, and what does not.

use super::fixtures::{
    INSTANCE, VOLUME, first, get, id, ids, listing, machine, machines, named, not_found, ok, partial, scope, second, snapshot,
    tell, tie, volume,
};
use crate::model::{ChangeKind, Direction, RelationshipKind};
use crate::store::{GraphStore, HeldBack, ReconcileOptions, ReconcileReport, RemovalGuard};

/// What is missing goes only where the listing of its own scope is complete.
pub async fn only_complete_listings_remove(store: &dyn GraphStore) {
    tell(store, 1, vec![listing(scope(INSTANCE), machines(2), vec![]), listing(scope(VOLUME), vec![volume("vol-1")], vec![])])
        .await;
    let report = tell(store, 2, vec![partial(scope(INSTANCE), vec![machine("i-002")])]).await;
    assert_eq!(report, ReconcileReport { created: 1, ..ReconcileReport::default() });
    assert_eq!(ids(store).await, ["i-000", "i-001", "i-002", "vol-1"]);

    let report = tell(store, 3, vec![listing(scope(INSTANCE), vec![machine("i-001")], vec![])]).await;
    assert_eq!(report, ReconcileReport { unchanged: 1, removed: 2, ..ReconcileReport::default() });
    assert_eq!(ids(store).await, ["i-001", "vol-1"]);
    assert_eq!(ok(store.get(&id("i-000"), None).await), None);
    not_found(store.relationships(&id("i-000"), Direction::Both, &[], None).await);
}

/// A relationship goes with the listing that told of it, not with the listings of its ends.
pub async fn relationships_go_only_with_their_scope(store: &dyn GraphStore) {
    let attached = || tie("i-1", RelationshipKind::ATTACHED_TO, "vol-1");
    let machines = || listing(scope(INSTANCE), vec![machine("i-1")], vec![]);
    tell(store, 1, vec![machines(), listing(scope(VOLUME), vec![volume("vol-1")], vec![attached()])]).await;
    tell(store, 2, vec![machines()]).await;
    assert_eq!(ok(store.statistics(None).await).total_relationships, 1);
    tell(store, 3, vec![partial(scope(VOLUME), vec![volume("vol-1")])]).await;
    assert_eq!(ok(store.statistics(None).await).total_relationships, 1);
    let report = tell(store, 4, vec![listing(scope(VOLUME), vec![volume("vol-1")], vec![])]).await;
    assert_eq!(report, ReconcileReport { unchanged: 1, relationships_removed: 1, ..ReconcileReport::default() });
    assert_eq!(ok(store.statistics(None).await).total_relationships, 0);
}

/// A scope that would lose too much keeps it, relationships included; what came new is there, and the scope counts as
/// completed.
pub async fn a_removal_beyond_the_guard_is_held_back(store: &dyn GraphStore) {
    let runs = tie("i-000", RelationshipKind::DEPENDS_ON, "i-001");
    tell(store, 1, vec![listing(scope(INSTANCE), machines(39), vec![runs])]).await;
    let listed = [vec![named(machine("i-000"), "web"), machine("i-new")], machines(19).split_off(1)].concat();
    let report = tell(store, 2, vec![listing(scope(INSTANCE), listed, vec![])]).await;
    let held = HeldBack { scope: scope(INSTANCE), missing: 20, owned: 39 };
    let expected = ReconcileReport { created: 1, updated: 1, unchanged: 18, held_back: vec![held], ..ReconcileReport::default() };
    assert_eq!(report, expected);
    let counts = ok(store.statistics(None).await);
    assert_eq!((counts.total_resources, counts.total_relationships), (40, 1));
    assert_eq!(get(store, "i-038").await.last_discovered, Some(second(2)));
}

/// `accept_removals` lets through what the guard would hold back.
pub async fn accepted_removals_go(store: &dyn GraphStore) {
    tell(store, 1, vec![listing(scope(INSTANCE), machines(30), vec![])]).await;
    let nothing = || snapshot(2, vec![listing(scope(INSTANCE), vec![], vec![])]);
    let dry = ReconcileOptions { dry_run: true, ..ReconcileOptions::default() };
    assert_eq!(ok(store.reconcile(nothing(), &dry).await).held_back.len(), 1);
    let accept = ReconcileOptions { accept_removals: true, ..ReconcileOptions::default() };
    let report = ok(store.reconcile(nothing(), &accept).await);
    assert_eq!(report, ReconcileReport { removed: 30, ..ReconcileReport::default() });
    assert!(ids(store).await.is_empty());
}

/// The guard weighs each scope's loss against what that scope owned, with the share and minimum that the caller gives.
pub async fn the_guard_looks_at_each_scope_alone(store: &dyn GraphStore) {
    let volumes = vec![volume("vol-1"), volume("vol-2")];
    tell(store, 1, vec![listing(scope(INSTANCE), machines(4), vec![]), listing(scope(VOLUME), volumes, vec![])]).await;
    let strict = ReconcileOptions { guard: RemovalGuard { share: 0.5, minimum: 1 }, ..ReconcileOptions::default() };
    let half = listing(scope(INSTANCE), machines(2), vec![]);
    let report = ok(store.reconcile(snapshot(2, vec![half, listing(scope(VOLUME), vec![], vec![])]), &strict).await);
    assert_eq!(report.removed, 2);
    assert_eq!(report.held_back, [HeldBack { scope: scope(VOLUME), missing: 2, owned: 2 }]);
    assert_eq!(ids(store).await, ["i-000", "i-001", "vol-1", "vol-2"]);
}

/// A resource that was removed and is listed again is created again, and its history holds both lives.
pub async fn a_removed_resource_comes_back(store: &dyn GraphStore) {
    let there = || vec![listing(scope(INSTANCE), vec![machine("i-1")], vec![])];
    tell(store, 1, there()).await;
    assert_eq!(tell(store, 2, vec![listing(scope(INSTANCE), vec![], vec![])]).await.removed, 1);
    assert_eq!(tell(store, 3, there()).await.created, 1);
    assert_eq!(get(store, "i-1").await.first_discovered, Some(second(3)));
    let versions = ok(store.history(&id("i-1"), &first(10)).await).versions;
    let lives: Vec<_> = versions.iter().map(|version| (version.at, version.kind)).collect();
    let expected = [(second(3), ChangeKind::Created), (second(2), ChangeKind::Removed), (second(1), ChangeKind::Created)];
    assert_eq!(lives, expected);
    assert_eq!(versions[1].resource.first_discovered, Some(second(1)));
}
