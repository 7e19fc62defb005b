//! Follows single relationships.

use super::Flow;
use super::execution::Execution;
use super::nodes::{bind, node, other_end, relationship, value};
use crate::error::Result;
use crate::evaluate::Row;
use crate::graph::{Direction, NodeId, Relationship};
use crate::plan::Expand;
use crate::tree::Slot;
use crate::value::Value;

impl Execution<'_, '_> {
    /// Binds each relationship of a node, and the node at its other end.
    pub(super) fn expand(&self, at: usize, expand: &Expand<'_>, row: &mut Row) -> Result<Flow> {
        let Some(from) = node(row, expand.from)? else { return Ok(Flow::Continue(())) };
        let into = match expand.to_bound {
            true => match node(row, expand.to)? {
                Some(into) => Some(into),
                None => return Ok(Flow::Continue(())),
            },
            false => None,
        };
        let mut visit = |relationship: Relationship| {
            self.step(at)?;
            let to = other_end(relationship, from);
            if into.is_some_and(|into| into != to)
                || !expand.kinds.fulfils(relationship, self.context)
                || is_used(relationship, &expand.others, row)
            {
                return Ok(Flow::Continue(()));
            }
            bind(row, expand.slot, Value::Relationship(relationship));
            if into.is_none() {
                bind(row, expand.to, Value::Node(to));
            }
            self.push(at + 1, row)
        };
        self.visit(from, expand, &mut visit)
    }

    /// Visits the relationships of a node that a step means until `visit` breaks or fails.
    pub(super) fn visit(
        &self,
        node: NodeId,
        expand: &Expand<'_>,
        visit: &mut dyn FnMut(Relationship) -> Result<Flow>,
    ) -> Result<Flow> {
        let mut outcome = Ok(Flow::Continue(()));
        if !expand.kinds.none {
            self.context.graph.relationships(node, expand.direction, &expand.kinds.symbols, &mut |relationship| {
                outcome = visit(relationship);
                if matches!(outcome, Ok(Flow::Continue(()))) { Flow::Continue(()) } else { Flow::Break(()) }
            });
        }
        outcome
    }

    /// Binds the ends of a relationship that is bound.
    pub(super) fn ends(&self, at: usize, expand: &Expand<'_>, row: &mut Row) -> Result<Flow> {
        let Some(relationship) = relationship(row, expand.slot)? else { return Ok(Flow::Continue(())) };
        if !expand.kinds.contain(relationship, self.context) || is_used(relationship, &expand.others, row) {
            return Ok(Flow::Continue(()));
        }
        let forwards = (relationship.source, relationship.target);
        let backwards = (relationship.target, relationship.source);
        let ways: &[_] = match expand.direction {
            Direction::Outgoing => &[forwards],
            Direction::Incoming => &[backwards],
            Direction::Both if forwards == backwards => &[forwards],
            Direction::Both => &[forwards, backwards],
        };
        for (from, to) in ways {
            self.step(at)?;
            if (expand.from == expand.to && from != to)
                || (expand.from_bound && node(row, expand.from)? != Some(*from))
                || (expand.to_bound && expand.from != expand.to && node(row, expand.to)? != Some(*to))
            {
                continue;
            }
            bind(row, expand.from, Value::Node(*from));
            bind(row, expand.to, Value::Node(*to));
            if self.push(at + 1, row)?.is_break() {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }
}

/// Whether a relationship is in one of these slots, by itself or in a list.
pub(super) fn is_used(relationship: Relationship, slots: &[Slot], row: &Row) -> bool {
    slots.iter().any(|slot| match value(row, *slot) {
        Value::Relationship(used) => *used == relationship,
        Value::List(items) => items.iter().any(|item| matches!(item, Value::Relationship(used) if *used == relationship)),
        _ => false,
    })
}
