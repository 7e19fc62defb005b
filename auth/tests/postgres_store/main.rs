//! The store in PostgreSQL keeps every promise of a store, against a real PostgreSQL.
#![cfg(feature = "postgres")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../durable/mod.rs"]
mod durable;

mod database;
mod door;
mod migration;
mod outages;

use std::sync::Arc;

use dharmagraph_auth::Secret;
use dharmagraph_auth::store::PostgresStore;
use dharmagraph_auth::testkit::store::{Subject, refresh_race};

use self::database::Database;
use self::durable::crash;

/// An empty store, opened twice as two processes do.
async fn open() -> Subject {
    let database = Database::create().await;
    let one = database.open().await;
    let other = database.open().await;
    Subject::new(one).and(other).keeping(database)
}

dharmagraph_auth::store_conformance!(open);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_refreshes_at_once_one_makes_a_successor_a_thousand_times() {
    refresh_race(&open().await.rounds(1_000), 64).await;
}

#[tokio::test]
async fn a_process_that_is_killed_in_64_refreshes_at_once_loses_none_that_it_was_answered() {
    let database = Database::create().await;
    let open = async || database.open().await;
    crash::nothing_is_lost_to_kills(open, database.url().expose(), "refreshes_until_it_is_killed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "a process that the test above starts and kills"]
async fn refreshes_until_it_is_killed() {
    let store = PostgresStore::connect(&Secret::new(std::env::var(crash::STORE).unwrap())).await.unwrap();
    crash::rotate_until_killed(Arc::new(store)).await;
}
