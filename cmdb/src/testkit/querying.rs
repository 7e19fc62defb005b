//! Questions in Cypher, on stores that answer them.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::fixtures::{INSTANCE, VOLUME, VPC, listing, machine, named, network, ok, refused, scope, tell, tie, volume};
use crate::error::Error;
use crate::model::{RelationshipKind, Status};
use crate::store::{GraphStore, QueryLimits, Table};

/// Machines `i-1` (with volume and network) and `i-2` (with an unknown volume), and what they are tied to.
async fn filled(store: &dyn GraphStore) {
    let mut web = named(machine("i-1"), "web");
    web.status = Some(Status::RUNNING);
    web.tags = [("Environment", "production"), ("Odd key `}) DETACH DELETE n //", "' OR 1=1 //")]
        .map(|(k, v)| (k.into(), v.into()))
        .into();
    for (key, value) in [
        ("cpu_cores", json!(2)),
        ("memory_gb", json!(0.5)),
        ("encrypted", json!(true)),
        ("ips", json!(["10.0.0.1", "54.1.2.3"])),
        ("empty", json!([])),
        ("nothing", json!(null)),
        ("nested", json!({"deep": [1]})),
        ("mixed", json!([1, "a"])),
        ("maps", json!([{"port": 80}])),
        ("name", json!("the metadata's own")),
    ] {
        web.metadata.insert(key.into(), value);
    }
    let ties = vec![tie("i-1", RelationshipKind::ATTACHED_TO, "vol-1"), tie("i-2", RelationshipKind::ATTACHED_TO, "vol-unknown")];
    let placed =
        vec![tie("i-1", RelationshipKind::BELONGS_TO_VPC, "vpc-1"), tie("i-2", RelationshipKind::BELONGS_TO_VPC, "vpc-1")];
    let scopes = vec![
        listing(scope(INSTANCE), vec![web, machine("i-2")], placed),
        listing(scope(VOLUME), vec![volume("vol-1")], ties),
        listing(scope(VPC), vec![network("vpc-1")], Vec::new()),
    ];
    tell(store, 1, scopes).await;
}

async fn asked(store: &dyn GraphStore, cypher: &str, parameters: Value) -> Table {
    let Value::Object(parameters) = parameters else { panic!("parameters are an object") };
    match store.query(cypher, parameters, &QueryLimits::default()).await {
        Ok(table) => table,
        Err(error) => panic!("{cypher}: {error}"),
    }
}

async fn rows(store: &dyn GraphStore, cypher: &str) -> Value {
    json!(asked(store, cypher, json!({})).await.rows)
}

async fn refusal(store: &dyn GraphStore, cypher: &str) -> Error {
    refused(store.query(cypher, Map::new(), &QueryLimits::default()).await)
}

/// A resource is a node with its labels; its properties are the REST keys, the metadata that can be properties, and the
/// tags.
pub async fn a_resource_is_a_node_with_labels_and_flat_properties(store: &dyn GraphStore) {
    if !store.capability().query {
        return;
    }
    filled(store).await;
    let found = rows(store, "MATCH (n:COMPUTE {id: 'i-1'}) RETURN n.name, n.status, n.resource_type, n.provider, n.cpu_cores, n.memory_gb, n.encrypted, n.ips, n.empty, n.tag_Environment").await;
    let ips = json!(["10.0.0.1", "54.1.2.3"]);
    assert_eq!(found, json!([["web", "RUNNING", "COMPUTE", "aws", 2, 0.5, true, ips, [], "production"]]));
    let found = rows(store, "MATCH (n {id: 'i-1'}) RETURN n.nothing, n.nested, n.mixed, n.maps, n.type").await;
    assert_eq!(found, json!([[null, null, null, null, null]]));
    let found = rows(store, "MATCH (n {id: 'i-1'}) RETURN n.`tag_Odd key ``}) DETACH DELETE n //`").await;
    assert_eq!(found, json!([["' OR 1=1 //"]]));
    let found = asked(store, "MATCH (n {id: 'i-1'}) RETURN n.tags AS t, n.metadata AS m", json!({})).await;
    let text =
        |place: usize| serde_json::from_str::<Value>(found.rows[0][place].as_str().unwrap_or_default()).unwrap_or_default();
    assert_eq!(text(0)["Environment"], "production");
    assert_eq!((&text(1)["nested"], &text(1)["name"]), (&json!({"deep": [1]}), &json!("the metadata's own")));
}

/// Nodes come as maps with id, labels and properties, relationships with their ends and type, paths with both.
pub async fn nodes_relationships_and_paths_come_as_maps(store: &dyn GraphStore) {
    if !store.capability().query {
        return;
    }
    filled(store).await;
    let found = asked(store, "MATCH p = (c:COMPUTE)-[r:ATTACHED_TO]->(v) RETURN v, r, p", json!({})).await;
    assert_eq!(found.columns, ["v", "r", "p"]);
    let [row] = found.rows.as_slice() else { panic!("one path: {:?}", found.rows) };
    let mut labels: Vec<_> = row[0]["labels"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    labels.sort_unstable();
    assert_eq!((&row[0]["id"], labels), (&json!("vol-1"), vec!["Resource", "STORAGE"]));
    assert_eq!((&row[0]["properties"]["id"], &row[0]["properties"]["native_type"]), (&json!("vol-1"), &json!(VOLUME)));
    assert_eq!(row[1], json!({"source": "i-1", "target": "vol-1", "type": "ATTACHED_TO", "properties": {}}));
    assert_eq!((&row[2]["nodes"][1], &row[2]["relationships"]), (&row[0], &json!([row[1]])));
}

/// A relationship with an unknown end is in no answer.
pub async fn an_unknown_end_is_in_no_answer_to_a_query(store: &dyn GraphStore) {
    if !store.capability().query {
        return;
    }
    filled(store).await;
    let found = rows(store, "MATCH (a:Resource)-[r]->(b) RETURN a.id, type(r), b.id ORDER BY a.id, type(r)").await;
    let expected =
        json!([["i-1", "ATTACHED_TO", "vol-1"], ["i-1", "BELONGS_TO_VPC", "vpc-1"], ["i-2", "BELONGS_TO_VPC", "vpc-1"]]);
    assert_eq!(found, expected);
    assert_eq!(rows(store, "MATCH (n:Resource) RETURN count(n)").await, json!([[4]]));
    assert_eq!(rows(store, "MATCH (n:Resource {id: 'vol-unknown'}) RETURN n").await, json!([]));
}

/// Columns are named as written; parameters are values and never text of the query.
pub async fn columns_are_named_as_written_and_parameters_are_bound(store: &dyn GraphStore) {
    if !store.capability().query {
        return;
    }
    filled(store).await;
    let cypher = "MATCH (c:Resource) WHERE c.id IN $ids AND c.name = $name RETURN c.name, count( * ) , c.id AS id";
    let found = asked(store, cypher, json!({"ids": ["i-1", "i-2"], "name": "web"})).await;
    assert_eq!(found.columns, ["c.name", "count( * )", "id"]);
    assert_eq!(found.rows, [vec![json!("web"), json!(1), json!("i-1")]]);
    let found = asked(store, cypher, json!({"ids": ["i-1"], "name": "' OR 1=1 //"})).await;
    assert!(found.rows.is_empty());
    let missing = refused(store.query(cypher, Map::new(), &QueryLimits::default()).await);
    assert!(missing.kind().code() == "INVALID" && missing.to_string().contains("ids"), "{missing}");
}

/// What would write, call a procedure, load a file, administer or be two queries is refused, and nothing changes.
pub async fn a_query_only_reads(store: &dyn GraphStore) {
    if !store.capability().query {
        return;
    }
    filled(store).await;
    for cypher in [
        "CREATE (n:Resource {id: 'x'})",
        "MATCH (n) DETACH DELETE n",
        "MATCH (n {id: 'i-1'}) SET n.name = 'x' RETURN n",
        "MATCH (n) REMOVE n.name",
        "MERGE (n:Resource {id: 'x'}) RETURN n",
        "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
        "CALL dbms.components() YIELD name RETURN name",
        "USE system MATCH (n) RETURN n",
        "SHOW USERS",
        "CREATE INDEX x FOR (n:Resource) ON (n.x)",
        "DROP DATABASE neo4j",
        "EXPLAIN CREATE (n)",
    ] {
        let error = refusal(store, cypher).await;
        assert!(matches!(error, Error::Forbidden { .. }), "{cypher}: {error:?}");
    }
    for cypher in ["RETURN 1; RETURN 2", "", "MATCH (n RETURN n", "MATCH (n) RETURN m", "RETURN 1 +", "RETURN 'a' + 1 - 'b'"] {
        assert_eq!(refusal(store, cypher).await.code(), "INVALID", "{cypher}");
    }
    assert!(matches!(
        refusal(store, "MATCH (n) FOREACH (x IN [n] | SET x.seen = true)").await.code(),
        "UNSUPPORTED" | "FORBIDDEN"
    ));
    assert_eq!(rows(store, "MATCH (n:Resource) RETURN count(n)").await, json!([[4]]));
}

/// Rows, text and time have limits, each with an error of its own.
pub async fn a_query_ends_at_its_limits(store: &dyn GraphStore) {
    if !store.capability().query {
        return;
    }
    filled(store).await;
    let few = QueryLimits { rows: 3, ..QueryLimits::default() };
    let ask = async |cypher: &str, limits: &QueryLimits| store.query(cypher, Map::new(), limits).await;
    assert_eq!(ok(ask("MATCH (n:Resource) RETURN n.id LIMIT 3", &few).await).rows.len(), 3);
    assert!(matches!(refused(ask("MATCH (n:Resource) RETURN n.id", &few).await), Error::LimitExceeded { limit: 3, .. }));
    let long = format!("RETURN '{}'", "x".repeat(QueryLimits::default().text));
    assert_eq!(refused(ask(&long, &QueryLimits::default()).await).code(), "LIMIT_EXCEEDED");
    let short = QueryLimits { timeout: Duration::from_millis(200), expansions: u64::MAX, ..QueryLimits::default() };
    let endless = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a = -b RETURN count(*)";
    assert!(matches!(refused(ask(endless, &short).await), Error::Timeout { .. }));
    assert_eq!(rows(store, "RETURN 1 AS one").await, json!([[1]]));
}
