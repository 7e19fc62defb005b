//! Sums, differences, products and quotients.

use super::local_time::DAY;
use super::ratio::Ratio;
use super::{Duration, LocalDateTime, LocalTime, Temporal, Time};
use crate::error::{Error, Result};
use crate::value::Value;

/// A temporal value and a duration, in either order, or two durations.
///
/// # Errors
/// [`Error::Value`] for anything else, and for results out of range.
pub(crate) fn add(left: &Value, right: &Value) -> Result<Value> {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => return Ok(Value::Null),
        (Value::Temporal(left), Value::Temporal(right)) => {
            if let (moved, Temporal::Duration(duration)) | (Temporal::Duration(duration), moved) = (&**left, &**right) {
                return Ok(plus(moved, *duration)?.into());
            }
        }
        _ => {}
    }
    Err(unfit("add", "a duration and a temporal value", left, right))
}

/// A temporal value less a duration, or the difference of two durations.
///
/// # Errors
/// [`Error::Value`] for anything else, and for results out of range.
pub(crate) fn subtract(left: &Value, right: &Value) -> Result<Value> {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => return Ok(Value::Null),
        (Value::Temporal(moved), Value::Temporal(right)) => {
            if let Temporal::Duration(duration) = **right {
                return Ok(plus(moved, duration.negated()?)?.into());
            }
        }
        _ => {}
    }
    Err(unfit("subtract", "a duration from a temporal value", left, right))
}

/// A duration and a number, in either order. What is left of a month goes on as days, what is left of a day as seconds.
///
/// # Errors
/// [`Error::Value`] for anything else, and for results out of range.
pub(crate) fn multiply(left: &Value, right: &Value) -> Result<Value> {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => return Ok(Value::Null),
        (Value::Temporal(duration), factor) | (factor, Value::Temporal(duration)) => {
            if let Temporal::Duration(duration) = **duration {
                return Ok(Temporal::Duration(duration.times(Ratio::from_value(format_args!("a number"), factor)?)?).into());
            }
        }
        _ => {}
    }
    Err(unfit("multiply", "a duration and a number", left, right))
}

/// A duration by a number.
///
/// # Errors
/// [`Error::Value`] for anything else, for zero, and for results out of range.
pub(crate) fn divide(left: &Value, right: &Value) -> Result<Value> {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => return Ok(Value::Null),
        (Value::Temporal(duration), divisor) => {
            if let Temporal::Duration(duration) = **duration {
                let factor = Ratio::from_value(format_args!("a number"), divisor)?.inverse()?;
                return Ok(Temporal::Duration(duration.times(factor)?).into());
            }
        }
        _ => {}
    }
    Err(unfit("divide", "a duration by a number", left, right))
}

fn unfit(verb: &str, expected: &str, left: &Value, right: &Value) -> Error {
    Error::value(format!("cannot {verb}: expected {expected}, found {} and {}", left.description(), right.description()))
}

/// A value so much later.
pub(super) fn plus(temporal: &Temporal, duration: Duration) -> Result<Temporal> {
    let nanoseconds = duration.nanoseconds();
    Ok(match temporal {
        Temporal::Date(date) => {
            // Whole days of the seconds count, what is less does not. As many days as fit i64 seconds.
            let days = duration.days().saturating_add((nanoseconds / i128::from(DAY)) as i64);
            Temporal::Date(date.plus_months(duration.months())?.plus_days(days)?)
        }
        Temporal::LocalTime(time) => Temporal::LocalTime(time_plus(*time, nanoseconds)),
        Temporal::Time(time) => Temporal::Time(Time { local: time_plus(time.local, nanoseconds), ..*time }),
        Temporal::LocalDateTime(local) => {
            let date = local.date.plus_months(duration.months())?.plus_days(duration.days())?;
            Temporal::LocalDateTime(LocalDateTime { date, ..*local }.plus_nanoseconds(nanoseconds)?)
        }
        Temporal::DateTime(instant) => Temporal::DateTime(instant.plus(duration.months(), duration.days(), nanoseconds)?),
        Temporal::Duration(other) => Temporal::Duration(other.plus(duration)?),
    })
}

/// A time of day so much later; it begins again at midnight.
fn time_plus(time: LocalTime, nanoseconds: i128) -> LocalTime {
    // Less than a day, as is the time.
    let rest = (nanoseconds % i128::from(DAY)) as i64;
    LocalTime::from_nanoseconds(time.nanoseconds() + rest)
}
