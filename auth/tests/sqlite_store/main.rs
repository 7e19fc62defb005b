//! The store in one SQLite file keeps every promise of a store.
#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../durable/mod.rs"]
mod durable;

mod file;

use std::sync::Arc;

use dharmagraph_auth::store::SqliteStore;
use dharmagraph_auth::testkit::store::{Subject, refresh_race};
use tempfile::TempDir;

use self::durable::crash;

/// An empty store, opened twice as two processes do.
async fn open() -> Subject {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("accounts.sqlite");
    let one = SqliteStore::open(&path).await.unwrap();
    let other = SqliteStore::open(&path).await.unwrap();
    Subject::new(one).and(other).keeping(folder)
}

dharmagraph_auth::store_conformance!(open);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_refreshes_at_once_one_makes_a_successor_a_thousand_times() {
    refresh_race(&open().await.rounds(1_000), 64).await;
}

#[tokio::test]
async fn a_process_that_is_killed_in_64_refreshes_at_once_loses_none_that_it_was_answered() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("accounts.sqlite");
    let open = async || SqliteStore::open(&path).await.unwrap();
    crash::nothing_is_lost_to_kills(open, path.to_str().unwrap(), "refreshes_until_it_is_killed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "a process that the test above starts and kills"]
async fn refreshes_until_it_is_killed() {
    let store = SqliteStore::open(std::env::var(crash::STORE).unwrap()).await.unwrap();
    crash::rotate_until_killed(Arc::new(store)).await;
}
