//! Accounts in one SQLite file, for an installation of one machine.

mod api_keys;
mod audit;
mod counters;
mod factors;
mod file;
mod schema;
mod sessions;
mod signing_keys;
mod users;

use std::fmt;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{Sqlite, SqlitePool, Transaction};

use super::Store;
use super::sql::Fault;
use crate::error::Result;

/// The name that errors have.
const NAME: &str = "sqlite";
/// How many may read at once; others wait.
const READERS: u32 = 4;
/// How long an operation waits for its turn.
const ACQUIRE: Duration = Duration::from_secs(10);

/// Accounts in one SQLite file, which several processes of one machine may use.
///
/// What was answered is on the disk (a write-ahead log, synchronised at each commit). Writing operations of one process take
/// turns, those of several wait for each other up to 10 seconds. Cheap to clone; the clones are one store.
#[derive(Clone)]
pub struct SqliteStore {
    readers: SqlitePool,
    /// One connection: whoever writes waits in a queue, not in SQLite, which lets nobody go first.
    writer: SqlitePool,
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// Opens the file, and makes it where there is none: readable for its owner alone. Several processes may do so at once.
    ///
    /// # Errors
    /// - [`Error::Backend`](crate::Error::Backend) where it cannot be opened or is no SQLite file.
    /// - [`Error::Conflict`](crate::Error::Conflict) where a newer program brought its tables to what this one does not know.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        run("open its file", file::prepare(path)).await?;
        let pool = |connections| {
            let pool = SqlitePoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE);
            pool.idle_timeout(None).max_lifetime(None).connect_lazy_with(file::options(path))
        };
        Ok(Self { readers: pool(READERS), writer: pool(1) })
    }

    /// A transaction that may write: nobody else writes until it ends.
    async fn write(&self) -> Result<Transaction<'static, Sqlite>, Fault> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

impl Store for SqliteStore {
    fn name(&self) -> &'static str {
        NAME
    }
}

/// Runs an operation and gives its error the shape that callers know.
async fn run<T>(operation: &'static str, work: impl Future<Output = Result<T, Fault>>) -> Result<T> {
    work.await.map_err(|fault| fault.into_error(NAME, operation, passes))
}

/// Whether what SQLite refused may succeed later, by its extended result code, whose low byte is the primary one
/// (sqlite.org/rescode.html): SQLITE_BUSY, SQLITE_LOCKED, SQLITE_NOMEM and SQLITE_FULL.
fn passes(code: &str) -> bool {
    code.parse::<i32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 7 | 13))
}
