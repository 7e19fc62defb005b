//! Cypher over the embedded store: the ways to an answer, and what a query may not do to others.
#![cfg(all(feature = "embedded", feature = "testkit"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use dharmagraph_cmdb::store::EmbeddedStore;
use dharmagraph_cmdb::{
    Error, GraphStore, Provider, QueryLimits, ReconcileOptions, Relationship, RelationshipKind, Resource, ResourceId,
    ResourceType, Scope, ScopeSnapshot, Snapshot, Table, TaskId, Timestamp,
};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

/// Takes years with 300 machines.
const ENDLESS: &str = "MATCH (a), (b), (c), (d) WHERE a.id = 'none' + d.id RETURN count(*)";

/// `members` machines in one network, half of them running, each tied to the next.
async fn estate(members: usize) -> EmbeddedStore {
    let folder = TempDir::new().unwrap();
    let store = EmbeddedStore::open(folder.path().join("inventory.redb")).unwrap();
    tell(
        &store,
        "AWS::EC2::VPC",
        vec![Resource::new("vpc-1", Provider::AWS, ResourceType::NETWORK, "AWS::EC2::VPC", "1", "r")],
        vec![],
    )
    .await;
    let machines = (0..members).map(|n| {
        let mut machine = Resource::new(format!("i-{n}"), Provider::AWS, ResourceType::COMPUTE, "AWS::EC2::Instance", "1", "r");
        machine.name = Some(format!("machine {}", n / 2));
        machine.status = (n % 2 == 0).then_some(dharmagraph_cmdb::Status::RUNNING);
        machine
    });
    let id = |n: usize| ResourceId::new(format!("i-{n}"));
    let placed = (0..members).map(|n| Relationship::new(id(n), RelationshipKind::BELONGS_TO_VPC, ResourceId::new("vpc-1")));
    let tied = (1..members).map(|n| Relationship::new(id(n - 1), RelationshipKind::DEPENDS_ON, id(n)));
    tell(&store, "AWS::EC2::Instance", machines.collect(), placed.chain(tied).collect()).await;
    store
}

async fn tell(store: &EmbeddedStore, native_type: &str, resources: Vec<Resource>, relationships: Vec<Relationship>) {
    let scope = Scope::new(Provider::AWS, "1", "r", native_type);
    let scopes = vec![ScopeSnapshot { scope, resources, relationships, complete: true }];
    let snapshot = Snapshot { task_id: TaskId::new("t"), at: Timestamp::now(), scopes };
    store.reconcile(snapshot, &ReconcileOptions::default()).await.unwrap();
}

async fn ask(store: &EmbeddedStore, cypher: &str, parameters: Value) -> Table {
    let Value::Object(parameters) = parameters else { panic!() };
    store.query(cypher, parameters, &QueryLimits::default()).await.unwrap_or_else(|error| panic!("{cypher}: {error}"))
}

async fn plan(store: &EmbeddedStore, cypher: &str) -> String {
    ask(store, &format!("EXPLAIN {cypher}"), json!({})).await.plan.unwrap().text
}

#[tokio::test]
async fn ids_names_labels_and_fields_are_looked_up_not_scanned() {
    let store = estate(100).await;
    for (cypher, found) in [
        ("MATCH (n:Resource {id: 'i-7'}) RETURN n.id", 1),
        ("MATCH (n) WHERE n.id IN ['i-7', 'i-8', 'none', null] RETURN n.id", 2),
        ("MATCH (n:Resource) WHERE n.name = 'machine 3' RETURN n.id", 2),
        ("MATCH (n {resource_type: 'NETWORK'}) RETURN n.id", 1),
        ("MATCH (n:Resource) WHERE n.id = 7 RETURN n.id", 0),
        ("MATCH (n:NETWORK) RETURN n.id", 1),
    ] {
        let profile = ask(&store, &format!("PROFILE {cypher}"), json!({})).await;
        let steps = profile.plan.unwrap();
        assert_eq!(profile.rows.len(), found, "{cypher}\n{}", steps.text);
        let most = steps.steps.to_string().split("\"steps\":").skip(1).map(number).sum::<u64>();
        assert!(most < 30, "{cypher} looks at {most} things\n{}", steps.text);
    }
}

fn number(text: &str) -> u64 {
    text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0)
}

#[tokio::test]
async fn counts_come_from_where_they_are_kept_and_agree_with_counting() {
    let store = estate(101).await;
    for (kept, counted) in [
        ("MATCH (n:Resource) RETURN count(n)", "MATCH (n) WHERE n.id <> '' RETURN count(n)"),
        ("MATCH (n:COMPUTE) RETURN count(*)", "MATCH (n) WHERE n.id STARTS WITH 'i-' RETURN count(*)"),
        (
            "MATCH (n:Resource) RETURN n.status AS k, count(*) AS c ORDER BY k",
            "MATCH (n) WHERE n.id <> '' RETURN n.status AS k, count(*) AS c ORDER BY k",
        ),
        (
            "MATCH (n:Resource:COMPUTE) RETURN n.status AS k, count(n) AS c ORDER BY c",
            "MATCH (n) WHERE n.resource_type = 'COMPUTE' AND n.id <> '' RETURN n.status AS k, count(n) AS c ORDER BY c",
        ),
        ("MATCH ()-[r]->() RETURN count(r)", "MATCH (a)-[r]->(b) WHERE a.id <> '' RETURN count(r)"),
        ("MATCH ()-[r:DEPENDS_ON]->() RETURN count(r)", "MATCH (a)-[r:DEPENDS_ON]->(b) WHERE a.id <> '' RETURN count(r)"),
    ] {
        assert_eq!(ask(&store, kept, json!({})).await.rows, ask(&store, counted, json!({})).await.rows, "{kept}");
    }
    assert!(plan(&store, "MATCH (n:Resource) RETURN n.resource_type, count(*)").await.to_lowercase().contains("count"));
}

#[tokio::test]
async fn a_walk_meets_what_the_subgraph_meets() {
    let store = estate(40).await;
    let walk = dharmagraph_cmdb::Traversal { depth: 2, ..dharmagraph_cmdb::Traversal::default() };
    let graph = store.subgraph(&ResourceId::new("i-7"), &walk, None).await.unwrap();
    let mut expected: Vec<_> = graph.nodes.iter().map(|node| node.id.to_string()).filter(|id| id != "i-7").collect();
    expected.sort_unstable();
    let cypher = "MATCH (v:Resource {id: $id})-[*1..2]-(n) WHERE n.id <> $id RETURN DISTINCT n.id AS id ORDER BY id";
    let found = ask(&store, cypher, json!({"id": "i-7"})).await;
    assert_eq!(found.rows.iter().map(|row| row[0].as_str().unwrap()).collect::<Vec<_>>(), expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_query_keeps_no_commit_and_no_reader_waiting() {
    let store = estate(300).await;
    let mut limits = QueryLimits::default();
    (limits.timeout, limits.expansions) = (Duration::from_secs(3600), u64::MAX);
    let asking = tokio::spawn({
        let store = store.clone();
        async move { store.query(ENDLESS, Map::new(), &limits).await }
    });
    // A commit that waited for the query would not come back before the test's own end.
    for n in 0..20 {
        let network = Resource::new(format!("net-{n}"), Provider::AWS, ResourceType::NETWORK, "AWS::EC2::VPC", "1", "r");
        tell(&store, &format!("Custom::{n}"), vec![network], vec![]).await;
        assert_eq!(store.statistics(None).await.unwrap().by_type["NETWORK"], n + 2);
    }
    assert!(!asking.is_finished(), "the question was to take longer");
    asking.abort();
}

#[tokio::test]
async fn an_answer_nobody_waits_for_is_given_up() {
    let store = estate(300).await;
    let mut limits = QueryLimits::default();
    (limits.timeout, limits.expansions) = (Duration::from_secs(3600), u64::MAX);
    let asked = tokio::time::timeout(Duration::from_millis(100), store.query(ENDLESS, Map::new(), &limits)).await;
    assert!(asked.is_err(), "the question was to take longer");
    // The runtime ends only when its blocking threads have: a query that went on would keep this test from ending.
}

#[tokio::test]
async fn a_graph_that_changed_is_asked_as_it_is_now() {
    let store = estate(3).await;
    let cypher = "MATCH (n:Resource) WHERE n.colour = 'red' RETURN count(n) AS n";
    assert_eq!(ask(&store, cypher, json!({})).await.rows, [[json!(0)]]);
    let mut red = Resource::new("vpc-2", Provider::AWS, ResourceType::NETWORK, "AWS::EC2::VPC", "1", "r");
    red.metadata.insert("colour".into(), json!("red"));
    tell(&store, "Custom::Red", vec![red], vec![]).await;
    assert_eq!(ask(&store, cypher, json!({})).await.rows, [[json!(1)]]);
}

#[tokio::test]
async fn what_the_executor_does_not_know_is_named_with_its_place() {
    let store = estate(1).await;
    let cypher = "MATCH (n:Resource)\nFOREACH (x IN [n] | SET x.seen = true)";
    let error = store.query(cypher, Map::new(), &QueryLimits::default()).await.unwrap_err();
    assert!(matches!(error, Error::Unsupported { .. }) && error.to_string().contains("line 2, column 1"), "{error}");
}
