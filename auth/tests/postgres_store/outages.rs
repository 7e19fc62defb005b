//! A database that is away.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dharmagraph_auth::store::{PostgresStore, Store, UserStore as _};
use dharmagraph_auth::testkit::sample;
use dharmagraph_auth::{Error, ErrorKind, Secret};

use super::database::Database;
use super::door::Door;
use super::durable::every::assert_all_fail;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn while_it_cannot_be_reached_every_operation_fails_and_none_finds_nothing() {
    let database = Database::create().await;
    let door = Door::to(&database).await;
    let store = PostgresStore::connect(door.url()).await.unwrap();
    store.insert_user(&sample::user()).await.unwrap();
    let store: Arc<dyn Store> = Arc::new(store);
    door.shut().await;

    let asked = Instant::now();
    assert_all_fail(&store, true).await;
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn when_its_connections_were_ended_the_next_operation_opens_others() {
    let database = Database::create().await;
    let store = database.open().await;
    let user = sample::user();
    store.insert_user(&user).await.unwrap();
    let mut connection = database.connection().await;
    let ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()";
    assert!(sqlx::query_scalar::<_, bool>(ended).fetch_one(&mut connection).await.unwrap());
    assert!(store.user(&user.id).await.unwrap().is_some());
}

#[tokio::test]
async fn where_nobody_listens_to_connect_fails_soon() {
    let asked = Instant::now();
    let error = PostgresStore::connect(&Secret::new("postgres://ada:hunter2@127.0.0.1:1/accounts")).await.unwrap_err();
    assert!(matches!(error, Error::Backend { backend: "postgres", retryable: true, .. }), "{error:?}");
    assert!(!format!("{error:?}").contains("hunter2"));
    assert!(asked.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn who_is_not_let_in_is_told_so_and_not_to_try_again() {
    let database = Database::create().await;
    let url = Secret::new(database.url().expose().replace("postgres://", "postgres://nobody").replace("nobodytests", "nobody"));
    let error = PostgresStore::connect(&url).await.unwrap_err();
    assert!(matches!(error, Error::Backend { backend: "postgres", retryable: false, .. }), "{error:?}");
}

#[tokio::test]
async fn what_is_no_url_of_a_database_is_refused_without_being_shown() {
    for url in ["", "hunter2", "mysql://ada:hunter2@localhost/accounts", "postgres://ada:hunter2@localhost:port/accounts"] {
        let error = PostgresStore::connect(&Secret::new(url)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{url}");
        assert!(!format!("{error:?} {error}").contains("hunter2"), "{error}");
    }
}
