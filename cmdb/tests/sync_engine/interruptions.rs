//! Cancelled, shut down, crashed, resumed.

use std::time::Duration;

use dharmagraph_cmdb::sync::{Credentials, DiscoveryRequest, EngineSettings, Task, TaskStatus, TaskStore};
use dharmagraph_cmdb::{ErrorKind, ExportRecord, GraphStore, Provider, Secret};
use futures_util::StreamExt;

use crate::script::{Listing, World, engine, machine};

/// A task that has stored scope `a` and waits in the listing of scope `b`.
async fn half_done(world: &World, request: DiscoveryRequest) -> Task {
    world.script.holds("a", &["i-1"]);
    world.script.say_behind_gate("b", Listing::Holds(vec![machine("i-2")]));
    let task = world.engine.start(request).await.unwrap();
    world.wait(&task.task_id, |task| task.created == 1).await
}

#[tokio::test]
async fn cancelling_keeps_what_was_stored() {
    let world = World::new();
    let task = half_done(&world, DiscoveryRequest::new(Provider::AWS)).await;
    world.engine.cancel(&task.task_id).await.unwrap();
    let ended = world.end(&task.task_id).await;
    assert_eq!((ended.status, ended.created), (TaskStatus::Cancelled, 1));
    assert!(ended.completed_at.is_some());
    assert_eq!(world.ids().await, ["i-1"]);
    assert_eq!(world.engine.cancel(&task.task_id).await.unwrap(), ended);
    assert!(world.restarted().engine.resume().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_an_earlier_process_left_can_be_cancelled_too() {
    let world = World::new();
    let task = half_done(&world, DiscoveryRequest::new(Provider::AWS)).await;
    world.engine.shutdown().await;
    let next = world.restarted();
    assert_eq!(next.engine.cancel(&task.task_id).await.unwrap().status, TaskStatus::Cancelled);
    assert!(next.engine.resume().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_task_that_was_shut_down_resumes_without_the_scopes_that_it_had_stored() {
    let world = World::new();
    let task = half_done(&world, DiscoveryRequest::new(Provider::AWS)).await;
    let steps = world.engine.watch(&task.task_id).await.unwrap();
    world.engine.shutdown().await;
    let last = steps.collect::<Vec<_>>().await.pop().unwrap();
    assert_eq!(last.status, TaskStatus::Running);
    assert_eq!(TaskStore::task(&*world.store, &task.task_id).await.unwrap(), Some(last));
    let late = world.engine.start(DiscoveryRequest::new(Provider::AWS)).await.unwrap_err();
    assert_eq!((late.kind(), late.is_retryable()), (ErrorKind::Backend, true));

    let next = world.restarted();
    next.script.holds("b", &["i-2", "i-3"]);
    let resumed = next.engine.resume().await.unwrap();
    assert_eq!(resumed.len(), 1);
    assert_eq!(resumed[0].task_id, task.task_id);
    assert!(next.engine.resume().await.unwrap().is_empty(), "a task is taken up once");
    let ended = next.end(&task.task_id).await;
    assert_eq!(ended.status, TaskStatus::Completed);
    assert_eq!((ended.resources_discovered, ended.created), (3, 3));
    assert_eq!((ended.progress.scopes_done, ended.progress.scopes_total), (2, 2));
    assert_eq!(next.script.asked(), [vec!["a", "b"], vec!["b"]]);
    assert_eq!(next.ids().await, ["i-1", "i-2", "i-3"]);
}

#[tokio::test]
async fn a_resumed_task_lists_failed_scopes_again() {
    let world = World::new();
    world.script.say("0", Listing::Fails("Throttling"));
    let task = half_done(&world, DiscoveryRequest::new(Provider::AWS)).await;
    world.engine.shutdown().await;
    let next = world.restarted();
    next.script.holds("0", &["i-0"]);
    next.script.holds("b", &["i-2"]);
    next.engine.resume().await.unwrap();
    let ended = next.end(&task.task_id).await;
    assert_eq!((ended.status, ended.errors.len()), (TaskStatus::Completed, 0));
    assert_eq!(next.ids().await, ["i-0", "i-1", "i-2"]);
}

#[tokio::test]
async fn a_resumed_dry_run_begins_anew() {
    let world = World::new();
    let dry = DiscoveryRequest { dry_run: true, ..DiscoveryRequest::new(Provider::AWS) };
    let task = half_done(&world, dry).await;
    world.engine.shutdown().await;
    let next = world.restarted();
    next.script.holds("b", &["i-2"]);
    next.engine.resume().await.unwrap();
    let ended = next.end(&task.task_id).await;
    assert_eq!((ended.status, ended.created, ended.progress.scopes_done), (TaskStatus::Completed, 2, 2));
    assert!(next.ids().await.is_empty());
}

#[tokio::test]
async fn a_task_whose_keys_or_document_are_gone_fails_and_keeps_what_it_had_stored() {
    let keys = Credentials::Inline { access_key: Secret::new("AKIA1"), secret_key: Secret::new("hunter2"), session_token: None };
    let with_keys = DiscoveryRequest { credentials: Some(keys), ..DiscoveryRequest::new(Provider::AWS) };
    let with_document = DiscoveryRequest { document: Some(b"{}"[..].into()), ..DiscoveryRequest::new(Provider::AWS) };
    for (request, code) in [(with_keys, "CREDENTIALS_GONE"), (with_document, "DOCUMENT_GONE")] {
        let world = World::new();
        let task = half_done(&world, request).await;
        world.engine.shutdown().await;
        let next = world.restarted();
        next.engine.resume().await.unwrap();
        let ended = next.engine.task(&task.task_id).await.unwrap();
        assert_eq!((ended.status, ended.errors[0].code.as_str()), (TaskStatus::Failed, code));
        assert_eq!(next.ids().await, ["i-1"]);
    }
}

#[tokio::test]
async fn a_task_whose_provider_is_no_longer_built_in_fails() {
    let world = World::new();
    let mut task = half_done(&world, DiscoveryRequest::new(Provider::AWS)).await;
    world.engine.shutdown().await;
    task.provider = Provider::GCP;
    world.store.put(&task).await.unwrap();
    let resumed = world.restarted().engine.resume().await.unwrap();
    assert_eq!((resumed[0].status, resumed[0].errors[0].code.as_str()), (TaskStatus::Failed, "UNSUPPORTED"));
}

#[tokio::test]
async fn history_older_than_its_retention_is_forgotten() {
    let world = World::new();
    world.script.holds("machines", &["i-1"]);
    world.discover().await;
    let settings = EngineSettings { history_retention: Some(Duration::ZERO), ..EngineSettings::default() };
    let engine = engine(&world.store, &world.script, settings);
    engine.resume().await.unwrap();
    let pruned = async || {
        let header = world.store.export().next().await.unwrap().unwrap();
        matches!(header, ExportRecord::Header { history_since: Some(_), .. })
    };
    while !pruned().await {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.ids().await, ["i-1"]);
    engine.shutdown().await;
}
