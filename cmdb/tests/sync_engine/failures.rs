//! A store that fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use dharmagraph_cmdb::store::{MemoryStore, MockGraphStore};
use dharmagraph_cmdb::sync::{DiscoveryRequest, EngineSettings, SyncEngine, Task, TaskStatus};
use dharmagraph_cmdb::{Capability, Error, Provider, ReconcileReport};
use futures_util::StreamExt;

use crate::script::{Script, ScriptedConnector};

fn failure(retryable: bool) -> Error {
    Error::Backend { backend: "mock", operation: "reconcile", retryable, source: "as written".into() }
}

async fn discover_into(store: MockGraphStore) -> Task {
    let script = Arc::new(Script::default());
    script.holds("machines", &["i-1"]);
    let connector = Arc::new(ScriptedConnector(script));
    let tasks = Arc::new(MemoryStore::new());
    let engine = SyncEngine::new(Arc::new(store), tasks, vec![connector], EngineSettings::default());
    let task = engine.start(DiscoveryRequest::new(Provider::AWS)).await.unwrap();
    engine.watch(&task.task_id).await.unwrap().collect::<Vec<_>>().await.pop().unwrap()
}

#[tokio::test]
async fn a_store_that_fails_for_a_while_is_tried_again() {
    let mut store = MockGraphStore::new();
    store.expect_capability().returning(Capability::default);
    let calls = AtomicU32::new(0);
    store.expect_reconcile().times(3).returning(move |_, _| match calls.fetch_add(1, Ordering::Relaxed) {
        0 | 1 => Err(failure(true)),
        _ => Ok(ReconcileReport { created: 1, ..ReconcileReport::default() }),
    });
    let task = discover_into(store).await;
    assert_eq!((task.status, task.created), (TaskStatus::Completed, 1));
}

#[tokio::test]
async fn a_store_that_fails_for_good_fails_the_task() {
    let mut store = MockGraphStore::new();
    store.expect_capability().returning(Capability::default);
    store.expect_reconcile().times(1).returning(|_, _| Err(failure(false)));
    let task = discover_into(store).await;
    assert_eq!((task.status, task.errors[0].code.as_str()), (TaskStatus::Failed, "BACKEND"));
    assert_eq!(task.errors[0].scope, None);
}
