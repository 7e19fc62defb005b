//! Dates, times and durations.
//!
//! Years reach from -999,999,999 to 999,999,999 and fractions of a second to the nanosecond. The text of each value, its
//! `Display`, is what `toString` gives and what its constructor reads. Named time zones come from the time-zone database
//! that is compiled in, so that answers do not depend on the machine.

mod arithmetic;
mod between;
mod calendar;
mod components;
mod date;
mod date_time;
mod duration;
mod fields;
mod functions;
mod local_date_time;
mod local_time;
mod offset;
mod order;
mod parts;
mod ratio;
mod select;
mod text;
mod time;
mod truncate;
mod zone;

#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

pub(crate) use arithmetic::{add, divide, multiply, subtract};
pub(crate) use components::property;
pub use date::Date;
pub use date_time::DateTime;
pub use duration::Duration;
pub(crate) use functions::FUNCTIONS;
pub use local_date_time::LocalDateTime;
pub use local_time::LocalTime;
pub(crate) use order::{compare, order};
pub use time::Time;

use crate::error::{Error, Result};
use crate::value::Value;

/// A date, time or duration.
///
/// Two are equal when they are of one kind and all their parts are: the same instant in two time zones is not equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Temporal {
    /// A day.
    Date(Date),
    /// A time of day.
    LocalTime(LocalTime),
    /// A time of day with its offset from UTC.
    Time(Time),
    /// A day and a time.
    LocalDateTime(LocalDateTime),
    /// A day and a time in a time zone.
    DateTime(DateTime),
    /// How long something takes.
    Duration(Duration),
}

impl Temporal {
    /// What the kind is called in messages.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Date(_) => "date",
            Self::LocalTime(_) => "local time",
            Self::Time(_) => "time",
            Self::LocalDateTime(_) => "local date-time",
            Self::DateTime(_) => "date-time",
            Self::Duration(_) => "duration",
        }
    }
}

impl fmt::Display for Temporal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => date.fmt(formatter),
            Self::LocalTime(time) => time.fmt(formatter),
            Self::Time(time) => time.fmt(formatter),
            Self::LocalDateTime(local) => local.fmt(formatter),
            Self::DateTime(instant) => instant.fmt(formatter),
            Self::Duration(duration) => duration.fmt(formatter),
        }
    }
}

impl From<Temporal> for Value {
    fn from(temporal: Temporal) -> Self {
        Self::Temporal(Arc::new(temporal))
    }
}

/// `value`, if it is in its range.
fn within(what: &str, value: i64, range: RangeInclusive<i64>) -> Result<i64> {
    if range.contains(&value) {
        return Ok(value);
    }
    Err(Error::value(format!("expected the {what} to be from {} to {}, found {value}", range.start(), range.end())))
}

/// The answer to a result that no kind of temporal value can hold.
fn out_of_range(what: &str) -> Error {
    Error::value(format!("the {what} is out of range: years reach from -999999999 to 999999999, and durations as far as 64 bits"))
}
