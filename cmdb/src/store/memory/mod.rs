//! The graph in plain collections: the reference that other stores are compared with.

/// A graph in this process, for tests, examples and small estates. Nothing of it survives the process.
#[derive(Debug, Default)]
pub struct MemoryStore {}
