//! Every promise of [`TaskStore`].

use super::fixtures::{cursor, first, invalid, offset, ok, refused, second};
use crate::error::ErrorKind;
use crate::model::{Provider, TaskId, Timestamp};
use crate::secret::Secret;
use crate::sync::{Credentials, DiscoveryRequest, Task, TaskError, TaskProgress, TaskStatus, TaskStore};

/// Runs every check of a task store, each on a fresh and empty one from `make`.
pub async fn task_store_conformance<S, F>(make: F)
where
    S: TaskStore,
    F: AsyncFn() -> S,
{
    a_row_reads_back_as_it_was_written(&make().await).await;
    a_taken_id_is_refused(&make().await).await;
    put_replaces_the_row(&make().await).await;
    tasks_come_newest_first_in_pages(&make().await).await;
    a_task_is_found_by_its_providers_key(&make().await).await;
    unfinished_are_those_that_have_not_ended(&make().await).await;
    no_row_holds_a_secret(&make().await).await;
}

fn task(id: &str, started_at: Timestamp, status: TaskStatus) -> Task {
    Task {
        task_id: TaskId::new(id),
        provider: Provider::AWS,
        status,
        started_at,
        completed_at: None,
        resources_discovered: 0,
        errors: Vec::new(),
        created: 0,
        updated: 0,
        unchanged: 0,
        removed: 0,
        held_back: 0,
        progress: TaskProgress::default(),
        request: DiscoveryRequest::new(Provider::AWS),
    }
}

fn keyed(id: &str, provider: Provider, key: &str) -> Task {
    let mut task = task(id, second(1), TaskStatus::Running);
    task.request.idempotency_key = Some(key.to_owned());
    task.request.provider = provider.clone();
    task.provider = provider;
    task
}

/// A task with something in every field.
pub(super) fn with_everything(id: &str, started_at: Timestamp) -> Task {
    let mut full = task(id, started_at, TaskStatus::Partial);
    full.completed_at = Some(Timestamp::from_micros(second(2).as_micros() + 1));
    full.errors.push(TaskError { scope: Some("aws/1/eu-west-1/X".into()), code: "AccessDenied".into(), message: "no".into() });
    full.errors.push(TaskError { scope: None, code: "INTERNAL".into(), message: "ä".into() });
    (full.resources_discovered, full.created, full.updated, full.unchanged) = (10, 1, 2, 7);
    (full.removed, full.held_back) = (3, 4);
    full.progress = TaskProgress { scopes_done: 2, scopes_total: 3, api_calls: 9, retries: 1 };
    full.request.credentials = Some(Credentials::Profile { profile: "audit".into() });
    full.request.regions = vec!["eu-west-1".into()];
    full.request.idempotency_key = Some("key".into());
    full
}

/// A row reads back with every field.
pub async fn a_row_reads_back_as_it_was_written(store: &dyn TaskStore) {
    let full = with_everything("a", second(1));
    ok(store.insert(&full).await);
    assert_eq!(ok(store.task(&full.task_id).await), Some(full));
    assert_eq!(ok(store.task(&TaskId::new("b")).await), None);
}

/// A second task of one id is refused and changes nothing.
pub async fn a_taken_id_is_refused(store: &dyn TaskStore) {
    let one = task("a", second(1), TaskStatus::Running);
    ok(store.insert(&one).await);
    let error = refused(store.insert(&task("a", second(2), TaskStatus::Failed)).await);
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error:?}");
    assert_eq!(ok(store.task(&one.task_id).await), Some(one));
}

/// `put` replaces the row, and with it what the row is found by.
pub async fn put_replaces_the_row(store: &dyn TaskStore) {
    let mut one = task("a", second(1), TaskStatus::Running);
    ok(store.insert(&one).await);
    one.status = TaskStatus::Completed;
    one.created = 5;
    ok(store.put(&one).await);
    ok(store.put(&one).await);
    assert_eq!(ok(store.unfinished().await), []);
    assert_eq!(ok(store.tasks(&first(10)).await).tasks, [one]);
}

/// Tasks come newest first, those of one time by id, descending; following the cursors gives each once, also when newer ones come in between.
pub async fn tasks_come_newest_first_in_pages(store: &dyn TaskStore) {
    for (id, n) in [("b", 2), ("d", 1), ("c", 2), ("a", 3)] {
        ok(store.insert(&task(id, second(n), TaskStatus::Completed)).await);
    }
    let names = |tasks: &[Task]| tasks.iter().map(|task| task.task_id.to_string()).collect::<Vec<_>>();
    let all = ok(store.tasks(&first(10)).await);
    assert_eq!((names(&all.tasks), all.next_cursor), (["a", "c", "b", "d"].map(String::from).into(), None));
    let one = ok(store.tasks(&first(2)).await);
    assert_eq!(names(&one.tasks), ["a", "c"]);
    ok(store.insert(&task("e", second(9), TaskStatus::Completed)).await);
    let next = ok(store.tasks(&cursor(2, one.next_cursor.unwrap_or_default())).await);
    assert_eq!((names(&next.tasks), next.next_cursor), (["b", "d"].map(String::from).into(), None));
    assert_eq!(names(&ok(store.tasks(&offset(1, 1)).await).tasks), ["a"]);
    for bad in [first(0), first(1001), cursor(1, "nonsense".into())] {
        invalid(store.tasks(&bad).await);
    }
}

/// An idempotency key belongs to its provider.
pub async fn a_task_is_found_by_its_providers_key(store: &dyn TaskStore) {
    let one = keyed("a", Provider::AWS, "key");
    ok(store.insert(&one).await);
    ok(store.insert(&keyed("b", Provider::TERRAFORM, "key")).await);
    ok(store.insert(&task("c", second(1), TaskStatus::Running)).await);
    assert_eq!(ok(store.task_by_key(&Provider::AWS, "key").await), Some(one));
    assert_eq!(ok(store.task_by_key(&Provider::AWS, "KEY").await), None);
    assert_eq!(ok(store.task_by_key(&Provider::GCP, "key").await), None);
}

/// Only running tasks are unfinished.
pub async fn unfinished_are_those_that_have_not_ended(store: &dyn TaskStore) {
    use TaskStatus::{Cancelled, Completed, Failed, Partial, Running};
    for (n, status) in (1..).zip([Running, Completed, Partial, Failed, Cancelled, Running]) {
        ok(store.insert(&task(&format!("t{n}"), second(n), status)).await);
    }
    let mut names: Vec<_> = ok(store.unfinished().await).iter().map(|task| task.task_id.to_string()).collect();
    names.sort();
    assert_eq!(names, ["t1", "t6"]);
}

/// Keys and documents that came with a request are not in its row.
pub async fn no_row_holds_a_secret(store: &dyn TaskStore) {
    let mut one = task("a", second(1), TaskStatus::Running);
    one.request.credentials =
        Some(Credentials::Inline { access_key: Secret::new("AKIA1"), secret_key: Secret::new("hunter2"), session_token: None });
    one.request.document = Some(b"password"[..].into());
    one.request.inline_document = true;
    ok(store.insert(&one).await);
    ok(store.put(&one).await);
    for row in [ok(store.task(&one.task_id).await), ok(store.tasks(&first(1)).await).tasks.pop()] {
        let request = row.map(|row| row.request);
        assert_eq!(request.as_ref().and_then(|request| request.credentials.as_ref()), Some(&Credentials::Gone {}));
        assert!(request.is_some_and(|request| request.document.is_none() && request.inline_document));
    }
}
