//! How deep values may lie inside each other.
//!
//! Equality, order, JSON and the end of a value's life are recursive, so its depth must be bounded where it is built.

use super::Value;
use crate::error::{Error, Result};
use crate::limits::Meter;

/// So many items are looked at for one step: it is far less work than a row.
const ITEMS_PER_STEP: u64 = 16;

/// Checks that these may become the items of one more list or map.
///
/// # Errors
/// [`Error::Value`] for items that are nested too deeply; [`Error::Limit`] where they hold more than memory may be used,
/// counting what is shared wherever it is.
pub(crate) fn check_items<'a>(items: impl IntoIterator<Item = &'a Value>, meter: &Meter) -> Result<()> {
    let mut walk = Walk { meter, items: 0 };
    items.into_iter().try_for_each(|item| walk.enter(item, Value::NESTING - 1))
}

struct Walk<'a> {
    meter: &'a Meter,
    items: u64,
}

impl Walk<'_> {
    fn enter(&mut self, value: &Value, levels: usize) -> Result<()> {
        match value {
            Value::List(items) => self.enter_all(items.len(), items.iter(), levels),
            Value::Map(entries) => self.enter_all(entries.len(), entries.values(), levels),
            _ => Ok(()),
        }
    }

    fn enter_all<'a>(&mut self, count: usize, items: impl Iterator<Item = &'a Value>, levels: usize) -> Result<()> {
        let levels = levels.checked_sub(1).ok_or_else(|| {
            Error::value(format!("expected lists and maps at most {} deep inside each other, found deeper ones", Value::NESTING))
        })?;
        self.items = self.items.saturating_add(count as u64);
        if self.items.saturating_mul(size_of::<Value>() as u64) > self.meter.limits().memory {
            return Err(Error::Limit { what: "the size of one value, in bytes,", limit: self.meter.limits().memory });
        }
        self.meter.take(count as u64 / ITEMS_PER_STEP)?;
        for item in items {
            self.enter(item, levels)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{Cancellation, Limits};

    fn meter() -> Meter {
        Meter::start(Limits::default(), Cancellation::default())
    }

    #[test]
    fn lists_nest_up_to_the_bound_and_no_deeper() {
        let mut list = Value::from(Vec::<Value>::new());
        for _ in 1..Value::NESTING {
            check_items([&list], &meter()).unwrap();
            list = Value::from(vec![list]);
        }
        let error = check_items([&list], &meter()).unwrap_err();
        assert!(error.to_string().contains("at most 100 deep"), "{error}");
    }

    #[test]
    fn a_list_that_holds_itself_twice_over_and_over_ends_at_the_memory() {
        let mut list = Value::from(vec![Value::Null]);
        let error = (0..60).find_map(|_| {
            let error = check_items([&list, &list], &meter()).err();
            list = Value::from(vec![list.clone(), list.clone()]);
            error
        });
        assert!(matches!(error, Some(Error::Limit { .. })), "{error:?}");
    }
}
