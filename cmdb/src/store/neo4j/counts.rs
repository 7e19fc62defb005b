//! How much is sent to the server.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What a store has sent to its Neo4j since it was made. Statements that were tried again count again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StatementCounts {
    /// Statements that only read.
    pub reads: u64,
    /// Statements that may write.
    pub writes: u64,
    /// Rows that came with statements that may write.
    pub rows: u64,
}

impl std::ops::Sub for StatementCounts {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self { reads: self.reads - earlier.reads, writes: self.writes - earlier.writes, rows: self.rows - earlier.rows }
    }
}

/// The counters behind [`StatementCounts`].
#[derive(Debug, Default)]
pub(super) struct Counters {
    reads: AtomicU64,
    writes: AtomicU64,
    rows: AtomicU64,
}

impl Counters {
    pub(super) fn read(&self) {
        self.reads.fetch_add(1, Relaxed);
    }

    pub(super) fn write(&self, rows: usize) {
        self.writes.fetch_add(1, Relaxed);
        self.rows.fetch_add(rows as u64, Relaxed);
    }

    pub(super) fn counts(&self) -> StatementCounts {
        StatementCounts { reads: self.reads.load(Relaxed), writes: self.writes.load(Relaxed), rows: self.rows.load(Relaxed) }
    }
}
