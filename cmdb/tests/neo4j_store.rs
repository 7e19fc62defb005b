//! The Neo4j store keeps every promise of its traits, against a real Neo4j.
#![cfg(all(feature = "neo4j", feature = "testkit"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use dharmagraph_cmdb::Secret;
use dharmagraph_cmdb::store::{Neo4jOptions, Neo4jStore};
use dharmagraph_cmdb::testkit::{store_conformance, task_store_conformance};

/// The Community edition has one database: the tests take turns.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn options() -> Neo4jOptions {
    let variable = |name: &str| {
        std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run `make test`, which starts a Neo4j for the tests"))
    };
    Neo4jOptions::new(variable("NEO4J_URI"), variable("NEO4J_USER"), Secret::new(variable("NEO4J_PASSWORD")))
}

/// A store over an emptied database.
async fn fresh() -> Neo4jStore {
    let store = Neo4jStore::connect(&options()).unwrap();
    store.clear().await.unwrap();
    store
}

#[tokio::test]
async fn the_neo4j_store_keeps_the_promises_of_a_graph_store() {
    let _turn = TURN.lock().await;
    store_conformance(async || fresh().await).await;
}

#[tokio::test]
async fn the_neo4j_store_keeps_the_promises_of_a_task_store() {
    let _turn = TURN.lock().await;
    task_store_conformance(async || fresh().await).await;
}
