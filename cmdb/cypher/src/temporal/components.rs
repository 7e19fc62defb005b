//! The parts of temporal values as properties.

use super::local_time::SECOND;
use super::offset::Offset;
use super::{Date, DateTime, Duration, LocalTime, Temporal, out_of_range};
use crate::error::{Error, Result};
use crate::value::Value;

/// A component by its name, such as `year` or `epochSeconds`.
///
/// # Errors
/// [`Error::Value`] for a component that this kind does not have, or that is too large for an integer.
pub(crate) fn property(temporal: &Temporal, name: &str) -> Result<Value> {
    let found = match temporal {
        Temporal::Date(date) => date_component(*date, name),
        Temporal::LocalTime(time) => time_component(*time, name),
        Temporal::Time(time) => {
            time_component(time.local, name).or_else(|| offset_component(time.offset, || time.offset.to_string(), name))
        }
        Temporal::LocalDateTime(local) => date_component(local.date, name).or_else(|| time_component(local.time, name)),
        Temporal::DateTime(instant) => date_component(instant.local().date, name)
            .or_else(|| time_component(instant.local().time, name))
            .or_else(|| offset_component(instant.offset(), || instant.zone().to_string(), name))
            .map_or_else(|| epoch_component(instant, name), |value| Some(Ok(value)))
            .transpose()?,
        Temporal::Duration(duration) => return duration_component(*duration, name),
    };
    found.ok_or_else(|| unknown(temporal.kind(), name))
}

fn unknown(kind: &str, name: &str) -> Error {
    let name: String = name.chars().take(40).collect();
    Error::value(format!("a {kind} has no component `{name}`"))
}

fn date_component(date: Date, name: &str) -> Option<Value> {
    Some(Value::Integer(match name {
        "year" => date.year(),
        "quarter" => date.quarter(),
        "month" => date.year_month_day().1,
        "week" => date.week().1,
        "weekYear" => date.week().0,
        "dayOfQuarter" | "quarterDay" => date.day_of_quarter(),
        "day" => date.year_month_day().2,
        "ordinalDay" => date.day_of_year(),
        "dayOfWeek" | "weekDay" => date.day_of_week(),
        _ => return None,
    }))
}

fn time_component(time: LocalTime, name: &str) -> Option<Value> {
    Some(Value::Integer(match name {
        "hour" => time.hour(),
        "minute" => time.minute(),
        "second" => time.second(),
        "millisecond" => time.nanosecond() / 1_000_000,
        "microsecond" => time.nanosecond() / 1000,
        "nanosecond" => time.nanosecond(),
        _ => return None,
    }))
}

fn offset_component(offset: Offset, zone: impl Fn() -> String, name: &str) -> Option<Value> {
    Some(match name {
        "timezone" => Value::String(zone().into()),
        "offset" => Value::String(offset.to_string().into()),
        "offsetMinutes" => Value::Integer(offset.seconds() / 60),
        "offsetSeconds" => Value::Integer(offset.seconds()),
        _ => return None,
    })
}

fn epoch_component(instant: &DateTime, name: &str) -> Option<Result<Value>> {
    let unit = match name {
        "epochSeconds" => i128::from(SECOND),
        "epochMillis" => 1_000_000,
        _ => return None,
    };
    // The milliseconds of a thousand million years are too many for an integer.
    let count = i64::try_from(instant.nanoseconds().div_euclid(unit));
    Some(count.map(Value::Integer).map_err(|_| out_of_range(name)))
}

fn duration_component(duration: Duration, name: &str) -> Result<Value> {
    let (months, days, seconds, fraction) =
        (duration.months(), duration.days(), duration.seconds(), duration.nanoseconds_of_second());
    let total = |unit: i64| i64::try_from(duration.nanoseconds().div_euclid(unit.into())).map_err(|_| out_of_range(name));
    Ok(Value::Integer(match name {
        "years" => months / 12,
        "quarters" => months / 3,
        "months" => months,
        "weeks" => days / 7,
        "days" => days,
        "hours" => seconds / 3600,
        "minutes" => seconds / 60,
        "seconds" => seconds,
        "milliseconds" => total(1_000_000)?,
        "microseconds" => total(1000)?,
        "nanoseconds" => total(1)?,
        "quartersOfYear" => months / 3 % 4,
        "monthsOfYear" => months % 12,
        "monthsOfQuarter" => months % 3,
        "daysOfWeek" => days % 7,
        "minutesOfHour" => seconds / 60 % 60,
        "secondsOfMinute" => seconds % 60,
        "millisecondsOfSecond" => fraction / 1_000_000,
        "microsecondsOfSecond" => fraction / 1000,
        "nanosecondsOfSecond" => fraction,
        _ => return Err(unknown("duration", name)),
    }))
}
