//! Maps that describe temporal values.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::{Temporal, text, within, zone::Zone};
use crate::error::{Error, Result};
use crate::value::Value;

/// The components that a caller gave.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a>(&'a BTreeMap<Arc<str>, Value>);

impl<'a> Fields<'a> {
    /// Accepts a map with no other keys than `known`.
    ///
    /// # Errors
    /// [`Error::Value`] that names the first other key.
    pub(super) fn new(map: &'a BTreeMap<Arc<str>, Value>, known: &[&[&str]]) -> Result<Self> {
        let Some(other) = map.keys().find(|key| !known.iter().any(|names| names.contains(&&***key))) else {
            return Ok(Self(map));
        };
        let shown: String = other.chars().take(40).collect();
        let known: Vec<&str> = known.iter().flat_map(|names| names.iter().copied()).collect();
        Err(Error::value(format!("expected components among {}, found `{shown}`", known.join(", "))))
    }

    /// Whether something is given but not known.
    pub(super) fn has_null(self) -> bool {
        self.0.values().any(|value| matches!(value, Value::Null))
    }

    /// Whether any of these is given.
    pub(super) fn has_any(self, names: &[&str]) -> bool {
        names.iter().any(|name| self.0.contains_key(*name))
    }

    /// Whether nothing but this is given.
    pub(super) fn is_only(self, name: &str) -> bool {
        self.0.len() == 1 && self.0.contains_key(name)
    }

    pub(super) fn integer(self, name: &str) -> Result<Option<i64>> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::Integer(number)) => Ok(Some(*number)),
            Some(other) => Err(wrong(name, "an integer", other)),
        }
    }

    pub(super) fn integer_within(self, name: &str, range: RangeInclusive<i64>) -> Result<Option<i64>> {
        self.integer(name)?.map(|number| within(name, number, range)).transpose()
    }

    pub(super) fn temporal(self, name: &str) -> Result<Option<&'a Temporal>> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::Temporal(temporal)) => Ok(Some(temporal)),
            Some(other) => Err(wrong(name, "a date or time", other)),
        }
    }

    pub(super) fn zone(self) -> Result<Option<Zone>> {
        match self.0.get("timezone") {
            None => Ok(None),
            Some(Value::String(name)) => text::read_zone(name).map(Some),
            Some(other) => Err(wrong("timezone", "a string", other)),
        }
    }
}

fn wrong(name: &str, expected: &str, found: &Value) -> Error {
    Error::value(format!("expected {expected} as `{name}`, found {}", found.description()))
}
