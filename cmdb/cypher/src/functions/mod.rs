//! Functions and aggregates by name.

mod aggregates;
mod angles;
mod arguments;
mod conversions;
mod entities;
mod kinds;
mod lists;
mod numbers;
mod rounding;
mod strings;
mod table;
#[cfg(test)]
mod testing;

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

pub(crate) use kinds::Kinds;

use crate::error::Result;
use crate::evaluate::Context;
use crate::temporal;
use crate::value::Value;

/// A function that is no aggregate.
pub(crate) struct Function {
    /// In lower case, with its namespace: `size`, `date.truncate`.
    pub(crate) name: &'static str,
    /// What each argument may be, null aside; a shorter call leaves the last ones out.
    pub(crate) parameters: &'static [Kinds],
    /// How many arguments there must be at least.
    pub(crate) least: usize,
    /// Whether the last of `parameters` may be repeated.
    pub(crate) repeats: bool,
    /// What it gives, null aside.
    pub(crate) result: Kinds,
    /// Computes it. Whether null arguments give null is the function's own affair.
    pub(crate) call: fn(&[Value], &Context<'_>) -> Result<Value>,
}

impl fmt::Debug for Function {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

/// A function over the rows of a group.
pub(crate) struct Aggregate {
    /// In lower case.
    pub(crate) name: &'static str,
    /// What each argument may be; `count(*)` has none.
    pub(crate) parameters: &'static [Kinds],
    /// What it gives.
    pub(crate) result: Kinds,
    /// A new group.
    pub(crate) start: fn() -> Box<dyn Accumulator>,
}

impl fmt::Debug for Aggregate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

/// The running value of an aggregate. DISTINCT is its caller's affair.
pub(crate) trait Accumulator {
    /// Takes one row's arguments; `count(*)` gets none.
    fn add(&mut self, arguments: &[Value], context: &Context<'_>) -> Result<()>;

    /// The value of the group.
    fn finish(&mut self) -> Result<Value>;
}

/// Every function by its name.
static FUNCTIONS: LazyLock<HashMap<&'static str, &'static Function>> = LazyLock::new(|| {
    let tables = [
        angles::FUNCTIONS,
        conversions::FUNCTIONS,
        entities::FUNCTIONS,
        lists::FUNCTIONS,
        numbers::FUNCTIONS,
        strings::FUNCTIONS,
    ];
    tables.into_iter().chain([temporal::FUNCTIONS]).flatten().map(|function| (function.name, function)).collect()
});

/// The function with this name; letter case does not count.
pub(crate) fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.get(name.to_ascii_lowercase().as_str()).copied()
}

/// The aggregate with this name; letter case does not count.
pub(crate) fn aggregate(name: &str) -> Option<&'static Aggregate> {
    aggregates::AGGREGATES.iter().find(|aggregate| aggregate.name.eq_ignore_ascii_case(name))
}

/// `count(*)`.
pub(crate) fn count_rows() -> &'static Aggregate {
    &aggregates::COUNT_ROWS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::evaluate::testing::with_context;
    use crate::value::testing::value;

    #[test]
    fn names_are_found_in_any_letter_case() {
        assert_eq!(function("toUPPER").unwrap().name, "toupper");
        assert_eq!(aggregate("percentileDisc").unwrap().name, "percentiledisc");
        assert!(function("count").is_none());
        assert!(count_rows().parameters.is_empty());
    }

    #[test]
    fn every_function_is_listed_once_in_lower_case() {
        for (name, function) in FUNCTIONS.iter() {
            assert_eq!(*name, name.to_lowercase());
            assert!(function.least <= function.parameters.len(), "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_function_panics_on_any_arguments(arguments in proptest::collection::vec(value(), 0..4)) {
            with_context(|context| {
                for function in FUNCTIONS.values() {
                    let _ = (function.call)(&arguments, context);
                }
            });
        }

        #[test]
        fn no_aggregate_panics_on_any_rows(rows in proptest::collection::vec([value(), value()], 0..4)) {
            with_context(|context| {
                for aggregate in aggregates::AGGREGATES {
                    let mut accumulator = (aggregate.start)();
                    if rows.iter().try_for_each(|row| accumulator.add(row, context)).is_ok() {
                        let _ = accumulator.finish();
                    }
                }
            });
        }
    }
}
