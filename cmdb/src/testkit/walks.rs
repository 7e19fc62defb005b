//! Subgraphs and impacts.

use super::fixtures::{INSTANCE, VPC, id, invalid, listing, machine, machines, named, network, ok, scope, tell, tie};
use crate::model::{Direction, Impact, ImpactRequest, Relationship, RelationshipKind as Kind, Resource, Subgraph, Traversal};
use crate::store::GraphStore;

/// i-000 -> i-001 -> i-002 -> i-003 -> i-000, a ring, and i-001 -> i-004.
async fn ring(store: &dyn GraphStore) {
    let said = vec![
        tie("i-000", Kind::DEPENDS_ON, "i-001"),
        tie("i-001", Kind::DEPENDS_ON, "i-002"),
        tie("i-002", Kind::DEPENDS_ON, "i-003"),
        tie("i-003", Kind::DEPENDS_ON, "i-000"),
        tie("i-001", Kind::MONITORS, "i-004"),
    ];
    tell(store, 1, vec![listing(scope(INSTANCE), machines(5), said)]).await;
}

fn nodes(graph: &Subgraph) -> Vec<&str> {
    graph.nodes.iter().map(|node| node.id.as_str()).collect()
}

fn walk(depth: u32, direction: Direction) -> Traversal {
    Traversal { depth, direction, ..Traversal::default() }
}

/// Depth 0 is the root alone; each further step adds the next neighbours; every relationship among the nodes is there,
/// also one that no step used.
pub async fn a_subgraph_reaches_as_far_as_its_depth(store: &dyn GraphStore) {
    ring(store).await;
    let around = async |depth| ok(store.subgraph(&id("i-000"), &walk(depth, Direction::Both), None).await);
    let alone = around(0).await;
    assert_eq!((alone.root_id.clone(), alone.depth, alone.truncated), (id("i-000"), 0, false));
    assert_eq!((nodes(&alone), alone.relationships.len()), (vec!["i-000"], 0));
    let near = around(1).await;
    assert_eq!(nodes(&near), ["i-000", "i-001", "i-003"]);
    assert_eq!(near.relationships, [tie("i-000", Kind::DEPENDS_ON, "i-001"), tie("i-003", Kind::DEPENDS_ON, "i-000")]);
    let whole = around(2).await;
    assert_eq!(nodes(&whole), ["i-000", "i-001", "i-002", "i-003", "i-004"]);
    assert_eq!(whole.relationships.len(), 5);
    assert!(whole.relationships.is_sorted());
    assert_eq!(around(10).await.nodes, whole.nodes);
}

/// A walk follows the asked direction and kinds only; relationships of other kinds are left out.
pub async fn a_subgraph_follows_directions_and_kinds(store: &dyn GraphStore) {
    ring(store).await;
    let out = ok(store.subgraph(&id("i-001"), &walk(1, Direction::Outgoing), None).await);
    assert_eq!(nodes(&out), ["i-001", "i-002", "i-004"]);
    let into = ok(store.subgraph(&id("i-001"), &walk(2, Direction::Incoming), None).await);
    assert_eq!(nodes(&into), ["i-000", "i-001", "i-003"]);
    let monitors = Traversal { kinds: vec![Kind::MONITORS], ..walk(10, Direction::Both) };
    let only = ok(store.subgraph(&id("i-001"), &monitors, None).await);
    assert_eq!(nodes(&only), ["i-001", "i-004"]);
    assert_eq!(only.relationships, [tie("i-001", Kind::MONITORS, "i-004")]);
    let depends = Traversal { kinds: vec![Kind::DEPENDS_ON], ..walk(10, Direction::Both) };
    assert_eq!(ok(store.subgraph(&id("i-001"), &depends, None).await).relationships.len(), 4);
}

/// At `max_nodes` the walk stops and says so; which nodes it met does not depend on chance: neighbours come by kind, then
/// by id.
pub async fn a_subgraph_ends_at_its_limit_the_same_way_each_time(store: &dyn GraphStore) {
    let members = machines(9);
    let mut said: Vec<Relationship> = members.iter().map(|m| tie(m.id.as_str(), Kind::BELONGS_TO_VPC, "vpc-1")).collect();
    said.push(tie("vpc-1", Kind::ATTACHED_TO, "i-008"));
    let told = vec![listing(scope(INSTANCE), members, said), listing(scope(VPC), vec![network("vpc-1")], vec![])];
    tell(store, 1, told).await;
    let limited =
        async |max_nodes| ok(store.subgraph(&id("vpc-1"), &Traversal { max_nodes, ..Traversal::default() }, None).await);
    let few = limited(4).await;
    assert!(few.truncated);
    assert_eq!(nodes(&few), ["i-000", "i-001", "i-008", "vpc-1"]);
    assert_eq!(few.relationships.len(), 4);
    assert_eq!(limited(4).await, few);
    let root = limited(1).await;
    assert_eq!((nodes(&root), root.truncated), (vec!["vpc-1"], true));
    let all = limited(10).await;
    assert_eq!((all.nodes.len(), all.truncated), (10, false));
}

async fn impact(store: &dyn GraphStore, root: &str) -> Impact {
    ok(store.impact(&id(root), &ImpactRequest::default(), None).await)
}

fn felt(impact: &Impact) -> Vec<(&str, u32)> {
    impact.impacted.iter().map(|one| (one.resource.id.as_str(), one.distance)).collect()
}

/// A failure travels from target to source, a trigger's and a gateway's from source to target, and not along kinds that
/// only inform.
pub async fn an_impact_travels_as_failures_do(store: &dyn GraphStore) {
    let things: Vec<Resource> = ["db", "fn", "i-1", "igw-1", "lb", "queue", "snap", "subnet", "vpc"].map(machine).into();
    let said = vec![
        tie("subnet", Kind::BELONGS_TO_VPC, "vpc"),
        tie("i-1", Kind::BELONGS_TO_SUBNET, "subnet"),
        tie("i-1", Kind::DEPENDS_ON, "db"),
        tie("lb", Kind::ROUTES_TO, "i-1"),
        tie("igw-1", Kind::ATTACHED_TO, "vpc"),
        tie("snap", Kind::SNAPSHOT_OF, "db"),
        tie("queue", Kind::TRIGGERS, "fn"),
    ];
    tell(store, 1, vec![listing(scope(INSTANCE), things, said)]).await;
    assert_eq!(felt(&impact(store, "vpc").await), [("subnet", 1), ("i-1", 2), ("lb", 3)]);
    assert_eq!(felt(&impact(store, "igw-1").await), [("vpc", 1), ("subnet", 2), ("i-1", 3), ("lb", 4)]);
    assert_eq!(felt(&impact(store, "db").await), [("i-1", 1), ("lb", 2)]);
    assert_eq!(felt(&impact(store, "queue").await), [("fn", 1)]);
    for unfelt in ["fn", "lb", "snap"] {
        assert_eq!(felt(&impact(store, unfelt).await), [], "{unfelt}");
    }
}

/// Each impacted resource comes once, nearest first and then by id, with the kinds of a shortest way; a ring ends.
pub async fn an_impact_names_the_shortest_way(store: &dyn GraphStore) {
    let things = vec![named(machine("a"), "one"), machine("b"), machine("c"), machine("d")];
    let said = vec![
        tie("b", Kind::RUNS_ON, "a"),
        tie("c", Kind::DEPENDS_ON, "a"),
        tie("d", Kind::RUNS_ON, "b"),
        tie("d", Kind::MEMBER_OF, "c"),
        tie("a", Kind::DEPENDS_ON, "d"),
    ];
    tell(store, 1, vec![listing(scope(INSTANCE), things, said)]).await;
    let found = impact(store, "a").await;
    assert_eq!((found.resource_id.clone(), found.truncated), (id("a"), false));
    assert_eq!(felt(&found), [("b", 1), ("c", 1), ("d", 2)]);
    let ways: Vec<_> = found.impacted.iter().map(|one| one.via.clone()).collect();
    assert_eq!(ways, [vec![Kind::RUNS_ON], vec![Kind::DEPENDS_ON], vec![Kind::DEPENDS_ON, Kind::MEMBER_OF]]);
    let from_b = impact(store, "b").await;
    let last = from_b.impacted.iter().find(|one| one.resource.id == id("a"));
    assert_eq!(last.map(|one| (one.resource.name.as_deref(), one.distance)), Some((Some("one"), 2)));
}

/// `depth` and `max_nodes` end the search; only the second says truncated.
pub async fn an_impact_ends_at_its_limit(store: &dyn GraphStore) {
    let said = (1..5).map(|n| tie(&format!("i-{n:03}"), Kind::DEPENDS_ON, &format!("i-{:03}", n - 1))).collect();
    tell(store, 1, vec![listing(scope(INSTANCE), machines(5), said)]).await;
    let limited = async |depth, max_nodes| ok(store.impact(&id("i-000"), &ImpactRequest { depth, max_nodes }, None).await);
    let near = limited(2, 10).await;
    assert_eq!((felt(&near), near.truncated), (vec![("i-001", 1), ("i-002", 2)], false));
    let few = limited(10, 3).await;
    assert_eq!((few.impacted.len(), few.truncated), (3, true));
    let all = limited(10, 4).await;
    assert_eq!((all.impacted.len(), all.truncated), (4, false));
    assert_eq!(limited(0, 10).await.impacted, []);
}

/// A depth above 10 and a limit of no nodes are refused.
pub async fn walks_that_cannot_be_are_refused(store: &dyn GraphStore) {
    ring(store).await;
    let root = id("i-000");
    invalid(store.subgraph(&root, &walk(11, Direction::Both), None).await);
    invalid(store.subgraph(&root, &Traversal { max_nodes: 0, ..Traversal::default() }, None).await);
    invalid(store.impact(&root, &ImpactRequest { depth: 11, max_nodes: 10 }, None).await);
    invalid(store.impact(&root, &ImpactRequest { depth: 1, max_nodes: 0 }, None).await);
}
