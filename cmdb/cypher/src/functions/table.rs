//! Short forms for the tables of functions.

use super::{Function, Kinds};
use crate::error::Result;
use crate::evaluate::Context;
use crate::value::Value;

/// What a function does with its arguments.
pub(super) type Call = fn(&[Value], &Context<'_>) -> Result<Value>;

impl Function {
    /// A function that takes exactly these arguments.
    pub(super) const fn new(name: &'static str, parameters: &'static [Kinds], result: Kinds, call: Call) -> Self {
        Self { name, parameters, least: parameters.len(), repeats: false, result, call }
    }

    /// The same, with the arguments behind the first `least` left to the caller's choice.
    pub(super) const fn at_least(mut self, least: usize) -> Self {
        self.least = least;
        self
    }

    /// The same, whose last argument may be repeated.
    pub(super) const fn repeated(mut self) -> Self {
        self.repeats = true;
        self
    }
}
