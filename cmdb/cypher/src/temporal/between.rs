//! Durations between two points in time.

use super::parts::Parts;
use super::zone::Zone;
use super::{Date, DateTime, Duration, LocalDateTime, LocalTime, Temporal};
use crate::error::Result;

/// In which units a duration is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Units {
    /// Whole months, then whole days, then seconds; seconds alone unless both values have a date.
    All,
    Months,
    Days,
    Seconds,
}

/// How much later `to` is than `from`.
///
/// What one of them lacks is taken from the other: its date, its time zone. A date begins at midnight.
pub(super) fn between(units: Units, from: &Temporal, to: &Temporal) -> Result<Duration> {
    let (from, to) = (Parts::of(from)?, Parts::of(to)?);
    let dated = from.date.is_some() && to.date.is_some();
    let (start, end) = (completed(&from, &to)?, completed(&to, &from)?);
    match units {
        Units::Months => Duration::new(calendar_until(&start, &end)?.1.into(), 0, 0),
        Units::Days => Duration::new(0, calendar_until(&start, &end)?.0.into(), 0),
        Units::Seconds => Duration::new(0, 0, end.nanoseconds() - start.nanoseconds()),
        Units::All if dated => {
            let (_, months) = calendar_until(&start, &end)?;
            let start = start.plus(months, 0, 0)?;
            let (days, _) = calendar_until(&start, &end)?;
            let start = start.plus(0, days, 0)?;
            Duration::new(months.into(), days.into(), end.nanoseconds() - start.nanoseconds())
        }
        Units::All => Duration::new(0, 0, end.nanoseconds() - start.nanoseconds()),
    }
}

/// A point in time with what `other` has and it lacks.
fn completed(parts: &Parts, other: &Parts) -> Result<DateTime> {
    let local =
        LocalDateTime { date: parts.date.or(other.date).unwrap_or(Date::EPOCH), time: parts.time.unwrap_or(LocalTime::MIDNIGHT) };
    let zone = parts.zone.as_ref().or(other.zone.as_ref()).unwrap_or(&Zone::UTC);
    DateTime::from_local(local, zone, parts.offset)
}

/// Whole days and whole months, counted by a calendar in the time zone of `from`.
fn calendar_until(from: &DateTime, to: &DateTime) -> Result<(i64, i64)> {
    Ok(from.local().days_and_months_until(to.at(&from.zone())?.local()))
}
