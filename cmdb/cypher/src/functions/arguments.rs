//! Reading arguments, and the errors about those that do not fit.

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::value::Value;

/// An error about an argument.
pub(super) fn unfit(function: &str, expected: &str, found: &Value) -> Error {
    Error::value(format!("{function}() expected {expected}, found {}", found.description()))
}

/// An argument; null where the call leaves it out.
pub(super) fn argument(arguments: &[Value], place: usize) -> &Value {
    static MISSING: Value = Value::Null;
    arguments.get(place).unwrap_or(&MISSING)
}

/// A text; nothing for null.
pub(super) fn string<'a>(function: &str, arguments: &'a [Value], place: usize) -> Result<Option<&'a Arc<str>>> {
    match argument(arguments, place) {
        Value::Null => Ok(None),
        Value::String(string) => Ok(Some(string)),
        other => Err(unfit(function, "a string", other)),
    }
}

/// An integer; nothing for null.
pub(super) fn integer(function: &str, arguments: &[Value], place: usize) -> Result<Option<i64>> {
    match argument(arguments, place) {
        Value::Null => Ok(None),
        Value::Integer(integer) => Ok(Some(*integer)),
        other => Err(unfit(function, "an integer", other)),
    }
}

/// How many of something; nothing for null.
pub(super) fn count(function: &str, arguments: &[Value], place: usize) -> Result<Option<usize>> {
    let Some(integer) = integer(function, arguments, place)? else { return Ok(None) };
    match usize::try_from(integer) {
        Ok(count) => Ok(Some(count)),
        Err(_) => Err(unfit(function, "an integer of at least 0", &Value::Integer(integer))),
    }
}

/// A number as float; nothing for null.
pub(super) fn float(function: &str, arguments: &[Value], place: usize) -> Result<Option<f64>> {
    match argument(arguments, place) {
        Value::Null => Ok(None),
        Value::Float(float) => Ok(Some(*float)),
        #[expect(clippy::cast_precision_loss, reason = "what is asked for is the nearest float")]
        Value::Integer(integer) => Ok(Some(*integer as f64)),
        other => Err(unfit(function, "a number", other)),
    }
}

/// A list; nothing for null.
pub(super) fn list<'a>(function: &str, arguments: &'a [Value], place: usize) -> Result<Option<&'a [Value]>> {
    match argument(arguments, place) {
        Value::Null => Ok(None),
        Value::List(items) => Ok(Some(items)),
        other => Err(unfit(function, "a list", other)),
    }
}
