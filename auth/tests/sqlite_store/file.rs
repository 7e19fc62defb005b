//! The file itself.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use dharmagraph_auth::store::{SqliteStore, Store, UserStore as _};
use dharmagraph_auth::testkit::sample;
use dharmagraph_auth::{Error, ErrorKind};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, SqliteConnection};
use tempfile::TempDir;

use super::durable::every::assert_all_fail;

#[tokio::test]
async fn its_owner_alone_reads_the_file_and_its_log() {
    let folder = TempDir::new().unwrap();
    let store = SqliteStore::open(folder.path().join("accounts.sqlite")).await.unwrap();
    store.insert_user(&sample::user()).await.unwrap();
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
    assert_eq!(files.len(), 3, "the file, its log and the log's index: {files:?}");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{}", file.path().display());
    }
}

#[tokio::test]
async fn what_was_kept_is_there_when_the_file_is_opened_again() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("accounts.sqlite");
    let user = sample::user();
    SqliteStore::open(&path).await.unwrap().insert_user(&user).await.unwrap();
    let kept = SqliteStore::open(&path).await.unwrap().user(&user.id).await.unwrap().unwrap();
    assert_eq!((kept.email, kept.created_at), (user.email, user.created_at));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_open_a_file_that_is_not_there_yet() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("accounts.sqlite");
    let opened: Vec<_> = (0..8).map(|_| tokio::spawn(SqliteStore::open(path.clone()))).collect();
    for store in opened {
        assert!(!store.await.unwrap().unwrap().any_user().await.unwrap());
    }
}

#[tokio::test]
async fn a_file_of_a_newer_program_is_refused_and_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("accounts.sqlite");
    drop(SqliteStore::open(&path).await.unwrap());
    let mut connection = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&path)).await.unwrap();
    sqlx::query("UPDATE auth_schema SET version = 99").execute(&mut connection).await.unwrap();
    let error = SqliteStore::open(&path).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.to_string().contains("99"), "{error}");
}

#[tokio::test]
async fn what_is_no_database_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("accounts.sqlite");
    std::fs::write(&path, "not a database, but long enough to be read as the header of one: ".repeat(64)).unwrap();
    for path in [path.as_path(), folder.path(), &folder.path().join("missing/accounts.sqlite")] {
        let error = SqliteStore::open(path).await.unwrap_err();
        assert!(matches!(error, Error::Backend { backend: "sqlite", .. }), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_its_tables_every_operation_fails_and_none_finds_nothing() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("accounts.sqlite");
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path).await.unwrap());
    let options = SqliteConnectOptions::new().filename(&path).foreign_keys(false);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    for table in tables {
        sqlx::query(sqlx::AssertSqlSafe(format!("DROP TABLE {table}"))).execute(&mut connection).await.unwrap();
    }
    assert_all_fail(&store, false).await;
}
