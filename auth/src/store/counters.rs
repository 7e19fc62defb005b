//! Counters for lockout and rate limits.

use std::time::Duration;

use async_trait::async_trait;

use crate::error::Result;
use crate::time::Timestamp;

/// How often something may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How often at most, at least once.
    pub count: u32,
    /// In this long, from the first time on.
    pub window: Duration,
}

/// What became of [`CounterStore::take`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// It may be done.
    Granted,
    /// It was done as often as it may; it may be again at this time.
    Refused {
        /// The end of the window.
        until: Timestamp,
    },
}

/// Keeps counters.
#[async_trait]
pub trait CounterStore {
    /// Counts one more, if the limit allows it.
    ///
    /// - Of any number of calls at once, in one process or in many, at most `limit.count` are granted in one window.
    /// - A window begins with the first call after the one before ended, and is over at its end. What is refused is not counted and does not make
    ///   the window longer.
    async fn take(&self, key: &str, limit: Limit, now: Timestamp) -> Result<Take>;

    /// Counts one less, if the window that `now` is in has counted any.
    async fn give_back(&self, key: &str, now: Timestamp) -> Result<()>;

    /// Begins anew.
    async fn clear_counter(&self, key: &str) -> Result<()>;

    /// Forgets counters whose window ended before this time; how many.
    async fn forget_counters(&self, before: Timestamp) -> Result<u64>;
}
