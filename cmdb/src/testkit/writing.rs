//! What `reconcile` writes, and what it refuses.

use serde_json::{Map, json};

use super::answers::{everything, exported};
use super::fixtures::{
    INSTANCE, VOLUME, get, id, ids, invalid, listing, machine, named, ok, partial, refused, scope, second, snapshot, tell, tie,
    volume,
};
use crate::error::Error;
use crate::model::{ChangeFilter, Provider, RelationshipKind, ResourceType, Status, Timestamp};
use crate::store::{ExportRecord, GraphStore, QueryLimits, ReconcileOptions, ReconcileReport, ScopeSnapshot};

/// The counts of a report tell what happened, and the store fills in its three fields.
pub async fn reconcile_reports_what_it_created_updated_and_found_unchanged(store: &dyn GraphStore) {
    let attached = tie("i-1", RelationshipKind::ATTACHED_TO, "vol-1");
    let report = tell(store, 1, vec![listing(scope(INSTANCE), vec![machine("i-1"), machine("i-2")], vec![attached])]).await;
    assert_eq!(report, ReconcileReport { created: 2, relationships_created: 1, ..ReconcileReport::default() });

    let mut stopped = machine("i-2");
    stopped.status = Some(Status::STOPPED);
    let now = vec![machine("i-1"), stopped.clone(), machine("i-3")];
    let report = tell(store, 2, vec![listing(scope(INSTANCE), now, vec![])]).await;
    let expected =
        ReconcileReport { created: 1, updated: 1, unchanged: 1, relationships_removed: 1, ..ReconcileReport::default() };
    assert_eq!(report, expected);

    let kept = get(store, "i-2").await;
    assert_eq!(kept.status, Some(Status::STOPPED));
    assert_eq!(kept.first_discovered, Some(second(1)));
    assert_eq!(kept.last_discovered, Some(second(2)));
    assert_eq!(kept.content_hash, Some(stopped.hash()));
    assert_eq!(kept.hash(), stopped.hash(), "a fact was lost");
}

/// An unchanged snapshot writes only when its scopes were completed.
pub async fn saying_the_same_again_changes_nothing_but_the_time_of_completion(store: &dyn GraphStore) {
    let same = || {
        let attached = tie("i-1", RelationshipKind::ATTACHED_TO, "vol-1");
        vec![
            listing(scope(INSTANCE), vec![machine("i-1")], vec![attached]),
            listing(scope(VOLUME), vec![volume("vol-1")], vec![]),
        ]
    };
    tell(store, 1, same()).await;
    let changes_before = changes(store).await;
    let report = tell(store, 2, same()).await;
    assert_eq!(report, ReconcileReport { unchanged: 2, ..ReconcileReport::default() });
    assert_eq!(changes(store).await, changes_before);
    let kept = get(store, "i-1").await;
    assert_eq!((kept.first_discovered, kept.last_discovered), (Some(second(1)), Some(second(2))));
    for state in ok(store.scopes().await) {
        assert_eq!(state.completed_at, Some(second(2)), "{}", state.scope);
    }
}

async fn changes(store: &dyn GraphStore) -> Vec<ExportRecord> {
    let is_change = |r: &ExportRecord| matches!(r, ExportRecord::ResourceChange { .. } | ExportRecord::RelationshipChange { .. });
    exported(store).await.into_iter().filter(is_change).collect()
}

/// A dry run gives the report of the real one and leaves everything as it is.
pub async fn a_dry_run_reports_what_would_change_and_changes_nothing(store: &dyn GraphStore) {
    tell(store, 1, vec![listing(scope(INSTANCE), vec![machine("i-1"), machine("i-2")], vec![])]).await;
    let known = [id("i-1"), id("i-2"), id("i-3")];
    let before = everything(store, &known).await;
    let next = || {
        let runs = tie("i-1", RelationshipKind::DEPENDS_ON, "i-3");
        snapshot(2, vec![listing(scope(INSTANCE), vec![named(machine("i-1"), "web"), machine("i-3")], vec![runs])])
    };
    let dry = ok(store.reconcile(next(), &ReconcileOptions { dry_run: true, ..ReconcileOptions::default() }).await);
    assert_eq!(everything(store, &known).await, before);
    assert_eq!((dry.created, dry.updated, dry.removed, dry.relationships_created), (1, 1, 1, 1));
    assert_eq!(ok(store.reconcile(next(), &ReconcileOptions::default()).await), dry);
}

/// A bad type, relation, provider or id is [`Error::Invalid`], and the good rest of the snapshot is not written either.
pub async fn what_cannot_be_kept_is_refused_whole(store: &dyn GraphStore) {
    tell(store, 1, vec![listing(scope(INSTANCE), vec![machine("i-1")], vec![])]).await;
    let known = [id("i-1"), id("vol-1")];
    let before = everything(store, &known).await;
    let mut no_label = machine("i-2");
    no_label.resource_type = ResourceType::new("COMPUTE`) DETACH DELETE (n");
    let mut no_provider = machine("i-2");
    no_provider.provider = Provider::new("");
    let spoilt: Vec<ScopeSnapshot> = vec![
        listing(scope(INSTANCE), vec![no_label], vec![]),
        listing(scope(INSTANCE), vec![no_provider], vec![]),
        listing(scope(INSTANCE), vec![machine("")], vec![]),
        listing(scope(INSTANCE), vec![], vec![tie("i-1", RelationshipKind::new("is a"), "vol-1")]),
        listing(scope(INSTANCE), vec![], vec![tie("", RelationshipKind::ATTACHED_TO, "vol-1")]),
        listing(scope(INSTANCE), vec![], vec![tie("i-1", RelationshipKind::ATTACHED_TO, "")]),
        listing(scope(VOLUME), vec![], vec![]),
    ];
    for spoilt in spoilt {
        let good = listing(scope(VOLUME), vec![volume("vol-1")], vec![]);
        invalid(store.reconcile(snapshot(2, vec![good, spoilt]), &ReconcileOptions::default()).await);
        assert_eq!(everything(store, &known).await, before);
    }
}

/// Where one listing holds an id twice, the last one counts.
pub async fn the_last_of_two_listings_of_one_resource_counts(store: &dyn GraphStore) {
    let twice = vec![named(machine("i-1"), "old"), named(machine("i-1"), "new")];
    let report = tell(store, 1, vec![listing(scope(INSTANCE), twice.clone(), vec![])]).await;
    assert_eq!(report, ReconcileReport { created: 1, ..ReconcileReport::default() });
    assert_eq!(get(store, "i-1").await.name.as_deref(), Some("new"));
    let report = tell(store, 2, vec![listing(scope(INSTANCE), twice, vec![])]).await;
    assert_eq!(report, ReconcileReport { unchanged: 1, ..ReconcileReport::default() });
}

/// A relationship is the same however often it is said, and by however many.
pub async fn saying_a_relationship_twice_is_saying_it_once(store: &dyn GraphStore) {
    let attached = || tie("i-1", RelationshipKind::ATTACHED_TO, "vol-1");
    let both = vec![
        listing(scope(INSTANCE), vec![machine("i-1")], vec![attached(), attached()]),
        listing(scope(VOLUME), vec![volume("vol-1")], vec![attached()]),
    ];
    assert_eq!(tell(store, 1, both).await.relationships_created, 1);
    assert_eq!(ok(store.statistics(None).await).total_relationships, 1);
    let neighbors = ok(store.relationships(&id("i-1"), crate::Direction::Both, &[], None).await);
    assert_eq!(neighbors.len(), 1);
}

/// A snapshot that says an earlier time than the last change is moved on.
pub async fn the_times_of_changes_never_go_back(store: &dyn GraphStore) {
    for (n, name) in [(5, "a"), (5, "b"), (3, "c")] {
        tell(store, n, vec![listing(scope(INSTANCE), vec![named(machine("i-1"), name)], vec![])]).await;
    }
    let page = ok(store.changes(&ChangeFilter::default(), &super::fixtures::first(10)).await);
    let times: Vec<_> = page.changes.iter().map(|change| change.at).collect();
    assert_eq!(times.len(), 3);
    assert_eq!(times[0], second(5));
    assert!(times.is_sorted_by(|earlier, later| earlier < later), "{times:?}");
    assert_eq!(get(store, "i-1").await.last_discovered, times.last().copied());
}

/// A scope is listed once it was completed or owns a resource, with how much it owns, even where that is nothing.
pub async fn scopes_are_listed_with_what_they_own(store: &dyn GraphStore) {
    assert_eq!(ok(store.scopes().await), vec![]);
    tell(store, 1, vec![partial(scope(INSTANCE), vec![machine("i-1")]), listing(scope(VOLUME), vec![], vec![])]).await;
    assert_eq!(states(store).await, [(INSTANCE.to_owned(), None, 1), (VOLUME.to_owned(), Some(second(1)), 0)]);
    assert_eq!(get(store, "i-1").await.last_discovered, None);

    tell(store, 2, vec![listing(scope(INSTANCE), vec![machine("i-1"), machine("i-2")], vec![])]).await;
    assert_eq!(states(store).await, [(INSTANCE.to_owned(), Some(second(2)), 2), (VOLUME.to_owned(), Some(second(1)), 0)]);
    assert_eq!(ids(store).await, ["i-1", "i-2"]);
}

async fn states(store: &dyn GraphStore) -> Vec<(String, Option<Timestamp>, u64)> {
    let states = ok(store.scopes().await).into_iter();
    let mut states: Vec<_> = states.map(|state| (state.scope.native_type, state.completed_at, state.resources)).collect();
    states.sort();
    states
}

/// Without [`Capability::query`](crate::Capability::query) a query is [`Error::Unsupported`]; a store answers `ping`.
pub async fn a_store_that_cannot_query_says_so(store: &dyn GraphStore) {
    ok(store.ping().await);
    assert!(!store.name().is_empty());
    let answer = store.query("MATCH (r:Resource) RETURN count(r) AS n", Map::new(), &QueryLimits::default()).await;
    if store.capability().query {
        assert_eq!(ok(answer).into_objects().map(|row| json!(row)).collect::<Vec<_>>(), [json!({"n": 0})]);
    } else {
        assert!(matches!(refused(answer), Error::Unsupported { .. }));
    }
}
