//! Functions and aggregates by name.

mod kinds;

use std::fmt;

pub(crate) use kinds::Kinds;

use crate::error::Result;
use crate::evaluate::Context;
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

/// The function with this name; letter case does not count.
pub(crate) fn function(name: &str) -> Option<&'static Function> {
    let _ = name;
    None
}

/// The aggregate with this name; letter case does not count.
pub(crate) fn aggregate(name: &str) -> Option<&'static Aggregate> {
    let _ = name;
    None
}

/// `count(*)`.
pub(crate) fn count_rows() -> &'static Aggregate {
    unreachable!("replaced by the real table")
}
