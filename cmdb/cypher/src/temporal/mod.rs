//! Dates, times and durations.

use std::cmp::Ordering;
use std::fmt;

use crate::error::{Error, Result};
use crate::functions::Function;
use crate::value::Value;

/// A date, time or duration.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Temporal {
    /// Replaced by the real kinds.
    Nothing,
}

impl fmt::Display for Temporal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("nothing")
    }
}

pub(crate) static FUNCTIONS: &[Function] = &[];

pub(crate) fn compare(_: &Temporal, _: &Temporal) -> Option<Ordering> {
    None
}

pub(crate) fn order(_: &Temporal, _: &Temporal) -> Ordering {
    Ordering::Equal
}

pub(crate) fn property(_: &Temporal, _: &str) -> Option<Value> {
    None
}

pub(crate) fn add(_: &Value, _: &Value) -> Result<Value> {
    Err(Error::value("nothing"))
}

pub(crate) fn subtract(_: &Value, _: &Value) -> Result<Value> {
    Err(Error::value("nothing"))
}

pub(crate) fn multiply(_: &Value, _: f64) -> Result<Value> {
    Err(Error::value("nothing"))
}

pub(crate) fn divide(_: &Value, _: f64) -> Result<Value> {
    Err(Error::value("nothing"))
}
