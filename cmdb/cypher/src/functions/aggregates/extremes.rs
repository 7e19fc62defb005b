//! `min` and `max`.

use std::cmp::Ordering;
use std::mem;

use crate::error::Result;
use crate::evaluate::{Context, count_work};
use crate::functions::Accumulator;
use crate::value::{Value, order};

/// The value that comes first or last in the order of all values; null where there was none.
#[derive(Debug)]
pub(super) struct Extreme {
    value: Value,
    /// How a value stands to the one that it replaces.
    better: Ordering,
}

impl Extreme {
    pub(super) const fn smallest() -> Self {
        Self { value: Value::Null, better: Ordering::Less }
    }

    pub(super) const fn largest() -> Self {
        Self { value: Value::Null, better: Ordering::Greater }
    }
}

impl Accumulator for Extreme {
    fn add(&mut self, arguments: &[Value], context: &Context<'_>) -> Result<()> {
        for value in arguments.iter().filter(|value| !value.is_null()) {
            count_work(value, &self.value, context)?;
            if self.value.is_null() || order::compare(value, &self.value) == self.better {
                self.value = value.clone();
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<Value> {
        Ok(mem::take(&mut self.value))
    }
}
