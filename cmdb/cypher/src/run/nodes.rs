//! Slots that hold nodes and relationships.

use crate::error::{Error, Result};
use crate::evaluate::Row;
use crate::graph::{NodeId, Relationship};
use crate::tree::Slot;
use crate::value::Value;

/// What a slot holds.
#[inline]
pub(super) fn value(row: &Row, slot: Slot) -> &Value {
    const NULL: &Value = &Value::Null;
    row.get(slot.0 as usize).unwrap_or(NULL)
}

/// Puts a value into a slot.
#[inline]
pub(super) fn bind(row: &mut Row, slot: Slot, value: Value) {
    if let Some(place) = row.get_mut(slot.0 as usize) {
        *place = value;
    }
}

/// The node in a slot; nothing where it is null.
#[inline]
pub(super) fn node(row: &Row, slot: Slot) -> Result<Option<NodeId>> {
    match value(row, slot) {
        Value::Node(node) => Ok(Some(*node)),
        Value::Null => Ok(None),
        other => Err(unexpected("a node", other)),
    }
}

/// The relationship in a slot; nothing where it is null.
pub(super) fn relationship(row: &Row, slot: Slot) -> Result<Option<Relationship>> {
    match value(row, slot) {
        Value::Relationship(relationship) => Ok(Some(*relationship)),
        Value::Null => Ok(None),
        other => Err(unexpected("a relationship", other)),
    }
}

pub(super) fn unexpected(expected: &str, found: &Value) -> Error {
    Error::value(format!("a pattern needs {expected}, found {}", found.description()))
}

/// The end of a relationship that is not `node`, or `node` again.
#[inline]
pub(super) fn other_end(relationship: Relationship, node: NodeId) -> NodeId {
    if relationship.source == node { relationship.target } else { relationship.source }
}
