//! A database for one test.

use dharmagraph_auth::store::PostgresStore;
use dharmagraph_auth::{Secret, UserId};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// A database of its own, which goes away with its owner.
pub(crate) struct Database {
    name: String,
    url: Secret,
}

impl Database {
    /// An empty one.
    pub(crate) async fn create() -> Self {
        let name = format!("test_{}", UserId::generate().as_str().replace('-', "_"));
        administer(format!("CREATE DATABASE {name}")).await;
        let server = server();
        let (address, _) = server.rsplit_once('/').expect("POSTGRES_URL names a database");
        Self { url: Secret::new(format!("{address}/{name}")), name }
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &Secret {
        &self.url
    }

    /// Its server's address, host and port.
    pub(crate) fn address(&self) -> &str {
        let (_, place) = self.url.expose().rsplit_once('@').expect("POSTGRES_URL names a user");
        place.split('/').next().unwrap_or_default()
    }

    /// A store in it.
    pub(crate) async fn open(&self) -> PostgresStore {
        PostgresStore::connect(&self.url).await.unwrap()
    }

    /// A connection to it that is nobody's store.
    pub(crate) async fn connection(&self) -> PgConnection {
        PgConnection::connect(self.url.expose()).await.unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let dropping = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // The test's own runtime cannot be waited for from here.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(administer(dropping));
        })
        .join();
        assert!(dropped.is_ok() || std::thread::panicking(), "the database stays behind");
    }
}

/// The server that the environment names.
fn server() -> String {
    std::env::var("POSTGRES_URL")
        .unwrap_or_else(|_| panic!("POSTGRES_URL is not set: run `make test`, which starts a PostgreSQL for the tests"))
}

async fn administer(statement: String) {
    let mut connection = PgConnection::connect(&server()).await.unwrap();
    sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
