//! The reference store keeps every promise of its traits.
#![cfg(feature = "testkit")]

use dharmagraph_cmdb::store::MemoryStore;
use dharmagraph_cmdb::testkit::{import, store_conformance, task_store_conformance};

#[tokio::test]
async fn the_memory_store_keeps_the_promises_of_a_graph_store() {
    store_conformance(async || MemoryStore::new()).await;
}

#[tokio::test]
async fn the_memory_store_keeps_the_promises_of_a_task_store() {
    task_store_conformance(async || MemoryStore::new()).await;
}

#[tokio::test]
async fn the_tasks_of_an_export_come_along_into_the_memory_store() {
    import::tasks_come_along(&MemoryStore::new(), &MemoryStore::new()).await;
    import::a_store_with_a_task_takes_nothing_in(&MemoryStore::new()).await;
}
