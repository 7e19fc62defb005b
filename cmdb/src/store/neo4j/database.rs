//! One database of a server: transactions, tried again where that can help.

use std::time::{Duration, Instant};

use tokio::sync::OnceCell;

use super::bolt::{Address, Login, Pool, Pooled, Terms};
use super::counts::{Counters, StatementCounts};
use super::driver::{Server, Session};
use super::fault::Fault;
use super::options::Neo4jOptions;
use super::schema;
use super::value::{Map, Value};
use crate::error::{Error, Result};

/// How long a read is tried again. Coming by a connection takes 1.2 s at most, so that who asks a Neo4j that is down has
/// an answer within 2 s.
pub(super) const BRIEFLY: Duration = Duration::from_millis(600);
/// How long a write of a sync is tried again: a restart of Neo4j takes less.
pub(super) const LONG: Duration = Duration::from_secs(90);
/// After this a statement is given up.
const READ_LIMIT: Duration = Duration::from_secs(60);
const WRITE_LIMIT: Duration = Duration::from_secs(600);
/// The first and the longest wait before something is tried again.
const FIRST_WAIT: Duration = Duration::from_millis(25);
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// The most rows in one statement: what they hold lies in the server's memory at once.
pub(super) const BATCH: usize = 10_000;

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// It ends without a commit, and is given up sooner.
    Read,
    Write,
}

/// A database that may or may not answer just now.
#[derive(Debug)]
pub(super) struct Database {
    server: Server,
    /// For people's queries.
    queries: Pool,
    name: String,
    counters: Counters,
    schema: OnceCell<()>,
}

impl Database {
    pub(super) fn new(options: &Neo4jOptions) -> Result<Self> {
        let login = Login { user: options.user.clone(), password: options.password.clone() };
        let queries = Pool::new(Address::parse(&options.uri)?, login, options.connections);
        let (name, counters, schema) = (options.database.clone(), Counters::default(), OnceCell::new());
        Ok(Self { server: Server::new(options), queries, name, counters, schema })
    }

    pub(super) fn counts(&self) -> StatementCounts {
        self.counters.counts()
    }

    /// Begins a transaction on a database whose schema is not looked at; each of its statements may take so long.
    pub(super) async fn begin_within(&self, limit: Duration) -> Result<Transaction<'_>, Fault> {
        Ok(Transaction { database: self, session: self.server.begin().await?, limit })
    }

    /// Begins a transaction; constraints and indexes are there.
    pub(super) async fn begin(&self, access: Access) -> Result<Transaction<'_>, Fault> {
        self.prepare().await?;
        self.begin_within(if access == Access::Read { READ_LIMIT } else { WRITE_LIMIT }).await
    }

    /// Begins a transaction for somebody's query, which only reads and which the server ends after `limit`.
    pub(super) async fn begin_query(&self, limit: Duration) -> Result<Pooled, Fault> {
        self.prepare().await?;
        let mut connection = self.queries.take().await?;
        connection.begin(&Terms { database: self.name.clone(), timeout: limit });
        self.counters.read();
        Ok(connection)
    }

    /// Makes the schema where it is missing. Two that make it at once can stand in each other's way; one of them is refused,
    /// and finds it made when it looks again.
    async fn prepare(&self) -> Result<(), Fault> {
        let prepare = async || {
            let mut wait = FIRST_WAIT;
            loop {
                match schema::prepare(self).await {
                    Err(fault) if fault.is_about_schema() && wait < LONGEST_WAIT => {
                        tracing::debug!(%fault, ?wait, "making the schema again");
                        tokio::time::sleep(wait).await;
                        wait *= 2;
                    }
                    done => return done,
                }
            }
        };
        self.schema.get_or_try_init(prepare).await.map(drop)
    }

    /// One statement that reads, tried again for a moment.
    pub(super) async fn read(&self, operation: &'static str, statement: &str, parameters: &Map) -> Result<Vec<Vec<Value>>> {
        let read = || async {
            let mut transaction = self.begin(Access::Read).await?;
            let records = transaction.read(statement, parameters.clone()).await?;
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
                self.server.forget();
                self.queries.forget();
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

/// A transaction. Dropped before its commit, it is undone.
#[derive(Debug)]
pub(super) struct Transaction<'a> {
    database: &'a Database,
    session: Session,
    limit: Duration,
}

impl Transaction<'_> {
    /// Runs a statement that only reads.
    pub(super) async fn read(&mut self, statement: &str, parameters: Map) -> Result<Vec<Vec<Value>>, Fault> {
        self.database.counters.read();
        within(self.limit, self.session.read(statement, parameters)).await
    }

    /// Runs a statement that may write.
    pub(super) async fn write(&mut self, statement: &str, parameters: Map) -> Result<Vec<Vec<Value>>, Fault> {
        let rows = if let Some(Value::List(rows)) = parameters.get("rows") { rows.len() } else { 0 };
        self.database.counters.write(rows);
        within(self.limit, self.session.read(statement, parameters)).await
    }

    /// Runs a statement that writes `$rows`, in as many batches as they need; never with none.
    pub(super) async fn write_rows(&mut self, statement: &str, mut rows: Vec<Value>) -> Result<(), Fault> {
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(BATCH));
            self.database.counters.write(rows.len());
            let parameters = Map::from([("rows".to_owned(), Value::List(rows))]);
            within(self.limit, self.session.run(statement, parameters)).await?;
            rows = rest;
        }
        Ok(())
    }

    /// Makes what was written last. A connection that is lost here leaves open whether it does.
    pub(super) async fn commit(self) -> Result<(), Fault> {
        within(self.limit, self.session.commit()).await
    }
}

async fn within<T>(limit: Duration, step: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    tokio::time::timeout(limit, step).await.unwrap_or(Err(Fault::Slow { what: "a statement", limit }))
}
