//! A transaction, in a task of its own.

use std::io;
use std::pin::pin;
use std::time::Duration;

use neo4rs::{Query, Txn};
use tokio::sync::{mpsc, oneshot};

use super::super::fault::Fault;
use super::super::value::{Map, Value};
use super::convert::{parameters, record};
use super::fault::fault;
use super::server::Connections;

type Reply<T> = oneshot::Sender<Result<T, Fault>>;

enum Request {
    /// Runs a statement and reads its records.
    Read(String, Map, Reply<Vec<Vec<Value>>>),
    /// Runs a statement whose records nobody wants.
    Run(String, Map, Reply<()>),
    Commit(Reply<()>),
}

/// How long a step may still take when nobody waits for it any more.
pub(super) const UNWATCHED: Duration = Duration::from_secs(5);

/// A transaction. Dropped before its commit, it is undone.
///
/// A future of neo4rs that is dropped in the middle leaves an answer in the connection, and who gets that connection next
/// takes it for his own. So the transaction lives in a task that finishes each step, whoever waits for it or not; after a
/// failure it asks nothing more of its connection than to undo. Where a step that nobody waits for does not end either, as
/// when the server went away in the middle of a message, no connection of that time is used again.
#[derive(Debug)]
pub(in super::super) struct Session {
    requests: mpsc::Sender<Request>,
}

impl Session {
    /// Takes over a transaction that has begun; needs to be called in a runtime.
    pub(super) fn new(transaction: Txn, connections: Connections) -> Self {
        let (requests, received) = mpsc::channel(1);
        tokio::spawn(serve(transaction, received, connections));
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

async fn serve(mut transaction: Txn, mut requests: mpsc::Receiver<Request>, connections: Connections) {
    while let Some(request) = requests.recv().await {
        let worked = match request {
            Request::Read(statement, parameters, reply) => {
                finish(read(&mut transaction, query(statement, parameters)), reply, &connections).await
            }
            Request::Run(statement, parameters, reply) => {
                let run = transaction.run(query(statement, parameters));
                finish(async { run.await.map_err(fault) }, reply, &connections).await
            }
            Request::Commit(reply) => {
                finish(async { transaction.commit().await.map_err(fault) }, reply, &connections).await;
                return;
            }
        };
        if !worked {
            break;
        }
    }
    let (reply, nobody) = oneshot::channel();
    drop(nobody);
    finish(async { transaction.rollback().await.map_err(fault) }, reply, &connections).await;
}

/// Takes a step to its end and tells who asked; gives whether it worked.
async fn finish<T>(step: impl Future<Output = Result<T, Fault>>, mut reply: Reply<T>, connections: &Connections) -> bool {
    let mut step = pin!(step);
    let done = tokio::select! {
        biased;
        done = &mut step => done,
        () = reply.closed() => match tokio::time::timeout(UNWATCHED, &mut step).await {
            Ok(done) => done,
            Err(_) => {
                // Before the step lets go of its connection.
                connections.forget();
                return false;
            }
        },
    };
    let worked = done.is_ok();
    // Whoever asked may be gone.
    let _ = reply.send(done);
    worked
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
