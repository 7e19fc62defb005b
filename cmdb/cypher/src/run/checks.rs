//! What must hold of a row.

use super::execution::Execution;
use super::nodes::{node, unexpected, value};
use crate::error::Result;
use crate::evaluate::{Context, Row, equal, evaluate, holds};
use crate::graph::{Relationship, Symbol};
use crate::plan::{Check, Kinds};
use crate::tree::{LabelExpression, Slot};
use crate::value::Value;

impl Execution<'_, '_> {
    /// Whether all checks hold.
    pub(super) fn pass(&self, checks: &[Check<'_>], row: &mut Row) -> Result<bool> {
        for check in checks {
            let passed = match *check {
                Check::Expression(predicate) => holds(predicate, row, self.context)?,
                Check::Node(slot) => node(row, slot)?.is_some(),
                Check::Labels(slot, labels) => self.has_labels(slot, labels, row)?,
                Check::Property(slot, name, wanted) => match self.context.symbol(name) {
                    None => false,
                    Some(key) => {
                        let wanted = evaluate(wanted, row, self.context)?;
                        equal(&self.property(slot, key, row)?, &wanted, self.context)? == Some(true)
                    }
                },
            };
            if !passed {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn has_labels(&self, slot: Slot, labels: &LabelExpression, row: &Row) -> Result<bool> {
        let Some(node) = node(row, slot)? else { return Ok(false) };
        let graph = self.context.graph;
        Ok(matches(labels, self.context, &|label| graph.has_label(node, label), &|| !graph.labels(node).is_empty()))
    }

    fn property(&self, slot: Slot, key: Symbol, row: &Row) -> Result<Value> {
        Ok(match value(row, slot) {
            Value::Node(node) => self.context.graph.property(*node, key),
            Value::Relationship(relationship) => self.context.graph.relationship_property(*relationship, key),
            Value::Null => Value::Null,
            other => return Err(unexpected("a node or relationship", other)),
        })
    }
}

impl Kinds<'_> {
    /// Whether a relationship is of the types that are meant.
    pub(super) fn contain(&self, relationship: Relationship, context: &Context<'_>) -> bool {
        !self.none
            && (self.symbols.is_empty() || self.symbols.contains(&relationship.kind))
            && self.fulfils(relationship, context)
    }

    /// The same for one that a graph gave for `symbols`.
    #[inline]
    pub(super) fn fulfils(&self, relationship: Relationship, context: &Context<'_>) -> bool {
        self.check.is_none_or(|check| matches(check, context, &|kind| kind == relationship.kind, &|| true))
    }
}

fn matches(labels: &LabelExpression, context: &Context<'_>, has: &dyn Fn(Symbol) -> bool, has_any: &dyn Fn() -> bool) -> bool {
    match labels {
        LabelExpression::Name(name) => context.symbol(name).is_some_and(has),
        LabelExpression::Any => has_any(),
        LabelExpression::Not(inner) => !matches(inner, context, has, has_any),
        LabelExpression::And(sides) => sides.iter().all(|side| matches(side, context, has, has_any)),
        LabelExpression::Or(sides) => sides.iter().any(|side| matches(side, context, has, has_any)),
    }
}
