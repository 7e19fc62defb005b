//! The file, and how it is opened.

use std::fs::OpenOptions;
use std::io;
#[cfg(unix)]
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::Mutex;

use super::{passes, schema};
use crate::store::sql::Fault;

/// How long a statement waits for another process that writes.
const BUSY: Duration = Duration::from_secs(10);
/// How long opening waits for others that open the file at once.
const OPENING: Duration = Duration::from_secs(20);
/// How long until opening tries again.
const POLL: Duration = Duration::from_millis(20);

/// Held while a file is made: closing any handle of a file releases all locks that the process has on it, also SQLite's
/// (sqlite.org/howtocorrupt.html, section 2.2).
static MAKING: Mutex<()> = Mutex::const_new(());

/// How the connections of this file are opened.
pub(super) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY)
}

/// Makes sure of the file, of its write-ahead log and of its tables.
pub(super) async fn prepare(path: &Path) -> Result<(), Fault> {
    let _making = MAKING.lock().await;
    make(path).map_err(sqlx::Error::Io)?;
    let deadline = Instant::now() + OPENING;
    loop {
        match migrated(path).await {
            // To change to a write-ahead log is refused at once, without waiting, while another process has the file open.
            Err(Fault::Database(sqlx::Error::Database(refusal)))
                if refusal.code().is_some_and(|code| passes(&code)) && Instant::now() < deadline =>
            {
                tokio::time::sleep(POLL).await;
            }
            prepared => return prepared,
        }
    }
}

async fn migrated(path: &Path) -> Result<(), Fault> {
    let mut connection = SqliteConnection::connect_with(&options(path).journal_mode(SqliteJournalMode::Wal)).await?;
    let migrated = schema::migrate(&mut connection).await;
    connection.close().await?;
    migrated
}

/// Makes an empty file, which is an empty database, that its owner alone can read; SQLite gives its log the same mode.
fn make(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    file.mode(0o600);
    match file.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}
