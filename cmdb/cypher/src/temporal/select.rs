//! Dates and times from their components, with other values as what they start from.

use super::fields::Fields;
use super::local_time::SECOND;
use super::parts::{Kind, Parts};
use super::zone::Zone;
use super::{Date, DateTime, LocalDateTime, LocalTime, Temporal, calendar, within};
use crate::error::{Error, Result};

/// The components of dates.
pub(super) const DATE: &[&str] = &["year", "month", "day", "week", "dayOfWeek", "quarter", "dayOfQuarter", "ordinalDay"];

/// The components of times.
pub(super) const TIME: &[&str] = &["hour", "minute", "second", "millisecond", "microsecond", "nanosecond"];

/// Which keys a map for a kind may have.
pub(super) const fn known(kind: Kind) -> &'static [&'static [&'static str]] {
    match kind {
        Kind::Date => &[&["date", "timezone"], DATE],
        Kind::LocalTime | Kind::Time => &[&["time", "timezone"], TIME],
        Kind::LocalDateTime => &[&["date", "time", "datetime", "timezone"], DATE, TIME],
        Kind::DateTime => &[&["date", "time", "datetime", "timezone", "epochSeconds", "epochMillis"], DATE, TIME],
    }
}

/// A value from its components.
pub(super) fn select(kind: Kind, fields: Fields<'_>, now: jiff::Timestamp) -> Result<Temporal> {
    let target = fields.zone()?;
    if let Some(zone) = target.as_ref().filter(|_| fields.is_only("timezone")) {
        return kind.at(now, zone);
    }
    if target.is_some() && !kind.has_zone() {
        return Err(Error::value(format!("a {} has no time zone: expected `timezone` alone or not at all", kind.name())));
    }
    if fields.has_any(&["epochSeconds", "epochMillis"]) {
        return from_epoch(fields, &target.unwrap_or(Zone::UTC)).map(Temporal::DateTime);
    }
    if fields.has_any(&["datetime"]) && fields.has_any(&["date", "time"]) {
        return Err(Error::value("expected either `datetime` or `date` and `time`, found both"));
    }
    let source = |name: &str| match (fields.temporal("datetime")?, fields.temporal(name)?) {
        (Some(temporal), _) | (_, Some(temporal)) => Parts::of(temporal).map(Some),
        _ => Ok(None),
    };
    let (date_source, time_source) = (source("date")?, source("time")?);
    let mut parts = Parts::default();
    if kind.has_date() {
        let base = date_source.map(|source| source.date.ok_or_else(|| lacking("date"))).transpose()?;
        parts.date = Some(date(fields, base)?);
    }
    if kind.has_time() && (!kind.has_date() || time_source.is_some() || fields.has_any(TIME)) {
        let base = time_source.as_ref().map(|source| source.time.ok_or_else(|| lacking("time"))).transpose()?;
        parts.time = Some(time(fields, base, SECOND)?);
    }
    if let Some(source) = time_source {
        (parts.zone, parts.offset) = (source.zone, source.offset);
    }
    match target {
        None => kind.assemble(&parts),
        Some(target) => in_zone(kind, parts, &target, now),
    }
}

/// Moves what has a zone to another one; what has none is taken to be in it.
fn in_zone(kind: Kind, mut parts: Parts, target: &Zone, now: jiff::Timestamp) -> Result<Temporal> {
    let has_zone = parts.zone.is_some();
    if kind == Kind::Time {
        // A named zone's offset changes; a time of day has that of now.
        parts.date = None;
        let offset = DateTime::from_timestamp(now, target)?.offset();
        parts.offset = parts.offset.or(Some(offset));
        return Ok(match kind.assemble(&parts)? {
            Temporal::Time(time) if has_zone => Temporal::Time(time.at(offset)),
            other => other,
        });
    }
    if !has_zone {
        parts.zone = Some(target.clone());
    }
    Ok(match kind.assemble(&parts)? {
        Temporal::DateTime(instant) if has_zone => Temporal::DateTime(instant.at(target)?),
        other => other,
    })
}

fn lacking(part: &str) -> Error {
    Error::value(format!("expected a value with a {part} as `{part}`"))
}

fn from_epoch(fields: Fields<'_>, zone: &Zone) -> Result<DateTime> {
    if fields.has_any(DATE)
        || fields.has_any(&["date", "time", "datetime", "hour", "minute", "second", "millisecond", "microsecond"])
    {
        return Err(Error::value("expected nothing but `nanosecond` and `timezone` beside `epochSeconds` or `epochMillis`"));
    }
    let (count, unit) = match (fields.integer("epochSeconds")?, fields.integer("epochMillis")?) {
        (Some(seconds), None) => (seconds, SECOND),
        (None, Some(milliseconds)) => (milliseconds, 1_000_000),
        _ => return Err(Error::value("expected either `epochSeconds` or `epochMillis`, found both")),
    };
    let rest = fields.integer_within("nanosecond", 0..=unit - 1)?.unwrap_or(0);
    let utc = LocalDateTime::from_nanoseconds(i128::from(count) * i128::from(unit) + i128::from(rest))?;
    DateTime::from_utc(utc, zone)
}

/// A day from its components. Those that are not given are `base`'s, and without one the first.
pub(super) fn date(fields: Fields<'_>, base: Option<Date>) -> Result<Date> {
    /// The ways to say a day of a year: only one may be used.
    const WAYS: [&[&str]; 4] = [&["month", "day"], &["week", "dayOfWeek"], &["quarter", "dayOfQuarter"], &["ordinalDay"]];
    if WAYS.iter().filter(|names| fields.has_any(names)).count() > 1 {
        return Err(Error::value(
            "expected the components of one of: month and day, week and dayOfWeek, quarter and dayOfQuarter, ordinalDay",
        ));
    }
    let year = fields.integer_within("year", calendar::YEARS)?;
    let Some(base) = base else { return first_date(fields, year) };
    if fields.has_any(WAYS[1]) {
        let (base_year, base_week) = base.week();
        let week = fields.integer("week")?.unwrap_or(base_week);
        let day = fields.integer("dayOfWeek")?.unwrap_or_else(|| base.day_of_week());
        return Date::from_week(year.unwrap_or(base_year), week, day);
    }
    let (base_year, base_month, base_day) = base.year_month_day();
    let year = year.unwrap_or(base_year);
    if let Some(day) = fields.integer("ordinalDay")? {
        return Date::from_ordinal(year, day);
    }
    if fields.has_any(WAYS[2]) {
        let quarter = fields.integer_within("quarter", 1..=4)?.unwrap_or_else(|| base.quarter());
        if let Some(day) = fields.integer("dayOfQuarter")? {
            return Date::from_quarter(year, quarter, day);
        }
        return with_month(year, (quarter - 1) * 3 + (base_month - 1) % 3 + 1, base_day);
    }
    let month = fields.integer_within("month", 1..=12)?.unwrap_or(base_month);
    match fields.integer("day")? {
        Some(day) => Date::from_month(year, month, day),
        None => with_month(year, month, base_day),
    }
}

/// A day that keeps its number in another month, as far as that has so many.
fn with_month(year: i64, month: i64, day: i64) -> Result<Date> {
    Date::from_month(year, month, day.min(calendar::days_of_month(year, month)))
}

/// A day that starts from nothing: larger components must be given before smaller ones.
fn first_date(fields: Fields<'_>, year: Option<i64>) -> Result<Date> {
    let year = year.ok_or_else(|| Error::value("expected a `year`, or a `date` to start from"))?;
    for (smaller, larger) in [("day", "month"), ("dayOfWeek", "week"), ("dayOfQuarter", "quarter")] {
        require(fields, smaller, larger)?;
    }
    let or_first = |name: &str| fields.integer(name).map(|number| number.unwrap_or(1));
    if let Some(week) = fields.integer("week")? {
        return Date::from_week(year, week, or_first("dayOfWeek")?);
    }
    if let Some(quarter) = fields.integer("quarter")? {
        return Date::from_quarter(year, quarter, or_first("dayOfQuarter")?);
    }
    if let Some(day) = fields.integer("ordinalDay")? {
        return Date::from_ordinal(year, day);
    }
    Date::from_month(year, or_first("month")?, or_first("day")?)
}

fn require(fields: Fields<'_>, smaller: &str, larger: &str) -> Result<()> {
    if fields.has_any(&[smaller]) && !fields.has_any(&[larger]) {
        return Err(Error::value(format!("expected a `{larger}` beside `{smaller}`")));
    }
    Ok(())
}

/// A time of day from its components. Those that are not given are `base`'s, and without one zero. A fraction of a second
/// replaces that of `base` below `grain` nanoseconds.
pub(super) fn time(fields: Fields<'_>, base: Option<LocalTime>, grain: i64) -> Result<LocalTime> {
    if base.is_none() {
        if !fields.has_any(&["hour"]) {
            return Err(Error::value("expected an `hour`, or a `time` to start from"));
        }
        require(fields, "second", "minute")?;
        for smaller in ["millisecond", "microsecond", "nanosecond"] {
            require(fields, smaller, "second")?;
        }
    }
    let base = base.unwrap_or(LocalTime::MIDNIGHT);
    let hour = fields.integer("hour")?.unwrap_or_else(|| base.hour());
    let minute = fields.integer("minute")?.unwrap_or_else(|| base.minute());
    let second = fields.integer("second")?.unwrap_or_else(|| base.second());
    LocalTime::new(hour, minute, second, fraction(fields, base.nanosecond(), grain)?)
}

/// Milliseconds, microseconds and nanoseconds add up; beside a larger one, a smaller one is less than 1,000.
fn fraction(fields: Fields<'_>, base: i64, grain: i64) -> Result<i64> {
    if !fields.has_any(&["millisecond", "microsecond", "nanosecond"]) {
        return Ok(base);
    }
    let (mut total, mut below) = if grain < SECOND { (base, grain) } else { (0, SECOND) };
    for (name, unit) in [("millisecond", 1_000_000), ("microsecond", 1000), ("nanosecond", 1)] {
        if let Some(number) = fields.integer(name)? {
            if below <= unit {
                (total, below) = (0, SECOND);
            }
            total += within(name, number, 0..=below / unit - 1)? * unit;
            below = unit;
        }
    }
    Ok(total)
}
