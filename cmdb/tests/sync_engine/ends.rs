//! How tasks end.

use dharmagraph_cmdb::sync::{DiscoveryRequest, TaskProgress, TaskStatus, TaskStore};
use dharmagraph_cmdb::{GraphStore, Provider, ResourceType};

use crate::script::{Listing, World, machine};

#[tokio::test]
async fn a_discovery_of_every_scope_is_completed_and_its_row_is_stored() {
    let world = World::new();
    world.script.holds("machines", &["i-1", "i-2"]);
    world.script.holds("networks", &["vpc-1"]);
    let task = world.discover().await;
    assert_eq!(task.status, TaskStatus::Completed);
    assert_eq!((task.resources_discovered, task.created, task.errors.len()), (3, 3, 0));
    assert_eq!(task.progress, TaskProgress { scopes_done: 2, scopes_total: 2, api_calls: 2, retries: 0 });
    assert!(task.completed_at >= Some(task.started_at));
    assert_eq!(world.ids().await, ["i-1", "i-2", "vpc-1"]);
    assert_eq!(TaskStore::task(&*world.store, &task.task_id).await.unwrap(), Some(task.clone()));
    assert_eq!(world.engine.task(&task.task_id).await.unwrap(), task);
    let again = world.discover().await;
    assert_eq!((again.created, again.unchanged), (0, 3));
}

#[tokio::test]
async fn a_failed_scope_removes_nothing_and_leaves_the_task_partial() {
    let world = World::new();
    world.script.holds("machines", &["i-1", "i-2"]);
    world.script.holds("volumes", &["vol-1", "vol-2"]);
    world.discover().await;
    world.script.say("machines", Listing::Fails("AccessDenied"));
    world.script.holds("volumes", &["vol-2"]);
    let task = world.discover().await;
    assert_eq!(task.status, TaskStatus::Partial);
    assert_eq!(task.errors.len(), 1);
    assert_eq!(task.errors[0].scope.as_deref(), Some("aws/1/eu-west-1/machines"));
    assert_eq!(task.errors[0].code, "AccessDenied");
    assert_eq!((task.removed, task.progress.scopes_done), (1, 2));
    assert_eq!(world.ids().await, ["i-1", "i-2", "vol-2"]);
}

#[tokio::test]
async fn a_task_of_which_nothing_was_listed_is_failed() {
    let world = World::new();
    world.script.say("machines", Listing::Fails("Throttling"));
    world.script.say("volumes", Listing::Fails("AccessDenied"));
    let task = world.discover().await;
    assert_eq!((task.status, task.errors.len()), (TaskStatus::Failed, 2));
    assert!(world.ids().await.is_empty());
}

#[tokio::test]
async fn a_provider_that_refuses_ends_the_task_with_its_code() {
    let world = World::new();
    world.script.holds("machines", &["i-1"]);
    *world.script.hides.lock().unwrap() = Some("ExpiredToken");
    let hidden = world.discover().await;
    *world.script.refuses.lock().unwrap() = Some("NoCredentials");
    let refused = world.discover().await;
    for (task, code) in [(hidden, "ExpiredToken"), (refused, "NoCredentials")] {
        assert_eq!(task.status, TaskStatus::Failed);
        assert_eq!((task.errors[0].code.as_str(), task.errors[0].scope.as_deref()), (code, None));
    }
    assert!(world.script.asked().is_empty());
}

#[tokio::test]
async fn a_scope_whose_listing_has_no_end_or_cannot_be_kept_fails_alone() {
    let world = World::new();
    world.script.holds("machines", &["i-1"]);
    world.script.say("silent", Listing::Silent);
    let mut bad = machine("i-2");
    bad.resource_type = ResourceType::new("not a label");
    world.script.say("spoilt", Listing::Holds(vec![machine("i-3"), bad]));
    let task = world.discover().await;
    assert_eq!(task.status, TaskStatus::Partial);
    let codes: Vec<_> = task.errors.iter().map(|error| (error.scope.as_deref().unwrap(), error.code.as_str())).collect();
    assert_eq!(codes, [("aws/1/eu-west-1/spoilt", "INVALID"), ("aws/1/eu-west-1/silent", "INCOMPLETE")]);
    assert_eq!(world.ids().await, ["i-1"]);
}

#[tokio::test]
async fn a_panic_ends_the_task_and_nothing_else() {
    let world = World::new();
    world.script.holds("a", &["i-1"]);
    world.script.say("b", Listing::Panics);
    let task = world.discover().await;
    assert_eq!((task.status, task.errors[0].code.as_str()), (TaskStatus::Failed, "INTERNAL"));
    assert_eq!(TaskStore::task(&*world.store, &task.task_id).await.unwrap(), Some(task));
    world.script.holds("b", &["i-2"]);
    assert_eq!(world.discover().await.status, TaskStatus::Completed);
    assert_eq!(world.ids().await, ["i-1", "i-2"]);
}

#[tokio::test]
async fn removals_are_held_back_until_they_are_accepted() {
    let world = World::new();
    let ids: Vec<String> = (0..30).map(|n| format!("i-{n:02}")).collect();
    world.script.holds("machines", &ids.iter().map(String::as_str).collect::<Vec<_>>());
    world.discover().await;
    world.script.holds("machines", &["i-00"]);
    let task = world.discover().await;
    assert_eq!((task.status, task.held_back, task.removed), (TaskStatus::Partial, 29, 0));
    assert_eq!(task.errors[0].code, "HELD_BACK");
    assert!(task.errors[0].message.contains("accept_removals"), "{}", task.errors[0].message);
    assert_eq!(world.ids().await.len(), 30);
    let accept = DiscoveryRequest { accept_removals: true, ..DiscoveryRequest::new(Provider::AWS) };
    let task = world.engine.start(accept).await.unwrap();
    let task = world.end(&task.task_id).await;
    assert_eq!((task.status, task.held_back, task.removed), (TaskStatus::Completed, 0, 29));
}

#[tokio::test]
async fn a_dry_run_reports_what_would_change_and_writes_nothing() {
    let world = World::new();
    world.script.holds("machines", &["i-1", "i-2"]);
    world.discover().await;
    world.script.holds("machines", &["i-2", "i-3"]);
    let before = world.store.scopes().await.unwrap();
    let dry = DiscoveryRequest { dry_run: true, ..DiscoveryRequest::new(Provider::AWS) };
    let task = world.engine.start(dry).await.unwrap();
    let task = world.end(&task.task_id).await;
    assert_eq!(task.status, TaskStatus::Completed);
    assert_eq!((task.created, task.unchanged, task.removed), (1, 1, 1));
    assert_eq!(world.ids().await, ["i-1", "i-2"]);
    assert_eq!(world.store.scopes().await.unwrap(), before);
}
