//! How much a query may use.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// How large a query's text may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextLimits {
    /// Bytes.
    pub bytes: usize,
    /// Brackets, operators and subqueries inside each other.
    pub nesting: usize,
    /// Clauses, and nodes and relationships of patterns, in the whole query.
    pub length: usize,
}

impl Default for TextLimits {
    fn default() -> Self {
        Self { bytes: 64 * 1024, nesting: 128, length: 200 }
    }
}

/// How much a run may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How long it may take.
    pub timeout: Duration,
    /// How many rows the answer may have.
    pub rows: u64,
    /// How many rows, relationships and list items may be looked at.
    pub expansions: u64,
    /// How many bytes of rows, lists and texts may be kept, about.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(10), rows: 10_000, expansions: 10_000_000, memory: 256 * 1024 * 1024 }
    }
}

/// Stops a run from another thread.
#[derive(Debug, Clone, Default)]
pub struct Cancellation(Arc<AtomicBool>);

impl Cancellation {
    /// Has the run end with [`Error::Cancelled`] soon.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// So many steps pass between two looks at the clock.
const STEPS_BETWEEN_LOOKS: u64 = 512;

/// Counts what a run uses and ends it at its limits.
#[derive(Debug)]
pub(crate) struct Meter {
    limits: Limits,
    cancellation: Cancellation,
    deadline: Instant,
    steps: Cell<u64>,
    next_look: Cell<u64>,
    bytes: Cell<u64>,
}

impl Meter {
    pub(crate) fn start(limits: Limits, cancellation: Cancellation) -> Self {
        let deadline = Instant::now().checked_add(limits.timeout).unwrap_or_else(|| Instant::now() + Duration::from_secs(86_400));
        let (steps, next_look, bytes) = (Cell::new(0), Cell::new(STEPS_BETWEEN_LOOKS), Cell::new(0));
        Self { limits, cancellation, deadline, steps, next_look, bytes }
    }

    pub(crate) const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How many steps were taken.
    #[cfg(test)]
    pub(crate) const fn steps(&self) -> u64 {
        self.steps.get()
    }

    /// Takes one step: a row, relationship or list item that is looked at.
    #[inline]
    pub(crate) fn step(&self) -> Result<()> {
        self.take(1)
    }

    /// Takes `count` steps.
    #[inline]
    pub(crate) fn take(&self, count: u64) -> Result<()> {
        let steps = self.steps.get().saturating_add(count);
        self.steps.set(steps);
        if steps >= self.next_look.get() { self.look(steps) } else { Ok(()) }
    }

    #[cold]
    fn look(&self, steps: u64) -> Result<()> {
        self.next_look.set(steps.saturating_add(STEPS_BETWEEN_LOOKS));
        if steps > self.limits.expansions {
            return Err(Error::Limit {
                what: "the number of rows, relationships and items looked at",
                limit: self.limits.expansions,
            });
        }
        if self.cancellation.is_cancelled() {
            return Err(Error::Cancelled);
        }
        if Instant::now() > self.deadline {
            return Err(Error::Timeout { limit: self.limits.timeout });
        }
        Ok(())
    }

    /// Keeps so many bytes more.
    #[inline]
    pub(crate) fn keep(&self, bytes: usize) -> Result<()> {
        let kept = self.bytes.get().saturating_add(bytes as u64);
        self.bytes.set(kept);
        if kept > self.limits.memory {
            return Err(Error::Limit { what: "the memory for rows, lists and texts, in bytes,", limit: self.limits.memory });
        }
        Ok(())
    }

    /// Keeps so many bytes no more.
    pub(crate) fn release(&self, bytes: usize) {
        self.bytes.set(self.bytes.get().saturating_sub(bytes as u64));
    }
}
