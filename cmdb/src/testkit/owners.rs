//! Resources and relationships that several scopes report.

use super::fixtures::{
    INSTANCE, VOLUME, VPC, first, get, id, ids, listing, machine, machines, named, ok, partial, scope, second, state_file, tell,
    tie, volume,
};
use crate::model::{ChangeFilter, ChangeKind, Provider, RelationshipKind, Scope};
use crate::store::{GraphStore, HeldBack, ReconcileReport};

/// A resource goes when no scope reports it any more.
pub async fn a_resource_stays_while_one_scope_reports_it(store: &dyn GraphStore) {
    let both =
        vec![listing(scope(INSTANCE), vec![machine("i-1")], vec![]), listing(state_file(INSTANCE), vec![machine("i-1")], vec![])];
    assert_eq!(tell(store, 1, both).await, ReconcileReport { created: 1, ..ReconcileReport::default() });
    let report = tell(store, 2, vec![listing(scope(INSTANCE), vec![], vec![])]).await;
    assert_eq!(report, ReconcileReport::default());
    assert_eq!(get(store, "i-1").await.first_discovered, Some(second(1)));
    let report = tell(store, 3, vec![listing(state_file(INSTANCE), vec![], vec![])]).await;
    assert_eq!(report, ReconcileReport { removed: 1, ..ReconcileReport::default() });
    assert!(ids(store).await.is_empty());
}

/// The API's facts win over a state file's, whoever came first; when the API no longer reports the resource, the state
/// file's are shown, and that is an update.
pub async fn the_facts_of_the_providers_own_scope_are_shown(store: &dyn GraphStore) {
    let planned = || listing(state_file(INSTANCE), vec![named(machine("i-1"), "planned")], vec![]);
    tell(store, 1, vec![planned()]).await;
    assert_eq!(get(store, "i-1").await.name.as_deref(), Some("planned"));
    let report = tell(store, 2, vec![listing(scope(INSTANCE), vec![named(machine("i-1"), "real")], vec![])]).await;
    assert_eq!(report, ReconcileReport { updated: 1, ..ReconcileReport::default() });
    assert_eq!(get(store, "i-1").await.name.as_deref(), Some("real"));

    let behind = listing(state_file(INSTANCE), vec![named(machine("i-1"), "planned anew")], vec![]);
    let report = tell(store, 3, vec![behind]).await;
    assert_eq!(report, ReconcileReport { unchanged: 1, ..ReconcileReport::default() });
    assert_eq!(get(store, "i-1").await.name.as_deref(), Some("real"));

    let report = tell(store, 4, vec![listing(scope(INSTANCE), vec![], vec![])]).await;
    assert_eq!(report, ReconcileReport { updated: 1, ..ReconcileReport::default() });
    assert_eq!(get(store, "i-1").await.name.as_deref(), Some("planned anew"));
    let changes = ok(store.changes(&ChangeFilter::default(), &first(10)).await).changes;
    let kinds: Vec<_> = changes.iter().map(|change| (change.at, change.kind)).collect();
    let expected = [(second(1), ChangeKind::Created), (second(2), ChangeKind::Updated), (second(4), ChangeKind::Updated)];
    assert_eq!(kinds, expected);
}

/// Between two scopes of the resource's provider the order of their texts decides, as text and not part by part.
pub async fn between_scopes_of_one_provider_text_decides(store: &dyn GraphStore) {
    let account = |account: &str| Scope::new(Provider::AWS, account, "eu-west-1", INSTANCE);
    let says = |who: &str| listing(account(who), vec![named(machine("i-1"), who)], vec![]);
    tell(store, 1, vec![says("2")]).await;
    tell(store, 2, vec![says("1")]).await;
    assert_eq!(get(store, "i-1").await.name.as_deref(), Some("1"));
    tell(store, 3, vec![says("1-a")]).await;
    assert_eq!(get(store, "i-1").await.name.as_deref(), Some("1-a"), "`aws/1-a/..` comes before `aws/1/..`");
    tell(store, 4, vec![says("2")]).await;
    assert_eq!(get(store, "i-1").await.name.as_deref(), Some("1-a"));
}

/// The guard counts what a scope no longer reports, also where another scope keeps it.
pub async fn a_resource_that_others_still_report_is_missing_but_not_removed(store: &dyn GraphStore) {
    let both = vec![listing(scope(INSTANCE), machines(30), vec![]), listing(state_file(INSTANCE), machines(30), vec![])];
    tell(store, 1, both).await;
    let report = tell(store, 2, vec![listing(scope(INSTANCE), vec![], vec![])]).await;
    let held_back = vec![HeldBack { scope: scope(INSTANCE), missing: 30, owned: 30 }];
    assert_eq!(report, ReconcileReport { held_back, ..ReconcileReport::default() });
    let report = tell(store, 3, vec![listing(scope(INSTANCE), machines(20), vec![])]).await;
    assert_eq!(report, ReconcileReport { unchanged: 20, ..ReconcileReport::default() });
    assert_eq!(ids(store).await.len(), 30);
}

/// A relationship that two scopes say goes when the last of them no longer does; neither has to own an end.
pub async fn a_relationship_stays_while_one_scope_says_it(store: &dyn GraphStore) {
    let says = |native_type: &str, said: bool| {
        let attached = tie("i-1", RelationshipKind::ATTACHED_TO, "vol-1");
        listing(scope(native_type), vec![], if said { vec![attached] } else { vec![] })
    };
    let ends = vec![partial(scope(INSTANCE), vec![machine("i-1")]), partial(scope(VOLUME), vec![volume("vol-1")])];
    tell(store, 1, ends).await;
    assert_eq!(tell(store, 2, vec![says(VPC, true)]).await.relationships_created, 1);
    assert_eq!(tell(store, 3, vec![says("AWS::EC2::Snapshot", true)]).await.relationships_created, 0);
    assert_eq!(tell(store, 4, vec![says(VPC, false)]).await.relationships_removed, 0);
    assert_eq!(ok(store.statistics(None).await).total_relationships, 1);
    assert_eq!(tell(store, 5, vec![says("AWS::EC2::Snapshot", false)]).await.relationships_removed, 1);
    assert_eq!(ok(store.statistics(None).await).total_relationships, 0);
}

/// `last_discovered` is when any of the owners was last completed, whichever's facts are shown.
pub async fn last_discovered_is_the_last_completion_of_an_owner(store: &dyn GraphStore) {
    tell(store, 1, vec![listing(scope(INSTANCE), vec![machine("i-1")], vec![])]).await;
    tell(store, 2, vec![listing(state_file(INSTANCE), vec![machine("i-1")], vec![])]).await;
    assert_eq!(get(store, "i-1").await.last_discovered, Some(second(2)));
    tell(store, 3, vec![listing(scope(VOLUME), vec![], vec![]), partial(scope(INSTANCE), vec![machine("i-1")])]).await;
    assert_eq!(get(store, "i-1").await.last_discovered, Some(second(2)));
    let page = ok(store.list(&crate::Filter::default(), &first(10), None).await);
    assert_eq!(page.resources[0].last_discovered, Some(second(2)));
    assert!(ok(store.get(&id("i-1"), Some(second(3))).await).is_some_and(|then| then.last_discovered.is_none()));
}
