//! `IN` with a list that is the same for all rows.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use crate::error::Result;
use crate::limits::Meter;
use crate::value::{Key, Value};

/// Shorter lists are looked through as fast.
const WORTH_HASHING: usize = 8;

/// The lists of a run that were hashed, by where they lie. Only lists of the query and its parameters are: they stay where they
/// are until the run ends.
#[derive(Debug, Default)]
pub(crate) struct Memberships(RefCell<HashMap<usize, Option<Membership>>>);

/// The items of a list, where equality is the same as being hashed alike.
#[derive(Debug)]
struct Membership {
    items: HashSet<Key>,
    has_null: bool,
}

impl Memberships {
    /// Whether a value is in a list that begins at `address`; `Err` gives the value back where that is not known from hashes.
    pub(super) fn find<'i>(
        &self,
        value: Value,
        address: usize,
        items: impl ExactSizeIterator<Item = Option<&'i Value>>,
        meter: &Meter,
    ) -> Result<Result<Option<bool>, Value>> {
        if items.len() < WORTH_HASHING || !is_hashed(&value) {
            return Ok(Err(value));
        }
        if !self.0.borrow().contains_key(&address) {
            let membership = Membership::of(items, meter)?;
            self.0.borrow_mut().insert(address, membership);
        }
        let memberships = self.0.borrow();
        let Some(Some(membership)) = memberships.get(&address) else { return Ok(Err(value)) };
        let found = membership.items.contains(&Key(value));
        Ok(Ok(if found { Some(true) } else { (!membership.has_null).then_some(false) }))
    }
}

impl Membership {
    /// Nothing where an item is not known before the run or must be compared part by part.
    fn of<'i>(items: impl ExactSizeIterator<Item = Option<&'i Value>>, meter: &Meter) -> Result<Option<Self>> {
        let mut membership = Self { items: HashSet::with_capacity(items.len()), has_null: false };
        for item in items {
            meter.step()?;
            match item {
                Some(Value::Null) => membership.has_null = true,
                Some(item) if is_hashed(item) => {
                    meter.keep(size_of::<Key>())?;
                    membership.items.insert(Key(item.clone()));
                }
                // Equals nothing.
                Some(Value::Float(_)) => {}
                _ => return Ok(None),
            }
        }
        Ok(Some(membership))
    }
}

/// Whether `=` of a value with another of these is true or false as hashes say.
const fn is_hashed(value: &Value) -> bool {
    match value {
        Value::Boolean(_) | Value::Integer(_) | Value::String(_) | Value::Node(_) | Value::Relationship(_) => true,
        Value::Float(float) => !float.is_nan(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::limits::{Cancellation, Limits};
    use crate::value::testing::value;

    fn equals_one(value: &Value, items: &[Value]) -> Option<bool> {
        let equal: Vec<_> = items.iter().map(|item| value.equals(item)).collect();
        if equal.contains(&Some(true)) { Some(true) } else { (!equal.contains(&None)).then_some(false) }
    }

    proptest! {
        #[test]
        fn hashes_say_the_same_as_one_comparison_after_the_other(
            value in value(),
            items in proptest::collection::vec(value(), WORTH_HASHING..20),
        ) {
            let meter = Meter::start(Limits::default(), Cancellation::default());
            let found = Memberships::default().find(value.clone(), 0, items.iter().map(Some), &meter).unwrap();
            if let Ok(found) = found {
                prop_assert_eq!(found, equals_one(&value, &items));
            }
        }
    }

    #[test]
    fn a_list_is_hashed_once() {
        let meter = Meter::start(Limits::default(), Cancellation::default());
        let memberships = Memberships::default();
        let items: Vec<Value> = (0..1_000).map(Value::from).collect();
        for number in [3, 1_000, 999] {
            let found = memberships.find(number.into(), 0, items.iter().map(Some), &meter).unwrap();
            assert_eq!(found.unwrap(), Some(number < 1_000));
        }
        assert_eq!(memberships.0.borrow().len(), 1);
        assert_eq!(meter.steps(), 1_000);
    }
}
