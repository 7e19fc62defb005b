//! Times of day.

use std::fmt;

use super::within;
use crate::error::Result;

/// Nanoseconds of a second.
pub(super) const SECOND: i64 = 1_000_000_000;

/// Seconds of a day.
pub(super) const DAY_SECONDS: i64 = 86_400;

/// Nanoseconds of a day.
pub(super) const DAY: i64 = DAY_SECONDS * SECOND;

/// A time of day, with no word on where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalTime {
    /// Since midnight; less than [`DAY`].
    nanoseconds: i64,
}

impl LocalTime {
    /// 00:00.
    pub(super) const MIDNIGHT: Self = Self { nanoseconds: 0 };

    pub(super) fn new(hour: i64, minute: i64, second: i64, nanosecond: i64) -> Result<Self> {
        within("hour", hour, 0..=23)?;
        within("minute", minute, 0..=59)?;
        within("second", second, 0..=59)?;
        within("nanosecond", nanosecond, 0..=SECOND - 1)?;
        Ok(Self { nanoseconds: (hour * 3600 + minute * 60 + second) * SECOND + nanosecond })
    }

    /// The time so many nanoseconds after midnight, counted on through the days after and before.
    pub(super) const fn from_nanoseconds(nanoseconds: i64) -> Self {
        Self { nanoseconds: nanoseconds.rem_euclid(DAY) }
    }

    /// Since midnight.
    pub(super) const fn nanoseconds(self) -> i64 {
        self.nanoseconds
    }

    pub(super) const fn hour(self) -> i64 {
        self.nanoseconds / (3600 * SECOND)
    }

    pub(super) const fn minute(self) -> i64 {
        self.nanoseconds / (60 * SECOND) % 60
    }

    pub(super) const fn second(self) -> i64 {
        self.nanoseconds / SECOND % 60
    }

    /// The whole fraction of the second.
    pub(super) const fn nanosecond(self) -> i64 {
        self.nanoseconds % SECOND
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02}:{:02}", self.hour(), self.minute())?;
        if self.nanoseconds % (60 * SECOND) != 0 {
            write!(formatter, ":{:02}", self.second())?;
            write_fraction(self.nanosecond(), formatter)?;
        }
        Ok(())
    }
}

/// Writes a fraction of a second with as few digits as it needs.
pub(super) fn write_fraction(nanosecond: i64, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    if nanosecond == 0 {
        return Ok(());
    }
    let digits = format!("{nanosecond:09}");
    write!(formatter, ".{}", digits.trim_end_matches('0'))
}
