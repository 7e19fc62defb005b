//! Values that a query builds.
//!
//! Every item costs a step, and so does every so many bytes of a text: the limit of what is looked at bounds what is built.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::limits::Meter;
use crate::value::{Value, check_items};

/// So many bytes of a text are copied or looked through for one step.
pub(crate) const BYTES_PER_STEP: usize = 64;

/// A list of these items.
pub(crate) fn list(items: Vec<Value>, meter: &Meter) -> Result<Value> {
    meter.take(items.len() as u64)?;
    check_items(&items, meter)?;
    Ok(Value::List(Arc::new(items)))
}

/// A list of items that lay in a list as deep as this one, or are no lists and maps.
pub(crate) fn flat_list(items: Vec<Value>, meter: &Meter) -> Result<Value> {
    meter.take(items.len() as u64)?;
    Ok(Value::List(Arc::new(items)))
}

/// A map of these entries.
pub(crate) fn map(entries: BTreeMap<Arc<str>, Value>, meter: &Meter) -> Result<Value> {
    meter.take(entries.len() as u64)?;
    check_items(entries.values(), meter)?;
    Ok(Value::from(entries))
}

/// Room for a text of so many bytes.
pub(crate) fn text_room(bytes: usize, meter: &Meter) -> Result<()> {
    meter.take((bytes / BYTES_PER_STEP) as u64)?;
    if bytes as u64 > meter.limits().memory {
        return Err(Error::Limit { what: "the size of one value, in bytes,", limit: meter.limits().memory });
    }
    Ok(())
}
