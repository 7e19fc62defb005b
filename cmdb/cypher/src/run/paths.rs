//! Paths as values.

use super::execution::Execution;
use super::nodes::{node, other_end, unexpected, value};
use crate::error::Result;
use crate::evaluate::Row;
use crate::graph::Relationship;
use crate::tree::PathPattern;
use crate::value::{Path, Value};

impl Execution<'_, '_> {
    /// The path whose parts are bound; null where one of them is.
    pub(super) fn path(&self, pattern: &PathPattern, row: &Row) -> Result<Value> {
        let Some(first) = pattern.nodes.first() else { return Ok(Value::Null) };
        let Some(first) = node(row, first.slot)? else { return Ok(Value::Null) };
        let mut path = Path { nodes: vec![first], relationships: Vec::new() };
        for step in &pattern.steps {
            match value(row, step.slot) {
                Value::Null => return Ok(Value::Null),
                Value::Relationship(relationship) => path.append(*relationship),
                Value::List(items) => {
                    for item in items.iter() {
                        match item {
                            Value::Relationship(relationship) => path.append(*relationship),
                            other => return Err(unexpected("a relationship", other)),
                        }
                    }
                }
                other => return Err(unexpected("a relationship", other)),
            }
        }
        Ok(Value::Path(path.into()))
    }
}

impl Path {
    /// Goes on along a relationship.
    pub(super) fn append(&mut self, relationship: Relationship) {
        if let Some(last) = self.nodes.last() {
            self.nodes.push(other_end(relationship, *last));
            self.relationships.push(relationship);
        }
    }
}
