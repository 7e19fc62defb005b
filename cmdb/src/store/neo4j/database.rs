//! One database of a server: transactions, tried again where that can help.

use std::time::{Duration, Instant};

use tokio::sync::OnceCell;

use super::bolt::{Access, Address, Answer, Fault, Login, Map, Pool, Pooled, Terms, Value};
use super::counts::{Counters, StatementCounts};
use super::options::Neo4jOptions;
use super::schema;
use crate::error::{Error, Result};

/// How long a read is tried again. Coming by a connection takes 1.2 s at most, so that who asks a Neo4j that is down has
/// an answer within 2 s.
pub(super) const BRIEFLY: Duration = Duration::from_millis(600);
/// How long a write of a sync is tried again: a restart of Neo4j takes less.
pub(super) const LONG: Duration = Duration::from_secs(90);
/// After this the server ends a transaction of ours.
const READ_LIMIT: Duration = Duration::from_secs(60);
const WRITE_LIMIT: Duration = Duration::from_secs(600);
/// How much longer than the server's limit one waits for the server to keep to it.
const GRACE: Duration = Duration::from_secs(2);
/// The first and the longest wait before something is tried again.
const FIRST_WAIT: Duration = Duration::from_millis(25);
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// The most rows in one statement: what they hold lies in the server's memory at once.
pub(super) const BATCH: usize = 10_000;

/// A database that may or may not answer just now.
#[derive(Debug)]
pub(super) struct Database {
    pool: Pool,
    name: String,
    counters: Counters,
    schema: OnceCell<()>,
}

impl Database {
    pub(super) fn new(options: &Neo4jOptions) -> Result<Self> {
        let login = Login { user: options.user.clone(), password: options.password.clone() };
        let pool = Pool::new(Address::parse(&options.uri)?, login, options.connections);
        Ok(Self { pool, name: options.database.clone(), counters: Counters::default(), schema: OnceCell::new() })
    }

    pub(super) fn counts(&self) -> StatementCounts {
        self.counters.counts()
    }

    /// Begins a transaction of its own terms, on a database whose schema is not looked at.
    pub(super) async fn begin_within(&self, access: Access, limit: Duration) -> Result<Transaction<'_>, Fault> {
        let mut connection = self.pool.take().await?;
        connection.begin(&Terms { access, database: self.name.clone(), timeout: limit });
        Ok(Transaction { database: self, connection, limit })
    }

    /// Begins a transaction; constraints and indexes are there.
    pub(super) async fn begin(&self, access: Access) -> Result<Transaction<'_>, Fault> {
        self.schema.get_or_try_init(|| schema::prepare(self)).await?;
        self.begin_within(access, if access == Access::Read { READ_LIMIT } else { WRITE_LIMIT }).await
    }

    /// Begins a transaction for somebody's query, which the server ends after `limit`.
    pub(super) async fn begin_query(&self, limit: Duration) -> Result<Transaction<'_>, Fault> {
        self.schema.get_or_try_init(|| schema::prepare(self)).await?;
        self.begin_within(Access::Read, limit).await
    }

    /// One statement that reads, tried again for a moment.
    pub(super) async fn read(&self, operation: &'static str, statement: &str, parameters: &Map) -> Result<Vec<Vec<Value>>> {
        let read = || async {
            let mut transaction = self.begin(Access::Read).await?;
            let records = transaction.read(statement, parameters.clone()).await?;
            transaction.end().await;
            Ok(records)
        };
        self.tried(operation, BRIEFLY, read).await
    }

    /// Does something until it works, fails for good or `patience` is at its end.
    pub(super) async fn tried<T, F>(&self, operation: &'static str, patience: Duration, attempt: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        let begun = Instant::now();
        let mut wait = FIRST_WAIT;
        loop {
            let fault = match attempt().await {
                Ok(value) => return Ok(value),
                Err(fault) => fault,
            };
            if matches!(fault, Fault::Lost(_) | Fault::Unreachable { .. }) {
                self.pool.forget();
            }
            if !fault.is_transient() || begun.elapsed() + wait > patience {
                return Err(failed(operation, fault));
            }
            tracing::debug!(%fault, ?wait, "trying again");
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}

/// An error of this store.
pub(super) fn failed(operation: &'static str, fault: Fault) -> Error {
    Error::Backend { backend: "neo4j", operation, retryable: fault.is_transient(), source: fault.into() }
}

/// A transaction. Dropped before its end, it is undone, and the server stops what it was doing.
#[derive(Debug)]
pub(super) struct Transaction<'a> {
    database: &'a Database,
    connection: Pooled,
    limit: Duration,
}

impl Transaction<'_> {
    /// Runs a statement that only reads.
    pub(super) async fn read(&mut self, statement: &str, parameters: Map) -> Result<Vec<Vec<Value>>, Fault> {
        self.database.counters.read();
        Ok(self.run(statement, parameters, None).await?.records.into())
    }

    /// Runs a statement that may write.
    pub(super) async fn write(&mut self, statement: &str, parameters: Map) -> Result<Vec<Vec<Value>>, Fault> {
        let rows = if let Some(Value::List(rows)) = parameters.get("rows") { rows.len() } else { 0 };
        self.database.counters.write(rows);
        Ok(self.run(statement, parameters, None).await?.records.into())
    }

    /// Runs a statement that writes `$rows`, in as many batches as they need; never with none.
    pub(super) async fn write_rows(&mut self, statement: &str, mut rows: Vec<Value>) -> Result<(), Fault> {
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(BATCH));
            self.database.counters.write(rows.len());
            self.run(statement, Map::from([("rows".to_owned(), Value::List(rows))]), None).await?;
            rows = rest;
        }
        Ok(())
    }

    /// Runs somebody's query and pulls at most so many records.
    pub(super) async fn ask(&mut self, query: &str, parameters: Map, most: u64) -> Result<Answer, Fault> {
        self.database.counters.read();
        self.run(query, parameters, Some(most)).await
    }

    async fn run(&mut self, statement: &str, parameters: Map, most: Option<u64>) -> Result<Answer, Fault> {
        let limit = self.limit + GRACE;
        let run = tokio::time::timeout(limit, self.connection.run(statement, parameters, most)).await;
        run.unwrap_or(Err(Fault::Slow { what: "a statement", limit }))
    }

    /// Makes what was written last. A connection that is lost here leaves open whether it does.
    pub(super) async fn commit(mut self) -> Result<(), Fault> {
        tokio::time::timeout(self.limit, self.connection.commit())
            .await
            .unwrap_or(Err(Fault::Slow { what: "a commit", limit: self.limit }))?;
        self.connection.give_back().await;
        Ok(())
    }

    /// Undoes what was written, if anything was, and keeps the connection.
    pub(super) async fn end(mut self) {
        if matches!(tokio::time::timeout(GRACE, self.connection.rollback()).await, Ok(Ok(()))) {
            self.connection.give_back().await;
        }
    }

    /// Ends a transaction that failed, and keeps the connection where it still lives.
    pub(super) async fn give_up(self) {
        self.connection.give_back().await;
    }
}
