//! What a check says of a single slot.

use super::Check;
use super::checks::Pending;
use super::kinds::names;
use crate::tree::{BinaryOperator, Expression, Name, Slot};

impl<'q> Pending<'q> {
    /// The labels one of which this demands of a slot.
    pub(super) fn labels_of(&self, slot: Slot) -> Option<Vec<&'q Name>> {
        match self.check {
            Check::Labels(of, labels) if of == slot => names(labels),
            Check::Expression(predicate) => labels_in(predicate, slot),
            _ => None,
        }
    }

    /// The key of a slot that must equal a value, or one of a list of values.
    pub(super) fn equality_of(&self, slot: Slot) -> Option<(&'q Name, &'q Expression, bool)> {
        let key_of = |expression: &'q Expression| match expression {
            Expression::Property(of, name) if matches!(**of, Expression::Slot(of) if of == slot) => Some(name),
            _ => None,
        };
        match self.check {
            Check::Property(of, name, value) if of == slot => Some((name, value, false)),
            Check::Expression(Expression::Binary(BinaryOperator::Equal, left, right)) => {
                key_of(left).map(|name| (name, &**right, false)).or_else(|| key_of(right).map(|name| (name, &**left, false)))
            }
            Check::Expression(Expression::Binary(BinaryOperator::In, left, right)) => {
                key_of(left).map(|name| (name, &**right, true))
            }
            _ => None,
        }
    }
}

fn labels_in(predicate: &Expression, slot: Slot) -> Option<Vec<&Name>> {
    match predicate {
        Expression::HasLabels(of, labels) if matches!(**of, Expression::Slot(of) if of == slot) => names(labels),
        Expression::Or(sides) => {
            let sides: Option<Vec<_>> = sides.iter().map(|side| labels_in(side, slot)).collect();
            sides.map(|sides| sides.concat())
        }
        _ => None,
    }
}
