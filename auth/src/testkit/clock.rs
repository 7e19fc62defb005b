//! A clock that tests move.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crate::time::{Clock, Timestamp};

/// A clock that stands still until somebody moves it.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that tells this time.
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.as_micros()))
    }

    /// Tells this time from now on, later or earlier.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_micros(), Ordering::SeqCst);
    }

    /// Tells a time this much later from now on.
    pub fn advance(&self, duration: Duration) {
        let advance = |now| Some(Timestamp::from_micros(now).after(duration).as_micros());
        let _ = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, advance);
    }
}

impl Default for ManualClock {
    /// A clock that tells [`sample::second`](super::sample::second) 0.
    fn default() -> Self {
        Self::new(super::sample::second(0))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_tells_the_time_it_was_moved_to() {
        let clock = ManualClock::default();
        let start = clock.now();
        assert_eq!(clock.now(), start);
        clock.advance(Duration::from_micros(1_500_000));
        assert_eq!(clock.now().since(start), Duration::from_micros(1_500_000));
        clock.set(Timestamp::MIN);
        assert_eq!(clock.now(), Timestamp::MIN);
        clock.set(Timestamp::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), Timestamp::MAX);
    }
}
