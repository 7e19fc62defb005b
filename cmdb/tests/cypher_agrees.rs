//! The same questions in Cypher have the same answers on the embedded store and on Neo4j.
//!
//! The questions are the reading ones of `cypher/cmdb_queries.jsonl` in the folder that `DHARMAGRAPH_DATA` names.
#![cfg(all(feature = "embedded", feature = "neo4j", feature = "testkit"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;

use dharmagraph_cmdb::store::EmbeddedStore;
use dharmagraph_cmdb::{
    GraphStore, Provider, QueryLimits, ReconcileOptions, Relationship, RelationshipKind, Resource, ResourceId, ResourceType,
    Scope, ScopeSnapshot, Snapshot, Status, TaskId, Timestamp,
};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

mod neo4j;

/// Answers that hold what differs from the fixture of the file: relationships here have no properties, and resources have
/// more of their own.
const OTHER_PROPERTIES: [&str; 4] = ["32 properties()", "33 keys()", "42 return node", "43 return rel"];

/// The estate of the file's queries as discovered resources.
fn estate() -> ScopeSnapshot {
    let resource = |id: &str, name: &str, kind: &str, status: &str, region: &str, facts: Value| {
        let provider = if region == "westeurope" { Provider::new("azure") } else { Provider::AWS };
        let mut resource = Resource::new(id, provider, ResourceType::new(kind.to_owned()), "Any", "1", region);
        resource.name = Some(name.to_owned());
        resource.status = Some(Status::new(status.to_owned()));
        if let Value::Object(facts) = facts {
            resource.metadata = facts;
        }
        if matches!(id, "i-1" | "i-2") {
            resource.tags.insert("Environment".into(), "production".into());
        }
        resource
    };
    let (here, there, azure) = ("us-east-1", "us-west-2", "westeurope");
    let machine = |kind: &str, cores: u32, memory: f64| json!({"instance_type": kind, "cpu_cores": cores, "memory_gb": memory});
    let with_ips = |mut facts: Value, ips: Value| {
        facts["ips"] = ips;
        facts
    };
    let resources = vec![
        resource("vpc-1", "prod-vpc", "NETWORK", "AVAILABLE", here, json!({"kind": "vpc", "cidr": "10.0.0.0/16"})),
        resource("sub-1", "public-1", "NETWORK", "AVAILABLE", here, json!({"kind": "subnet"})),
        resource("sub-2", "private-1", "NETWORK", "AVAILABLE", here, json!({"kind": "subnet"})),
        resource(
            "i-1",
            "web-server-01",
            "COMPUTE",
            "RUNNING",
            here,
            with_ips(machine("t3.medium", 2, 4.0), json!(["10.0.1.15", "54.1.2.3"])),
        ),
        resource("i-2", "app-server-02", "COMPUTE", "RUNNING", here, with_ips(machine("m5.large", 4, 8.0), json!(["10.0.1.16"]))),
        resource("i-3", "db-server-03", "COMPUTE", "STOPPED", there, machine("m5.large", 4, 8.0)),
        resource("vm-4", "az-vm-04", "COMPUTE", "RUNNING", azure, json!({"cpu_cores": 8})),
        resource("vol-1", "web-server-01-root", "STORAGE", "IN_USE", here, json!({"size_gb": 100, "encrypted": true})),
        resource("vol-2", "app-server-02-data", "STORAGE", "IN_USE", here, json!({"size_gb": 500, "encrypted": false})),
        resource("vol-3", "orphan", "STORAGE", "AVAILABLE", here, json!({"size_gb": 20, "encrypted": false})),
        resource("disk-4", "az-disk", "STORAGE", "IN_USE", azure, json!({"size_gb": 64})),
        resource("sg-1", "web-sg", "SECURITY_GROUP", "AVAILABLE", here, json!({})),
        resource("lb-1", "front", "LOAD_BALANCER", "RUNNING", here, json!({})),
    ];
    let ties = [
        ("sub-1", "BELONGS_TO_VPC", "vpc-1"),
        ("sub-2", "BELONGS_TO_VPC", "vpc-1"),
        ("i-1", "BELONGS_TO_SUBNET", "sub-1"),
        ("i-2", "BELONGS_TO_SUBNET", "sub-1"),
        ("i-3", "BELONGS_TO_SUBNET", "sub-2"),
        ("i-1", "ATTACHED_TO", "vol-1"),
        ("i-2", "ATTACHED_TO", "vol-2"),
        ("vm-4", "ATTACHED_TO", "disk-4"),
        ("i-1", "PROTECTED_BY", "sg-1"),
        ("i-2", "PROTECTED_BY", "sg-1"),
        ("lb-1", "ROUTES_TO", "i-1"),
        ("lb-1", "ROUTES_TO", "i-2"),
        ("i-1", "DEPENDS_ON", "i-2"),
        ("i-2", "DEPENDS_ON", "i-3"),
    ];
    let tie = |(source, kind, target): (&str, &str, &str)| {
        Relationship::new(ResourceId::new(source), RelationshipKind::new(kind.to_owned()), ResourceId::new(target))
    };
    let scope = Scope::new(Provider::AWS, "1", "us-east-1", "Any");
    ScopeSnapshot { scope, resources, relationships: ties.into_iter().map(tie).collect(), complete: true }
}

/// Nothing where the data is absent, as it may be everywhere but in CI.
fn questions() -> Option<Vec<Value>> {
    let folder = std::env::var_os("DHARMAGRAPH_DATA").map_or_else(|| PathBuf::from("../../shared/data"), PathBuf::from);
    let file = folder.join("cypher/cmdb_queries.jsonl");
    match std::fs::read_to_string(&file) {
        Ok(text) => Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()),
        Err(error) => {
            assert!(
                std::env::var_os("CI").is_none(),
                "{}: {error}; DHARMAGRAPH_DATA names the folder of the data",
                file.display()
            );
            eprintln!("skipped: {} is not there; DHARMAGRAPH_DATA names the folder of the data", file.display());
            None
        }
    }
}

/// Rows in an order of their own where the query asks for none, and lists too where `lists`.
fn comparable(rows: Vec<Vec<Value>>, ordered: bool, lists: bool) -> Vec<String> {
    let value = |value: Value| match value {
        Value::Array(mut items) if lists => {
            items.sort_by_key(ToString::to_string);
            Value::Array(items)
        }
        other => other,
    };
    let mut rows: Vec<_> =
        rows.into_iter().map(|row| json!(row.into_iter().map(value).collect::<Vec<_>>()).to_string()).collect();
    if !ordered {
        rows.sort_unstable();
    }
    rows
}

/// As the stores answer nodes: labels in one order, and nothing of what differs from one run to the next.
fn settled(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(settled),
        Value::Object(members) => {
            members.remove("first_discovered");
            if let Some(Value::Array(labels)) = members.get_mut("labels") {
                labels.sort_by_key(ToString::to_string);
            }
            members.values_mut().for_each(settled);
        }
        _ => {}
    }
}

#[tokio::test]
async fn both_stores_answer_the_inventorys_questions_alike_and_right() {
    let Some(questions) = questions() else { return };
    let folder = TempDir::new().unwrap();
    let embedded = EmbeddedStore::open(folder.path().join("inventory.redb")).unwrap();
    let server = neo4j::emptied().await;
    let stores: [&dyn GraphStore; 2] = [&embedded, &*server];
    for store in stores {
        let snapshot =
            Snapshot { task_id: TaskId::new("t"), at: Timestamp::from_micros(1_735_689_600_000_000), scopes: vec![estate()] };
        store.reconcile(snapshot, &ReconcileOptions::default()).await.unwrap();
    }
    let limits = QueryLimits::default();
    let (mut answered, mut refused) = (0, 0);
    for question in questions {
        let (name, cypher) = (question["id"].as_str().unwrap(), question["query"].as_str().unwrap());
        let Value::Object(parameters) = question["params"].clone() else { panic!("{name}") };
        let (ordered, lists) = (question["expect"]["ordered"] == true, question["expect"]["lu"] == true);
        let mut answers = Vec::new();
        for store in stores {
            match store.query(cypher, parameters.clone(), &limits).await {
                Ok(mut table) => {
                    table.rows.iter_mut().flatten().for_each(settled);
                    answers.push(Ok((table.columns, comparable(table.rows, ordered, lists))));
                }
                Err(error) => answers.push(Err(error)),
            }
        }
        match answers.as_slice() {
            [Ok(embedded), Ok(neo4j)] => {
                assert_eq!(embedded, neo4j, "{name}: {cypher}");
                if !OTHER_PROPERTIES.contains(&name) {
                    let rows = question["expect"]["rows"].as_array().unwrap().iter().map(|row| row.as_array().unwrap().clone());
                    assert_eq!(embedded.1, comparable(rows.collect(), ordered, lists), "{name}: {cypher}");
                }
                answered += 1;
            }
            [Err(one), Err(other)] => {
                let writes =
                    matches!(one.code(), "FORBIDDEN" | "UNSUPPORTED") && matches!(other.code(), "FORBIDDEN" | "UNSUPPORTED");
                let wrong = question["expect"]["kind"] == "error" && one.code() == "INVALID" && other.code() == "INVALID";
                assert!(writes || wrong, "{name}: {one} / {other}");
                refused += 1;
            }
            different => panic!("{name}: {different:?}"),
        }
    }
    assert_eq!((answered, refused), (46, 8));
    let count = embedded.query("MATCH (n:Resource) RETURN count(n)", Map::new(), &limits).await.unwrap();
    assert_eq!(count.rows, [[json!(13)]]);
}
