//! The graph in memory, written through to one file.

use std::path::Path;

use crate::error::Result;

/// A graph in this process that survives it: in memory for readers, in one redb file for the next start.
///
/// One process writes: a second one that opens the file gets [`Error::Locked`](crate::Error::Locked).
#[derive(Debug)]
pub struct EmbeddedStore {}

#[expect(unused_variables, clippy::todo, reason = "bodies follow")]
impl EmbeddedStore {
    /// Opens the file, or makes it. Reads the whole graph: call it where blocking is allowed.
    ///
    /// # Errors
    /// [`Error::Locked`](crate::Error::Locked) while another process has it open;
    /// [`Error::Backend`](crate::Error::Backend) for a file that is not ours or of a later format.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        todo!()
    }
}
