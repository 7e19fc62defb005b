//! The Neo4j store keeps every promise of its traits, against a real Neo4j.
#![cfg(all(feature = "neo4j", feature = "testkit"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../neo4j/mod.rs"]
mod neo4j;

mod estate;
mod figures;
mod outages;
mod proxy;
mod together;

use dharmagraph_cmdb::store::Neo4jStore;
use dharmagraph_cmdb::testkit::{store_conformance, task_store_conformance};

/// Another store over the database that is emptied again; the turn is the caller's.
async fn anew(store: &Neo4jStore) -> Neo4jStore {
    store.clear().await.unwrap();
    Neo4jStore::connect(&neo4j::options()).unwrap()
}

#[tokio::test]
async fn the_neo4j_store_keeps_the_promises_of_a_graph_store() {
    let store = neo4j::emptied().await;
    store_conformance(async || anew(&store).await).await;
}

#[tokio::test]
async fn the_neo4j_store_keeps_the_promises_of_a_task_store() {
    let store = neo4j::emptied().await;
    task_store_conformance(async || anew(&store).await).await;
}
