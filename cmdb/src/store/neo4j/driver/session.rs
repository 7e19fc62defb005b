//! A transaction, in a task of its own.

use std::io;

use neo4rs::{Query, Txn};
use tokio::sync::{mpsc, oneshot};

use super::super::fault::Fault;
use super::super::value::{Map, Value};
use super::convert::{parameters, record};
use super::fault::fault;

type Reply<T> = oneshot::Sender<Result<T, Fault>>;

enum Request {
    /// Runs a statement and reads its records.
    Read(String, Map, Reply<Vec<Vec<Value>>>),
    /// Runs a statement whose records nobody wants.
    Run(String, Map, Reply<()>),
    Commit(Reply<()>),
}

/// A transaction. Dropped before its commit, it is undone.
///
/// A future of neo4rs that is dropped in the middle leaves an answer in the connection, and who gets that connection next
/// takes it for his own. So the transaction lives in a task that finishes each step, whoever waits for it or not; after a
/// failure it asks nothing more of its connection than to undo.
#[derive(Debug)]
pub(in super::super) struct Session {
    requests: mpsc::Sender<Request>,
}

impl Session {
    /// Takes over a transaction that has begun; needs to be called in a runtime.
    pub(super) fn new(transaction: Txn) -> Self {
        let (requests, received) = mpsc::channel(1);
        tokio::spawn(serve(transaction, received));
        Self { requests }
    }

    /// Runs a statement and gives its records.
    pub(in super::super) async fn read(&self, statement: &str, parameters: Map) -> Result<Vec<Vec<Value>>, Fault> {
        self.ask(|reply| Request::Read(statement.to_owned(), parameters, reply)).await
    }

    /// Runs a statement.
    pub(in super::super) async fn run(&self, statement: &str, parameters: Map) -> Result<(), Fault> {
        self.ask(|reply| Request::Run(statement.to_owned(), parameters, reply)).await
    }

    /// Makes what was written last.
    pub(in super::super) async fn commit(self) -> Result<(), Fault> {
        self.ask(Request::Commit).await
    }

    async fn ask<T>(&self, request: impl FnOnce(Reply<T>) -> Request) -> Result<T, Fault> {
        let ended = || Fault::Lost(io::Error::other("the transaction has ended"));
        let (reply, answer) = oneshot::channel();
        self.requests.send(request(reply)).await.map_err(|_| ended())?;
        answer.await.map_err(|_| ended())?
    }
}

async fn serve(mut transaction: Txn, mut requests: mpsc::Receiver<Request>) {
    while let Some(request) = requests.recv().await {
        let done = match request {
            Request::Read(statement, parameters, reply) => {
                let found = read(&mut transaction, query(statement, parameters)).await;
                let done = found.is_ok();
                // Whoever asked may be gone.
                let _ = reply.send(found);
                done
            }
            Request::Run(statement, parameters, reply) => {
                let ran = transaction.run(query(statement, parameters)).await.map_err(fault);
                let done = ran.is_ok();
                let _ = reply.send(ran);
                done
            }
            Request::Commit(reply) => {
                let _ = reply.send(transaction.commit().await.map_err(fault));
                return;
            }
        };
        if !done {
            break;
        }
    }
    if let Err(error) = transaction.rollback().await {
        tracing::debug!(%error, "a transaction that failed could not be undone; the server does it when the connection ends");
    }
}

fn query(statement: String, map: Map) -> Query {
    Query::new(statement).params(parameters(map))
}

async fn read(transaction: &mut Txn, query: Query) -> Result<Vec<Vec<Value>>, Fault> {
    let mut rows = transaction.execute(query).await.map_err(fault)?;
    let mut records = Vec::new();
    while let Some(row) = rows.next(transaction.handle()).await.map_err(fault)? {
        records.push(record(&row)?);
    }
    Ok(records)
}
