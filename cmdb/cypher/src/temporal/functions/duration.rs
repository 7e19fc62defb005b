//! Functions that give durations.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::temporal::between::{self, Units};
use crate::temporal::fields::Fields;
use crate::temporal::local_time::SECOND;
use crate::temporal::ratio::Ratio;
use crate::temporal::{Duration, Temporal, text};
use crate::value::Value;

/// What adds to a duration's months.
const MONTHS: &[(&str, i64)] = &[("years", 12), ("quarters", 3), ("months", 1)];

/// What adds to its days.
const DAYS: &[(&str, i64)] = &[("weeks", 7), ("days", 1)];

/// What adds to its seconds, in nanoseconds.
const NANOSECONDS: &[(&str, i64)] = &[
    ("hours", 3600 * SECOND),
    ("minutes", 60 * SECOND),
    ("seconds", SECOND),
    ("milliseconds", 1_000_000),
    ("microseconds", 1000),
    ("nanoseconds", 1),
];

/// `duration(source)`: from a text, components that need not be whole numbers, or a duration.
pub(super) fn duration(arguments: &[Value]) -> Result<Value> {
    let duration = match arguments.first() {
        None | Some(Value::Null) => return Ok(Value::Null),
        Some(Value::String(text)) => text::read_duration(text)?,
        Some(Value::Map(map)) => {
            if map.values().any(|value| matches!(value, Value::Null)) {
                return Ok(Value::Null);
            }
            from_components(map)?
        }
        Some(Value::Temporal(temporal)) if matches!(**temporal, Temporal::Duration(_)) => return Ok(arguments[0].clone()),
        Some(other) => {
            return Err(Error::value(format!("expected a string, a map or a duration, found {}", other.description())));
        }
    };
    Ok(Temporal::Duration(duration).into())
}

fn from_components(map: &BTreeMap<Arc<str>, Value>) -> Result<Duration> {
    let names = [MONTHS, DAYS, NANOSECONDS].map(|units| units.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    Fields::new(map, &[&names[0], &names[1], &names[2]])?;
    let total = |units: &[(&str, i64)]| {
        units.iter().try_fold(Ratio::ZERO, |total, (name, factor)| match map.get(*name) {
            None => Ok(total),
            Some(value) => {
                let amount = Ratio::from_value(format_args!("a number of {name}"), value)?;
                total.plus(amount.times(Ratio::whole((*factor).into()))?)
            }
        })
    };
    Duration::from_ratios(total(MONTHS)?, total(DAYS)?, total(NANOSECONDS)?)
}

/// `duration.between(from, to)` and its like.
pub(super) fn between(units: Units, arguments: &[Value]) -> Result<Value> {
    match arguments {
        [Value::Null, _] | [_, Value::Null] => Ok(Value::Null),
        [Value::Temporal(from), Value::Temporal(to)] => {
            between::between(units, from, to).map(|duration| Temporal::Duration(duration).into())
        }
        _ => {
            let found: Vec<_> = arguments.iter().map(Value::description).collect();
            Err(Error::value(format!("expected two dates or times, found {}", found.join(" and "))))
        }
    }
}
