//! Comparing values whose size is not bounded, with the work counted.

use super::Context;
use super::build::BYTES_PER_STEP;
use crate::error::Result;
use crate::value::{Comparison, Value};

/// Whether two values are equal, as [`Value::equals`] says.
pub(crate) fn equal(left: &Value, right: &Value, context: &Context<'_>) -> Result<Option<bool>> {
    count(left, right, context)?;
    Ok(left.equals(right))
}

/// How two values stand to each other, as [`Value::comparison`] says.
pub(super) fn comparison(left: &Value, right: &Value, context: &Context<'_>) -> Result<Comparison> {
    count(left, right, context)?;
    Ok(left.comparison(right))
}

/// Counts the work of comparing two values, where it may be more than that of a row.
pub(crate) fn count(left: &Value, right: &Value, context: &Context<'_>) -> Result<()> {
    let bytes = match (left, right) {
        (Value::String(left), Value::String(right)) => left.len().min(right.len()),
        (Value::List(_), Value::List(_)) | (Value::Map(_), Value::Map(_)) => left.size().min(right.size()),
        _ => return Ok(()),
    };
    context.meter.take((bytes / BYTES_PER_STEP) as u64)
}
