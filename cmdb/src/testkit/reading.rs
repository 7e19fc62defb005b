//! What single reads answer.

use std::collections::BTreeMap;

use super::fixtures::{
    INSTANCE, VOLUME, VPC, first, id, listing, machine, named, network, not_found, ok, refused, scope, second, state_file, tell,
    tie, volume,
};
use crate::error::Error;
use crate::model::{Direction, Filter, ImpactRequest, Neighbor, RelationshipKind, ResourceSummary, Status, Traversal};
use crate::store::GraphStore;

/// A relationship with an unknown end is in no answer and no count until that end appears, whichever end it is; and
/// again when it goes and comes back.
pub async fn a_relationship_joins_when_its_unknown_end_appears(store: &dyn GraphStore) {
    let attached = tie("i-1", RelationshipKind::ATTACHED_TO, "vol-1");
    let report = tell(store, 1, vec![listing(scope(VPC), vec![], vec![attached])]).await;
    assert_eq!(report.relationships_created, 1);
    assert_unjoined(store, None).await;
    tell(store, 2, vec![listing(scope(INSTANCE), vec![machine("i-1")], vec![])]).await;
    assert_unjoined(store, Some("i-1")).await;
    tell(store, 3, vec![listing(scope(VOLUME), vec![volume("vol-1")], vec![])]).await;
    assert_joined(store).await;
    tell(store, 4, vec![listing(scope(INSTANCE), vec![], vec![])]).await;
    assert_unjoined(store, Some("vol-1")).await;
    tell(store, 5, vec![listing(scope(INSTANCE), vec![machine("i-1")], vec![])]).await;
    assert_joined(store).await;
}

async fn assert_unjoined(store: &dyn GraphStore, known: Option<&str>) {
    let counts = ok(store.statistics(None).await);
    assert_eq!((counts.total_relationships, counts.by_relationship.len()), (0, 0));
    if let Some(known) = known {
        assert_eq!(ok(store.relationships(&id(known), Direction::Both, &[], None).await), []);
        let around = ok(store.subgraph(&id(known), &Traversal::default(), None).await);
        assert_eq!((around.nodes.len(), around.relationships.len()), (1, 0));
        assert_eq!(ok(store.impact(&id(known), &ImpactRequest::default(), None).await).impacted, []);
    }
}

async fn assert_joined(store: &dyn GraphStore) {
    assert_eq!(ok(store.statistics(None).await).by_relationship, BTreeMap::from([("ATTACHED_TO".to_owned(), 1)]));
    let around = ok(store.subgraph(&id("i-1"), &Traversal::default(), None).await);
    assert_eq!((around.nodes.len(), around.relationships.len()), (2, 1));
    for (end, direction) in [("i-1", Direction::Outgoing), ("vol-1", Direction::Incoming)] {
        let neighbors = ok(store.relationships(&id(end), Direction::Both, &[], None).await);
        assert_eq!(neighbors.len(), 1);
        assert_eq!(neighbors[0].direction, direction);
    }
    assert_eq!(ok(store.impact(&id("vol-1"), &ImpactRequest::default(), None).await).impacted.len(), 1);
}

/// A missing id is `None` in `get` and [`Error::NotFound`] elsewhere, also as of a time at which it was not there.
pub async fn a_missing_id_is_none_or_not_found(store: &dyn GraphStore) {
    tell(store, 5, vec![listing(scope(INSTANCE), vec![machine("i-1")], vec![])]).await;
    for (missing, as_of) in [("i-2", None), ("i-1", Some(second(4)))] {
        let missing = id(missing);
        assert_eq!(ok(store.get(&missing, as_of).await), None);
        not_found(store.resolve(missing.as_str(), as_of).await);
        not_found(store.relationships(&missing, Direction::Both, &[], as_of).await);
        not_found(store.subgraph(&missing, &Traversal::default(), as_of).await);
        not_found(store.impact(&missing, &ImpactRequest::default(), as_of).await);
    }
    not_found(store.history(&id("i-2"), &first(10)).await);
}

/// A reference is an id, an ARN or a name that one resource has; several are [`Error::Conflict`] with at most 20 ids.
pub async fn a_reference_is_an_id_an_arn_or_a_name_of_one_resource(store: &dyn GraphStore) {
    let twins = (0..25).map(|n| named(machine(&format!("i-{n:02}")), "twin")).collect();
    let web = named(volume("vol-1"), "web");
    let arn = web.arn().unwrap_or_default().to_owned();
    let misleading = named(volume("vol-2"), "vol-1");
    tell(store, 1, vec![listing(scope(INSTANCE), twins, vec![]), listing(scope(VOLUME), vec![web, misleading], vec![])]).await;
    for reference in ["vol-1", &arn, "web"] {
        assert_eq!(ok(store.resolve(reference, None).await), id("vol-1"), "{reference}");
        assert_eq!(ok(store.resolve(reference, Some(second(1))).await), id("vol-1"), "{reference}");
    }
    match refused(store.resolve("twin", None).await) {
        Error::Conflict { reference, candidates } => {
            assert_eq!(reference, "twin");
            assert_eq!(candidates, (0..20).map(|n| format!("i-{n:02}")).collect::<Vec<_>>());
        }
        error => panic!("expected Error::Conflict, got {error:?}"),
    }
    not_found(store.resolve("", None).await);
    not_found(store.resolve("Web", None).await);
}

/// The relationships of a resource come incoming first, then by kind and id; only those asked for.
pub async fn relationships_are_ordered_and_chosen_by_direction_and_kind(store: &dyn GraphStore) {
    let said = vec![
        tie("i-1", RelationshipKind::DEPENDS_ON, "vol-1"),
        tie("i-1", RelationshipKind::ATTACHED_TO, "vol-2"),
        tie("i-1", RelationshipKind::ATTACHED_TO, "vol-1"),
        tie("vol-2", RelationshipKind::CREATED_FROM, "i-1"),
        tie("i-1", RelationshipKind::PEERS_WITH, "i-1"),
    ];
    let volumes = vec![named(volume("vol-1"), "data"), volume("vol-2")];
    tell(store, 1, vec![listing(scope(INSTANCE), vec![machine("i-1")], said), listing(scope(VOLUME), volumes, vec![])]).await;
    let ask = async |direction, kinds: &[RelationshipKind]| -> Vec<(&'static str, String, String)> {
        let neighbors = ok(store.relationships(&id("i-1"), direction, kinds, None).await);
        let way = |neighbor: &Neighbor| if neighbor.direction == Direction::Incoming { "<-" } else { "->" };
        neighbors.iter().map(|n| (way(n), n.kind.to_string(), n.related_resource.id.to_string())).collect()
    };
    let line = |way, kind: &str, id: &str| (way, kind.to_owned(), id.to_owned());
    let incoming = [line("<-", "CREATED_FROM", "vol-2"), line("<-", "PEERS_WITH", "i-1")];
    let attached = [line("->", "ATTACHED_TO", "vol-1"), line("->", "ATTACHED_TO", "vol-2")];
    let others = [line("->", "DEPENDS_ON", "vol-1"), line("->", "PEERS_WITH", "i-1")];
    let outgoing = [attached.clone(), others].concat();
    assert_eq!(ask(Direction::Incoming, &[]).await, incoming);
    assert_eq!(ask(Direction::Outgoing, &[]).await, outgoing);
    assert_eq!(ask(Direction::Both, &[]).await, [incoming.to_vec(), outgoing].concat());
    assert_eq!(ask(Direction::Both, &[RelationshipKind::ATTACHED_TO, RelationshipKind::TRIGGERS]).await, attached);
    let neighbors = ok(store.relationships(&id("i-1"), Direction::Outgoing, &[RelationshipKind::DEPENDS_ON], None).await);
    let volume = volume("vol-1");
    let summary = ResourceSummary { id: volume.id, resource_type: volume.resource_type, name: Some("data".into()) };
    assert_eq!(neighbors[0].related_resource, summary);
}

/// Counts are of present resources by provider, type, status and region, and of joined relationships by kind.
pub async fn statistics_count_what_is_present(store: &dyn GraphStore) {
    let empty = ok(store.statistics(None).await);
    assert_eq!(empty, crate::Statistics::default());
    let mut running = machine("i-1");
    running.status = Some(Status::RUNNING);
    let mut elsewhere = machine("i-2");
    elsewhere.region = "us-east-1".into();
    let said = vec![
        tie("i-1", RelationshipKind::BELONGS_TO_VPC, "vpc-1"),
        tie("i-2", RelationshipKind::BELONGS_TO_VPC, "vpc-1"),
        tie("i-2", RelationshipKind::ATTACHED_TO, "vol-unknown"),
    ];
    let told = vec![
        listing(scope(INSTANCE), vec![running.clone(), elsewhere, machine("i-3")], said.clone()),
        listing(state_file(INSTANCE), vec![running.clone()], said[..1].to_vec()),
        listing(scope(VPC), vec![network("vpc-1")], vec![]),
    ];
    tell(store, 1, told).await;
    tell(store, 2, vec![listing(scope(INSTANCE), vec![running, machine("i-2")], said)]).await;
    let counts = |pairs: &[(&str, u64)]| -> BTreeMap<String, u64> {
        pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    };
    let expected = crate::Statistics {
        total_resources: 3,
        by_provider: counts(&[("aws", 3)]),
        by_type: counts(&[("COMPUTE", 2), ("NETWORK", 1)]),
        by_status: counts(&[("RUNNING", 1)]),
        by_region: counts(&[("eu-west-1", 3)]),
        total_relationships: 2,
        by_relationship: counts(&[("BELONGS_TO_VPC", 2)]),
    };
    assert_eq!(ok(store.statistics(None).await), expected);
    let then = ok(store.statistics(Some(second(1))).await);
    assert_eq!((then.total_resources, then.by_region.get("us-east-1")), (4, Some(&1)));
    assert_eq!(ok(store.list(&Filter::default(), &first(1), None).await).total, 3);
}
