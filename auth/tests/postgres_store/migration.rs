//! How a database comes to have the tables.

use std::path::PathBuf;

use dharmagraph_auth::audit::verify_chain;
use dharmagraph_auth::store::{AuditFilter, AuditStore as _, PostgresStore, UserStore as _};
use dharmagraph_auth::testkit::sample;
use dharmagraph_auth::{ErrorKind, Secret, Tenant};
use sqlx::Connection as _;

use super::database::Database;

#[tokio::test]
async fn what_was_kept_is_there_when_the_database_is_opened_again() {
    let database = Database::create().await;
    let user = sample::user();
    database.open().await.insert_user(&user).await.unwrap();
    let kept = database.open().await.user(&user.id).await.unwrap().unwrap();
    assert_eq!((kept.email, kept.created_at, kept.updated_at), (user.email, user.created_at, user.updated_at));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_open_an_empty_database_at_once() {
    let database = Database::create().await;
    let url = Secret::new(database.url().expose());
    let opened: Vec<_> = (0..8)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move { PostgresStore::connect(&url).await })
        })
        .collect();
    for store in opened {
        assert!(!store.await.unwrap().unwrap().any_user().await.unwrap());
    }
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused() {
    let database = Database::create().await;
    database.open().await;
    let mut connection = database.connection().await;
    sqlx::query("UPDATE auth_schema SET version = 99").execute(&mut connection).await.unwrap();
    let error = PostgresStore::connect(database.url()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.to_string().contains("99"), "{error}");
}

#[tokio::test]
async fn the_tables_of_other_services_stay_and_their_rows_are_used() {
    let Some(schema) = contract() else { return };
    let database = Database::create().await;
    let mut connection = database.connection().await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(schema)).execute(&mut connection).await.unwrap();
    let before = sqlx::raw_sql(
        "INSERT INTO users (email, username, password_hash, role) \
         VALUES ('Ada@Example.com', 'ada', '$2b$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234', 'ADMIN'); \
         INSERT INTO audit_logs (user_id, action, resource_type) SELECT id, 'login', 'user' FROM users;",
    );
    before.execute(&mut connection).await.unwrap();

    for _ in 0..2 {
        let store = database.open().await;
        let user = store.user_by_email("ada@example.COM").await.unwrap().unwrap();
        assert_eq!((user.username.as_str(), user.tenant.as_str(), user.active), ("ada", "default", true));
        assert!(user.password_hash.expose().starts_with("$2b$10$"));
        assert!(user.custom_roles.is_empty());

        let mut event = sample::event(&Tenant::default(), sample::second(1));
        event.user = Some(user.id.clone());
        store.append_audit(&event, &sample::chain()).await.unwrap();
    }
    let store = database.open().await;
    assert_eq!(store.audit_head().await.unwrap().unwrap().0, 2);
    assert_eq!(store.audit(&AuditFilter { limit: 10, ..AuditFilter::default() }).await.unwrap().len(), 2);
    let all: i64 = sqlx::query_scalar("SELECT count(*) FROM audit_logs").fetch_one(&mut connection).await.unwrap();
    assert_eq!(all, 3, "what was there before is not part of the chain, and stays");
}

#[tokio::test]
async fn the_chain_outlives_the_user_and_shows_what_somebody_changed() {
    let database = Database::create().await;
    let store = database.open().await;
    let (user, other) = (sample::user(), sample::user());
    let chain = sample::chain();
    for user in [&user, &other] {
        store.insert_user(user).await.unwrap();
        let mut event = sample::event(&Tenant::default(), sample::second(1));
        event.user = Some(user.id.clone());
        store.append_audit(&event, &chain).await.unwrap();
    }
    let mut connection = database.connection().await;
    let sound = async || verify_chain(&store, &chain).await.unwrap().is_sound();
    assert!(sound().await);
    sqlx::query("DELETE FROM users WHERE id = $1::uuid").bind(other.id.as_str()).execute(&mut connection).await.unwrap();
    assert!(sound().await);
    let of_other = AuditFilter { user: Some(other.id.clone()), limit: 10, ..AuditFilter::default() };
    assert_eq!(store.audit(&of_other).await.unwrap().len(), 1);

    for change in [
        "UPDATE audit_logs SET user_id = NULL, actor = NULL WHERE sequence = 1",
        "UPDATE audit_logs SET actor = 'somebody else' WHERE sequence = 1",
        "UPDATE audit_logs SET user_id = (SELECT id FROM users LIMIT 1) WHERE sequence = 2",
        "UPDATE audit_logs SET ip_address = '192.0.2.8' WHERE sequence = 1",
        "UPDATE audit_logs SET changes = '{}' WHERE sequence = 2",
        "UPDATE audit_logs SET created_at = created_at + interval '1 microsecond' WHERE sequence = 1",
        "DELETE FROM audit_logs WHERE sequence = 2",
    ] {
        sqlx::query("CREATE TABLE kept AS SELECT * FROM audit_logs").execute(&mut connection).await.unwrap();
        sqlx::query(change).execute(&mut connection).await.unwrap();
        assert!(!sound().await, "{change}");
        let mut back = connection.begin().await.unwrap();
        sqlx::raw_sql("DELETE FROM audit_logs; INSERT INTO audit_logs SELECT * FROM kept; DROP TABLE kept")
            .execute(&mut *back)
            .await
            .unwrap();
        back.commit().await.unwrap();
        assert!(sound().await, "after {change}");
    }
}

/// The tables that several services share, which lie beside the data.
fn contract() -> Option<String> {
    let data = std::env::var_os("DHARMAGRAPH_DATA").map_or_else(|| PathBuf::from("../../shared/data"), PathBuf::from);
    let file = data.join("../contracts/schema.sql");
    match std::fs::read_to_string(&file) {
        Ok(schema) => Some(schema),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "{}: {error}; DHARMAGRAPH_DATA names the folder beside it", file.display());
            eprintln!("skipped: {} is not there; DHARMAGRAPH_DATA names the folder beside it", file.display());
            None
        }
    }
}
