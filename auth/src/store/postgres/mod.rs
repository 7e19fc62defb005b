//! Accounts in PostgreSQL, for an installation of many machines.

mod api_keys;
mod audit;
mod counters;
mod factors;
mod lock;
mod schema;
mod sessions;
mod signing_keys;
mod users;

use std::fmt;
use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgConnection, PgPool};

use super::Store;
use super::sql::Fault;
use crate::error::{Error, Result};
use crate::secret::Secret;

/// The name that errors have.
const NAME: &str = "postgres";
/// How many operations may be under way at once; others wait.
const CONNECTIONS: u32 = 16;
/// How long an operation waits for a connection. While PostgreSQL is down this is how long each takes to say so.
const ACQUIRE: Duration = Duration::from_secs(5);
/// How long an operation may take in all, should PostgreSQL or the network between fall silent.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long PostgreSQL may work on, or wait in, one statement, in milliseconds; less than [`PATIENCE`], so that it is ended
/// there, too.
const STATEMENT: &str = "10000";
/// How long opening the store may take, with the waiting for others that open it at once.
const OPENING: Duration = Duration::from_secs(600);

/// Accounts in a PostgreSQL database, 13 or newer, which many processes may use.
///
/// The tables `users` and `audit_logs` are shared with other services; all others are named `auth_*`. While PostgreSQL cannot
/// be reached every operation fails within 5 seconds with an error that [is retryable](Error::is_retryable); nothing has to be
/// done when it is back. Cheap to clone; the clones are one store.
#[derive(Clone)]
pub struct PostgresStore {
    pool: PgPool,
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Connects to a database, `postgres://user:password@host:port/database?sslmode=verify-full`, and brings its tables to
    /// what this program knows. Several processes may do so at once, also where the tables of other services are there.
    ///
    /// # Errors
    /// - [`Error::Invalid`] for a URL that is none.
    /// - [`Error::Backend`] where PostgreSQL cannot be reached, or does not let this user in or make tables.
    /// - [`Error::Conflict`] where a newer program brought the tables to what this one does not know.
    pub async fn connect(url: &Secret) -> Result<Self> {
        let options = options(url)?;
        let opened = tokio::time::timeout(ACQUIRE, PgConnection::connect_with(&options)).await;
        let mut connection =
            run("connect", async { opened.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(Fault::from) }).await?;
        within(OPENING, "make its tables", schema::migrate(&mut connection)).await?;
        run("disconnect", async { connection.close().await.map_err(Fault::from) }).await?;
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(ACQUIRE);
        Ok(Self { pool: pool.connect_lazy_with(options) })
    }
}

impl Store for PostgresStore {
    fn name(&self) -> &'static str {
        NAME
    }
}

fn options(url: &Secret) -> Result<PgConnectOptions> {
    let expected = "postgres://user:password@host:port/database";
    if !["postgres://", "postgresql://"].iter().any(|scheme| url.expose().starts_with(scheme)) {
        return Err(Error::invalid("database URL", expected, "another scheme"));
    }
    let options = PgConnectOptions::from_str(url.expose()).map_err(|_| Error::invalid("database URL", expected, "none such"))?;
    Ok(options
        .application_name("dharmagraph-auth")
        .options([("statement_timeout", STATEMENT), ("idle_in_transaction_session_timeout", STATEMENT)]))
}

/// Runs an operation and gives its error the shape that callers know.
async fn run<T>(operation: &'static str, work: impl Future<Output = Result<T, Fault>>) -> Result<T> {
    within(PATIENCE, operation, work).await
}

async fn within<T>(patience: Duration, operation: &'static str, work: impl Future<Output = Result<T, Fault>>) -> Result<T> {
    match tokio::time::timeout(patience, work).await {
        Ok(done) => done.map_err(|fault| refused(fault).into_error(NAME, operation, passes)),
        Err(_) => {
            let source = format!("no answer within {} s", patience.as_secs()).into();
            Err(Error::Backend { backend: NAME, operation, retryable: true, source })
        }
    }
}

/// What PostgreSQL cannot keep as text is the caller's to mend.
fn refused(fault: Fault) -> Fault {
    match fault.code().as_deref() {
        // character_not_in_repertoire, untranslatable_character
        Some("22021" | "22P05") => Error::invalid("text", "no NUL characters", "one").into(),
        // invalid_text_representation: ids are the only texts that have to be something else.
        Some("22P02") => Error::invalid("id", "a UUID", "another text").into(),
        _ => fault,
    }
}

/// Whether what PostgreSQL refused may succeed later, by its SQLSTATE: connections (08), conflicts of transactions (40),
/// resources (53), waiting and locks (55P03), shutdowns, timeouts and starts (57), and a server that only reads (25006).
fn passes(code: &str) -> bool {
    ["08", "40", "53", "55P03", "57", "25006", "25P03"].iter().any(|class| code.starts_with(class))
}
