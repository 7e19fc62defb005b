//! Which Neo4j, and as whom.

use crate::secret::Secret;

/// How to reach a Neo4j.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Neo4jOptions {
    /// `bolt://HOST:PORT` or `neo4j://HOST:PORT`; `bolt+s://` and `neo4j+s://` speak TLS and trust whom the system trusts.
    pub uri: String,
    /// Who logs on.
    pub user: String,
    /// With which password.
    pub password: Secret,
    /// Which database of the server; `neo4j` where nothing else is set, which is the only one of the Community edition.
    pub database: String,
    /// At most so many connections; 16 where nothing else is set.
    pub connections: usize,
}

impl Neo4jOptions {
    /// The server's own database, with defaults for the rest.
    pub fn new(uri: impl Into<String>, user: impl Into<String>, password: Secret) -> Self {
        Self { uri: uri.into(), user: user.into(), password, database: "neo4j".to_owned(), connections: 16 }
    }
}
