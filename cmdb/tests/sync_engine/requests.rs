//! From requests to tasks.

use std::time::Duration;

use dharmagraph_cmdb::sync::{Credentials, DiscoveryRequest, TaskStatus, TaskStore};
use dharmagraph_cmdb::{Error, ErrorKind, PageRequest, Provider, Secret, TaskId, Timestamp};
use futures_util::StreamExt;

use crate::script::{Listing, World};

fn keyed(key: &str) -> DiscoveryRequest {
    DiscoveryRequest { idempotency_key: Some(key.into()), ..DiscoveryRequest::new(Provider::AWS) }
}

#[tokio::test]
async fn the_row_is_stored_before_start_returns() {
    let world = World::new();
    let _gate = world.script.say_behind_gate("machines", Listing::Silent);
    let task = world.start().await;
    assert_eq!(task.status, TaskStatus::Running);
    assert_eq!(TaskStore::task(&*world.store, &task.task_id).await.unwrap(), Some(task.clone()));
    assert!(world.script.asked().is_empty(), "nobody is asked before start returns");
    let id = task.task_id.as_str();
    assert_eq!(id, format!("aws-discovery-{}", task.started_at.compact()));
    assert_eq!(world.engine.tasks(&PageRequest::default()).await.unwrap().tasks, [task]);
}

#[tokio::test]
async fn a_taken_id_gets_a_suffix() {
    let world = World::new();
    let first = world.discover().await;
    let now = Timestamp::now().as_micros();
    for second in 0..3600 {
        let mut taken = first.clone();
        let started = Timestamp::from_micros(now + second * 1_000_000);
        taken.task_id = TaskId::new(format!("aws-discovery-{}", started.compact()));
        world.store.put(&taken).await.unwrap();
    }
    let second = world.start().await;
    let third = world.start().await;
    assert!(second.task_id.as_str().ends_with("-2"), "{}", second.task_id);
    assert!(third.task_id.as_str().ends_with(['2', '3']) && third.task_id != second.task_id, "{}", third.task_id);
}

#[tokio::test]
async fn two_requests_with_one_key_are_one_task() {
    let world = World::new();
    world.script.holds("machines", &["i-1"]);
    let (one, other) = tokio::join!(world.engine.start(keyed("k")), world.engine.start(keyed("k")));
    let id = one.unwrap().task_id;
    assert_eq!(other.unwrap().task_id, id);
    let ended = world.end(&id).await;
    assert_eq!(world.restarted().engine.start(keyed("k")).await.unwrap(), ended);
    assert_eq!(world.script.asked().len(), 1);
    let different = DiscoveryRequest { dry_run: true, ..keyed("k") };
    let error = world.engine.start(different).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    assert!(error.to_string().contains(id.as_str()), "{error}");
    assert_ne!(world.engine.start(keyed("other")).await.unwrap().task_id, id);
}

#[tokio::test]
async fn a_request_that_cannot_be_taken_makes_no_task() {
    let world = World::new();
    let no_connector = world.engine.start(DiscoveryRequest::new(Provider::GCP)).await.unwrap_err();
    assert!(matches!(no_connector, Error::Unsupported { .. }), "{no_connector}");
    let bad = DiscoveryRequest { regions: vec!["eu west".into()], ..DiscoveryRequest::new(Provider::AWS) };
    assert!(matches!(world.engine.start(bad).await, Err(Error::Invalid { .. })));
    let gone = DiscoveryRequest { credentials: Some(Credentials::Gone {}), ..DiscoveryRequest::new(Provider::AWS) };
    assert!(matches!(world.engine.start(gone).await, Err(Error::Invalid { .. })));
    assert!(world.engine.tasks(&PageRequest::default()).await.unwrap().tasks.is_empty());
    let unknown = TaskId::new("unknown");
    assert!(matches!(world.engine.task(&unknown).await, Err(Error::NotFound { .. })));
    assert!(matches!(world.engine.cancel(&unknown).await, Err(Error::NotFound { .. })));
    assert!(world.engine.watch(&unknown).await.is_err());
}

#[tokio::test]
async fn no_task_shows_the_keys_that_came_with_its_request() {
    let world = World::new();
    let keys = Credentials::Inline { access_key: Secret::new("AKIA1"), secret_key: Secret::new("hunter2"), session_token: None };
    let request = DiscoveryRequest { credentials: Some(keys), ..DiscoveryRequest::new(Provider::AWS) };
    let task = world.engine.start(request).await.unwrap();
    assert_eq!(task.request.credentials, Some(Credentials::Gone {}));
    assert_eq!(world.end(&task.task_id).await.status, TaskStatus::Completed);
}

#[tokio::test]
async fn watchers_see_the_steps_and_the_end() {
    let world = World::new();
    world.script.holds("a", &["i-1"]);
    let gate = world.script.say_behind_gate("b", Listing::Holds(Vec::new()));
    let task = world.start().await;
    let early = world.engine.watch(&task.task_id).await.unwrap();
    let half = world.wait(&task.task_id, |task| task.progress.scopes_done == 1).await;
    assert_eq!((half.status, half.created), (TaskStatus::Running, 1));
    assert_eq!(world.engine.task(&task.task_id).await.unwrap(), half);
    gate.add_permits(1);
    let steps: Vec<_> = early.collect().await;
    assert!(steps[..steps.len() - 1].iter().all(|task| !task.status.is_final()));
    let end = steps.last().unwrap();
    assert_eq!(end.status, TaskStatus::Completed);
    let late: Vec<_> = world.engine.watch(&task.task_id).await.unwrap().collect().await;
    assert_eq!(late, std::slice::from_ref(end));
}

#[tokio::test]
async fn a_scheduled_request_runs_again_until_the_engine_is_shut_down() {
    let world = World::new();
    world.script.holds("machines", &["i-1"]);
    world.engine.schedule(Duration::ZERO, keyed("does not count"));
    while world.script.asked().len() < 3 {
        tokio::task::yield_now().await;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    world.engine.shutdown().await;
    let runs = world.script.asked().len();
    let tasks = world.engine.tasks(&PageRequest::default()).await.unwrap().tasks;
    assert!(tasks.len() >= runs);
    assert!(tasks.iter().rev().take(3).all(|task| task.status == TaskStatus::Completed));
}
