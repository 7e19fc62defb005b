//! Accounts in the memory of one process.

mod api_keys;
mod audit;
mod counters;
mod factors;
mod sessions;
mod signing_keys;
mod state;
mod users;

use std::sync::{Mutex, MutexGuard, PoisonError};

use self::state::State;
use super::Store;

/// Keeps accounts in memory, as long as the process lives: for tests, and for who wants nothing to stay.
///
/// One lock guards everything, so that each operation is atomic, and nobody waits while holding it.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<State>);

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What is kept. Whoever panicked with it left it whole: nothing that can panic stands between two changes.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn name(&self) -> &'static str {
        "memory"
    }
}
