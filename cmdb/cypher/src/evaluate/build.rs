//! Values that a query builds.
//!
//! Every item costs a step, and so does every so many bytes of a text: the limit of what is looked at bounds what is built.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::limits::Meter;
use crate::value::{Value, check_items};

/// So many bytes of a text are copied, compared or looked through for one step.
pub(crate) const BYTES_PER_STEP: usize = 64;

/// A list of these items.
pub(crate) fn list(items: Vec<Value>, meter: &Meter) -> Result<Value> {
    item_room(items.len() as u64, meter)?;
    check_items(&items, meter)?;
    Ok(Value::List(Arc::new(items)))
}

/// A list of items that lay in a list as deep as this one, or are no lists and maps.
pub(crate) fn flat_list(items: Vec<Value>, meter: &Meter) -> Result<Value> {
    item_room(items.len() as u64, meter)?;
    Ok(Value::List(Arc::new(items)))
}

/// A map of these entries.
pub(crate) fn map(entries: BTreeMap<Arc<str>, Value>, meter: &Meter) -> Result<Value> {
    meter.take(entries.len() as u64)?;
    check_items(entries.values(), meter)?;
    Ok(Value::from(entries))
}

/// Room for a list of so many items.
pub(crate) fn item_room(items: u64, meter: &Meter) -> Result<()> {
    meter.take(items)?;
    one_value(items.saturating_mul(size_of::<Value>() as u64), meter)
}

/// Room for a text of so many bytes.
pub(crate) fn text_room(bytes: usize, meter: &Meter) -> Result<()> {
    meter.take((bytes / BYTES_PER_STEP) as u64)?;
    one_value(bytes as u64, meter)
}

/// No value alone may need more than the whole run.
fn one_value(bytes: u64, meter: &Meter) -> Result<()> {
    if bytes > meter.limits().memory {
        return Err(Error::Limit { what: "the size of one value, in bytes,", limit: meter.limits().memory });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{Cancellation, Limits};

    #[test]
    fn a_value_must_fit_into_the_memory_and_its_items_into_the_steps() {
        let mut limits = Limits::default();
        limits.memory = 1_000;
        limits.expansions = 100_000;
        let meter = Meter::start(limits, Cancellation::default());
        assert!(list(vec![Value::Null; 41], &meter).is_ok());
        assert!(matches!(list(vec![Value::Null; 42], &meter), Err(Error::Limit { limit: 1_000, .. })));
        assert!(matches!(text_room(1_001, &meter), Err(Error::Limit { limit: 1_000, .. })));
        assert!(matches!(item_room(u64::MAX, &meter), Err(Error::Limit { limit: 100_000, .. })));
    }
}
