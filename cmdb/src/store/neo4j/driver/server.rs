//! The server, and its connections.

use std::fmt;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use neo4rs::{ConfigBuilder, Graph};

use super::super::fault::Fault;
use super::super::options::Neo4jOptions;
use super::fault::fault;
use super::session::{Session, UNWATCHED};
use crate::secret::Secret;

/// How long it may take to begin a transaction, with a new connection where none waits: an answer that none is to be had
/// comes within 2 s.
const PATIENCE: Duration = Duration::from_millis(1200);
/// How many records are fetched at once.
const FETCH: usize = 5_000;

/// The connections that are used now. Cheap to clone; the clones are one.
#[derive(Clone, Default)]
pub(super) struct Connections(Arc<Mutex<Option<Graph>>>);

impl Connections {
    /// Makes no use any more of those that there are: those in use close when they are given back.
    pub(super) fn forget(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<Graph>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A server that may or may not answer just now.
pub(in super::super) struct Server {
    uri: String,
    user: String,
    password: Secret,
    database: String,
    connections: usize,
    kept: Connections,
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Server").field("uri", &self.uri).field("database", &self.database).finish_non_exhaustive()
    }
}

impl Server {
    pub(in super::super) fn new(options: &Neo4jOptions) -> Self {
        Self {
            uri: options.uri.clone(),
            user: options.user.clone(),
            password: options.password.clone(),
            database: options.database.clone(),
            connections: options.connections.max(1),
            kept: Connections::default(),
        }
    }

    /// Begins a transaction.
    pub(in super::super) async fn begin(&self) -> Result<Session, Fault> {
        let graph = self.graph().await?;
        let connections = self.kept.clone();
        // Not given up in the middle, for the reason told at `Session`: who waits no longer leaves it to itself.
        let beginning = tokio::spawn(async move {
            let mut start = pin!(graph.start_txn());
            if let Ok(begun) = tokio::time::timeout(UNWATCHED, &mut start).await {
                return begun.map(|transaction| Session::new(transaction, connections)).map_err(fault);
            }
            // Before the start lets go of its connection.
            connections.forget();
            Err(Fault::Slow { what: "beginning a transaction", limit: UNWATCHED })
        });
        match tokio::time::timeout(PATIENCE, beginning).await {
            Ok(Ok(begun)) => begun.map_err(|fault| self.unreachable(fault)),
            Ok(Err(ended)) => Err(Fault::Lost(io::Error::other(ended))),
            Err(_) => Err(Fault::Slow { what: "coming by a connection to Neo4j", limit: PATIENCE }),
        }
    }

    fn unreachable(&self, fault: Fault) -> Fault {
        match fault {
            Fault::Lost(source) => Fault::Unreachable { address: self.uri.clone(), source },
            other => other,
        }
    }

    /// Makes no use any more of the connections that there are.
    pub(in super::super) fn forget(&self) {
        self.kept.forget();
    }

    async fn graph(&self) -> Result<Graph, Fault> {
        if let Some(graph) = &*self.kept.lock() {
            return Ok(graph.clone());
        }
        let config = ConfigBuilder::default()
            .uri(self.uri.as_str())
            .user(self.user.as_str())
            .password(self.password.expose())
            .db(self.database.as_str())
            .fetch_size(FETCH)
            .max_connections(self.connections)
            .build();
        // neo4rs panics where a program holds several providers of cryptography and names none; one that is named stays.
        let _ = tokio_rustls::rustls::crypto::aws_lc_rs::default_provider().install_default();
        // Nothing is sent yet: neo4rs connects when a transaction begins.
        let graph = Graph::connect(config.map_err(fault)?).await.map_err(fault)?;
        Ok(self.kept.lock().get_or_insert(graph).clone())
    }
}
