//! Texts and lists one behind the other.

use std::sync::Arc;

use super::build::{item_room, text_room};
use crate::error::Result;
use crate::limits::Meter;
use crate::value::{Value, check_items};

/// Two texts.
pub(super) fn join(left: &str, right: &str, meter: &Meter) -> Result<Value> {
    text_room(left.len().saturating_add(right.len()), meter)?;
    Ok(Value::from([left, right].concat()))
}

/// Two lists. Takes the left list over where nobody else has it, so that a list that grows in `reduce` is not copied for each item.
pub(super) fn append_all(mut left: Arc<Vec<Value>>, right: &[Value], meter: &Meter) -> Result<Value> {
    meter.take(right.len() as u64)?;
    if let Some(items) = Arc::get_mut(&mut left) {
        items.extend_from_slice(right);
        return Ok(Value::List(left));
    }
    item_room(left.len() as u64, meter)?;
    Ok(Value::from([left.as_slice(), right].concat()))
}

/// An item behind a list.
pub(super) fn append(mut left: Arc<Vec<Value>>, right: Value, meter: &Meter) -> Result<Value> {
    check_items([&right], meter)?;
    meter.step()?;
    if let Some(items) = Arc::get_mut(&mut left) {
        items.push(right);
        return Ok(Value::List(left));
    }
    item_room(left.len() as u64, meter)?;
    Ok(left.iter().cloned().chain([right]).collect())
}

/// An item before a list.
pub(super) fn prepend(left: Value, right: &[Value], meter: &Meter) -> Result<Value> {
    check_items([&left], meter)?;
    item_room(right.len() as u64, meter)?;
    Ok([left].into_iter().chain(right.iter().cloned()).collect())
}
