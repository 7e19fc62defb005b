//! Days with a time.

use std::fmt;

use super::local_time::{DAY, DAY_SECONDS, SECOND};
use super::{Date, LocalTime, out_of_range};
use crate::error::Result;

/// A day and a time, with no word on where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalDateTime {
    pub(super) date: Date,
    pub(super) time: LocalTime,
}

impl LocalDateTime {
    /// Since midnight of 1970-01-01.
    pub(super) const fn nanoseconds(self) -> i128 {
        self.date.number() as i128 * DAY as i128 + self.time.nanoseconds() as i128
    }

    /// So many nanoseconds after midnight of 1970-01-01.
    pub(super) fn from_nanoseconds(nanoseconds: i128) -> Result<Self> {
        let (day, rest) = (nanoseconds.div_euclid(i128::from(DAY)), nanoseconds.rem_euclid(i128::from(DAY)));
        let date = i64::try_from(day).map_or_else(|_| Err(out_of_range("date")), Date::from_number)?;
        // The rest is less than a day.
        Ok(Self { date, time: LocalTime::from_nanoseconds(rest as i64) })
    }

    /// Whole seconds since midnight of 1970-01-01.
    pub(super) const fn seconds(self) -> i64 {
        self.date.number() * DAY_SECONDS + self.time.nanoseconds() / SECOND
    }

    /// So many nanoseconds later.
    pub(super) fn plus_nanoseconds(self, nanoseconds: i128) -> Result<Self> {
        self.nanoseconds().checked_add(nanoseconds).map_or_else(|| Err(out_of_range("date")), Self::from_nanoseconds)
    }

    /// How many whole days and how many whole months later `other` is.
    pub(super) fn days_and_months_until(self, other: Self) -> (i64, i64) {
        let mut end = other.date.number();
        if end > self.date.number() && other.time < self.time {
            end -= 1;
        } else if end < self.date.number() && other.time > self.time {
            end += 1;
        }
        // Between two days of the calendar, so itself one.
        let end = Date::from_number(end).unwrap_or(other.date);
        (end.number() - self.date.number(), self.date.months_until(end))
    }
}

impl fmt::Display for LocalDateTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}T{}", self.date, self.time)
    }
}
