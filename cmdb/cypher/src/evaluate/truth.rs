//! Predicates, in three-valued logic: `None` is null.

use super::labels::has_labels;
use super::quantifier::quantifier;
use super::relation::{is_relation, relation};
use super::{Context, Row, bound, evaluate};
use crate::error::{Error, Result};
use crate::tree::{BinaryOperator, Expression, SubqueryKind, UnaryOperator};
use crate::value::Value;

/// The truth of a predicate.
pub(super) fn truth(predicate: &Expression, row: &mut Row, context: &Context<'_>) -> Result<Option<bool>> {
    match predicate {
        Expression::And(operands) => junction(operands, false, row, context),
        Expression::Or(operands) => junction(operands, true, row, context),
        Expression::Unary(UnaryOperator::Not, operand) => Ok(truth(operand, row, context)?.map(|truth| !truth)),
        Expression::IsNull { operand, negated } => is_null(operand, row, context).map(|null| Some(null != *negated)),
        Expression::HasLabels(entity, labels) => has_labels(entity, labels, row, context),
        Expression::Quantifier { kind, slot, list, predicate } => quantifier(*kind, (*slot, list), predicate, row, context),
        Expression::Subquery(SubqueryKind::Exists, id) => context.subqueries.exists(*id, row, context).map(Some),
        Expression::Binary(BinaryOperator::Xor, left, right) => exclusive(left, right, row, context),
        Expression::Binary(operator, left, right) if is_relation(*operator) => relation(*operator, left, right, row, context),
        other => of_value(&evaluate(other, row, context)?),
    }
}

fn of_value(value: &Value) -> Result<Option<bool>> {
    match value {
        Value::Null => Ok(None),
        Value::Boolean(boolean) => Ok(Some(*boolean)),
        other => Err(Error::value(format!("expected true, false or null as predicate, found {}", other.description()))),
    }
}

/// AND, which false decides, or OR, which true decides.
fn junction(operands: &[Expression], deciding: bool, row: &mut Row, context: &Context<'_>) -> Result<Option<bool>> {
    let mut result = Some(!deciding);
    for operand in operands {
        match truth(operand, row, context)? {
            Some(truth) if truth == deciding => return Ok(Some(deciding)),
            Some(_) => {}
            None => result = None,
        }
    }
    Ok(result)
}

fn is_null(operand: &Expression, row: &mut Row, context: &Context<'_>) -> Result<bool> {
    match operand {
        Expression::Slot(slot) => Ok(bound(row, *slot).is_null()),
        _ => evaluate(operand, row, context).map(|value| value.is_null()),
    }
}

/// XOR, which both sides decide.
fn exclusive(left: &Expression, right: &Expression, row: &mut Row, context: &Context<'_>) -> Result<Option<bool>> {
    let left = truth(left, row, context)?;
    Ok(truth(right, row, context)?.zip(left).map(|(right, left)| right != left))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{literal, value_of};
    use super::*;

    fn json(expression: &Expression) -> String {
        super::super::testing::json(&value_of(expression).unwrap())
    }

    #[test]
    fn null_leaves_conjunctions_and_disjunctions_open_until_one_side_decides() {
        let [yes, no, null] = [literal(true), literal(false), literal(Value::Null)];
        let results = [
            Expression::And(vec![null.clone(), no.clone()]),
            Expression::And(vec![yes.clone(), null.clone()]),
            Expression::Or(vec![null.clone(), yes.clone()]),
            Expression::Or(vec![no, null.clone()]),
            Expression::Unary(UnaryOperator::Not, Box::new(null.clone())),
            Expression::Binary(BinaryOperator::Xor, Box::new(yes), Box::new(null)),
        ];
        assert_eq!(results.each_ref().map(json), ["false", "null", "true", "null", "null", "null"]);
    }

    #[test]
    fn a_predicate_must_be_true_false_or_null() {
        let error = value_of(&Expression::And(vec![literal(1)])).unwrap_err().to_string();
        assert_eq!(error, "expected true, false or null as predicate, found the integer 1");
    }
}
