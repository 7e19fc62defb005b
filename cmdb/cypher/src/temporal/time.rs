//! Times of day with their offset from UTC.

use std::cmp::Ordering;
use std::fmt;

use super::LocalTime;
use super::local_time::SECOND;
use super::offset::Offset;

/// A time of day where clocks have a given offset from UTC. Ordered by what a clock of UTC would show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time {
    pub(super) local: LocalTime,
    pub(super) offset: Offset,
}

impl Time {
    /// Nanoseconds since midnight of UTC; the hours before and after that day are not wrapped into it.
    pub(super) const fn utc_nanoseconds(self) -> i64 {
        self.local.nanoseconds() - self.offset.seconds() * SECOND
    }

    /// The same moment where clocks have another offset.
    pub(super) const fn at(self, offset: Offset) -> Self {
        let local = LocalTime::from_nanoseconds(self.utc_nanoseconds() + offset.seconds() * SECOND);
        Self { local, offset }
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> Ordering {
        self.utc_nanoseconds().cmp(&other.utc_nanoseconds()).then(self.offset.cmp(&other.offset))
    }
}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.local, self.offset)
    }
}
