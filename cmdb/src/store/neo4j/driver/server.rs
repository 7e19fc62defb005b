//! The server, and its connections.

use std::fmt;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use neo4rs::{ConfigBuilder, Graph};

use super::super::fault::Fault;
use super::super::options::Neo4jOptions;
use super::fault::fault;
use super::session::Session;
use crate::secret::Secret;

/// How long it may take to begin a transaction, with a new connection where none waits: an answer that none is to be had
/// comes within 2 s.
const PATIENCE: Duration = Duration::from_millis(1200);
/// How many records are fetched at once.
const FETCH: usize = 5_000;

/// A server that may or may not answer just now.
pub(in super::super) struct Server {
    uri: String,
    user: String,
    password: Secret,
    database: String,
    connections: usize,
    graph: Mutex<Option<Graph>>,
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
            graph: Mutex::default(),
        }
    }

    /// Begins a transaction.
    pub(in super::super) async fn begin(&self) -> Result<Session, Fault> {
        let graph = self.graph().await?;
        // Neither is given up in the middle, for the reason told at `Session`: who waits no longer leaves it to itself.
        let beginning = tokio::spawn(async move { graph.start_txn().await.map(Session::new) });
        match tokio::time::timeout(PATIENCE, beginning).await {
            Ok(Ok(begun)) => begun.map_err(|error| self.unreachable(fault(error))),
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

    /// Makes no use any more of the connections that there are: those in use close when they are given back.
    pub(in super::super) fn forget(&self) {
        *self.graph.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    async fn graph(&self) -> Result<Graph, Fault> {
        if let Some(graph) = &*self.graph.lock().unwrap_or_else(PoisonError::into_inner) {
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
        let mut kept = self.graph.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(kept.get_or_insert(graph).clone())
    }
}
