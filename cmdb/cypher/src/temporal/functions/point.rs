//! Functions that give dates and times.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::evaluate::Context;
use crate::temporal::fields::Fields;
use crate::temporal::parts::{Kind, Parts};
use crate::temporal::truncate::{self as truncation, Unit};
use crate::temporal::zone::Zone;
use crate::temporal::{DateTime, LocalDateTime, Temporal, select, text, within};
use crate::value::Value;

/// `date(source)` and its like: from a text, components or another value; without a source, now.
pub(super) fn construct(kind: Kind, arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    let temporal = match arguments.first() {
        None => kind.at(context.now, &Zone::UTC)?,
        Some(Value::Null) => return Ok(Value::Null),
        Some(Value::String(text)) => text::read(kind, text)?,
        Some(Value::Temporal(source)) => kind.assemble(&Parts::of(source)?)?,
        Some(Value::Map(map)) => {
            let fields = Fields::new(map, select::known(kind))?;
            if fields.has_null() {
                return Ok(Value::Null);
            }
            select::select(kind, fields, context.now)?
        }
        Some(other) => return Err(unfit("a string, a map or a date or time", other)),
    };
    Ok(temporal.into())
}

/// `date.statement(zone)` and its like. The clock stands still while a query runs, for all three names.
pub(super) fn current(kind: Kind, arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    let zone = match arguments.first() {
        None => Zone::UTC,
        Some(Value::Null) => return Ok(Value::Null),
        Some(Value::String(name)) => text::read_zone(name)?,
        Some(other) => return Err(unfit("a time zone as string", other)),
    };
    kind.at(context.now, &zone).map(Value::from)
}

/// `date.truncate(unit, value, components)` and its like. Without a value, now is cut.
pub(super) fn truncate(kind: Kind, arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    let none = BTreeMap::new();
    let unit = match arguments.first() {
        Some(Value::String(name)) => Unit::named(name)?,
        None | Some(Value::Null) => return Ok(Value::Null),
        Some(other) => return Err(unfit("a unit as string", other)),
    };
    let now;
    let value = match arguments.get(1) {
        Some(Value::Temporal(value)) => &**value,
        Some(Value::Null) => return Ok(Value::Null),
        Some(other) => return Err(unfit("a date or time", other)),
        None => {
            now = Kind::DateTime.at(context.now, &Zone::UTC)?;
            &now
        }
    };
    let map = match arguments.get(2) {
        Some(Value::Map(map)) => &**map,
        Some(Value::Null) => return Ok(Value::Null),
        Some(other) => return Err(unfit("a map", other)),
        None => &none,
    };
    let fields = Fields::new(map, truncation::KNOWN)?;
    if fields.has_null() {
        return Ok(Value::Null);
    }
    truncation::truncate(kind, unit, value, fields, context.now).map(Value::from)
}

/// `datetime.fromEpoch(seconds, nanoseconds)` and `datetime.fromEpochMillis(milliseconds)`; `unit` is what the first
/// argument counts, in nanoseconds.
pub(super) fn from_epoch(unit: i64, arguments: &[Value]) -> Result<Value> {
    let mut nanoseconds = 0;
    for (argument, unit) in arguments.iter().zip([unit, 1]) {
        match argument {
            Value::Null => return Ok(Value::Null),
            Value::Integer(count) if unit == 1 => nanoseconds += i128::from(within("nanosecond", *count, 0..=999_999_999)?),
            Value::Integer(count) => nanoseconds += i128::from(*count) * i128::from(unit),
            other => return Err(unfit("an integer", other)),
        }
    }
    let instant = DateTime::from_utc(LocalDateTime::from_nanoseconds(nanoseconds)?, &Zone::UTC)?;
    Ok(Temporal::DateTime(instant).into())
}

fn unfit(expected: &str, found: &Value) -> Error {
    Error::value(format!("expected {expected}, found {}", found.description()))
}
