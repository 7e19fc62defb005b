//! Operators that say how two values stand to each other.

use std::cmp::Ordering;

use super::build::BYTES_PER_STEP;
use super::work::{comparison, equal};
use super::{Context, Row, bound, evaluate, parameter};
use crate::error::{Error, Result};
use crate::tree::{BinaryOperator, Expression};
use crate::value::Value;

/// Whether an operator is one of these.
pub(super) const fn is_relation(operator: BinaryOperator) -> bool {
    use BinaryOperator as Operator;
    match operator {
        Operator::Equal | Operator::NotEqual | Operator::Less | Operator::LessEqual => true,
        Operator::Greater | Operator::GreaterEqual | Operator::Matches | Operator::In => true,
        Operator::StartsWith | Operator::EndsWith | Operator::Contains => true,
        Operator::Xor | Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide => false,
        Operator::Remainder | Operator::Power | Operator::Concatenate => false,
    }
}

/// Computes such an operator.
#[inline(never)]
pub(super) fn relation(
    operator: BinaryOperator,
    left: &Expression,
    right: &Expression,
    row: &mut Row,
    context: &Context<'_>,
) -> Result<Option<bool>> {
    match operator {
        BinaryOperator::In => is_in(left, right, row, context),
        _ => match (left, constant(right, context)?) {
            // What need not be copied is not.
            (Expression::Slot(left), Some(right)) => between(operator, bound(row, *left), right, context),
            (_, Some(right)) => between(operator, &evaluate(left, row, context)?, right, context),
            (_, None) => {
                let left = evaluate(left, row, context)?;
                between(operator, &left, &evaluate(right, row, context)?, context)
            }
        },
    }
}

/// What is the same for all rows.
fn constant<'a>(expression: &'a Expression, context: &Context<'a>) -> Result<Option<&'a Value>> {
    match expression {
        Expression::Literal(value) => Ok(Some(value)),
        Expression::Parameter(name) => parameter(name, context).map(Some),
        _ => Ok(None),
    }
}

fn between(operator: BinaryOperator, left: &Value, right: &Value, context: &Context<'_>) -> Result<Option<bool>> {
    use BinaryOperator as Operator;
    match operator {
        Operator::Equal => equal(left, right, context),
        Operator::NotEqual => Ok(equal(left, right, context)?.map(|equal| !equal)),
        Operator::Less => Ok(comparison(left, right, context)?.holds(Ordering::is_lt)),
        Operator::LessEqual => Ok(comparison(left, right, context)?.holds(Ordering::is_le)),
        Operator::Greater => Ok(comparison(left, right, context)?.holds(Ordering::is_gt)),
        Operator::GreaterEqual => Ok(comparison(left, right, context)?.holds(Ordering::is_ge)),
        _ => of_texts(operator, left, right, context),
    }
}

/// Operators between texts; null for what is no text.
fn of_texts(operator: BinaryOperator, left: &Value, right: &Value, context: &Context<'_>) -> Result<Option<bool>> {
    let (Value::String(left), Value::String(right)) = (left, right) else { return Ok(None) };
    match operator {
        BinaryOperator::StartsWith => Ok(Some(left.starts_with(&**right))),
        BinaryOperator::EndsWith => Ok(Some(left.ends_with(&**right))),
        BinaryOperator::Matches => context.regexes.matches(left, right, context.meter).map(Some),
        _ => {
            context.meter.take((left.len() / BYTES_PER_STEP) as u64)?;
            Ok(Some(left.contains(&**right)))
        }
    }
}

/// `left IN right`: equal to one of the items.
#[inline(never)]
fn is_in(left: &Expression, right: &Expression, row: &mut Row, context: &Context<'_>) -> Result<Option<bool>> {
    let left = evaluate(left, row, context)?;
    match (right, constant(right, context)?) {
        (_, Some(list)) => is_in_constant(left, list, context),
        (Expression::List(items), None) => is_in_literal(left, items, row, context),
        (_, None) => is_in_value(&left, &evaluate(right, row, context)?, context),
    }
}

/// A list that is the same for all rows.
fn is_in_constant(left: Value, list: &Value, context: &Context<'_>) -> Result<Option<bool>> {
    let Value::List(items) = list else { return is_in_value(&left, list, context) };
    match context.memberships.find(left, items.as_ptr().addr(), items.iter().map(Some), context.meter)? {
        Ok(found) => Ok(found),
        Err(left) => is_in_value(&left, list, context),
    }
}

/// A list in the text, without making a list of its items.
fn is_in_literal(left: Value, items: &[Expression], row: &mut Row, context: &Context<'_>) -> Result<Option<bool>> {
    let constants = items.iter().map(|item| if let Expression::Literal(value) = item { Some(value) } else { None });
    let left = match context.memberships.find(left, items.as_ptr().addr(), constants, context.meter)? {
        Ok(found) => return Ok(found),
        Err(left) => left,
    };
    let mut found = Some(false);
    for item in items {
        context.meter.step()?;
        found = either(found, equal(&left, &evaluate(item, row, context)?, context)?);
        if found == Some(true) {
            break;
        }
    }
    Ok(found)
}

fn is_in_value(left: &Value, list: &Value, context: &Context<'_>) -> Result<Option<bool>> {
    let items = match list {
        Value::Null => return Ok(None),
        Value::List(items) => items,
        other => return Err(Error::value(format!("expected a list after IN, found {}", other.description()))),
    };
    let mut found = Some(false);
    for item in items.iter() {
        context.meter.step()?;
        found = either(found, equal(left, item, context)?);
        if found == Some(true) {
            break;
        }
    }
    Ok(found)
}

fn either(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (None, _) | (_, None) => None,
        _ => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{literal, value_of};
    use super::*;

    fn json(expression: &Expression) -> String {
        super::super::testing::json(&value_of(expression).unwrap())
    }

    fn binary(operator: BinaryOperator, left: impl Into<Value>, right: impl Into<Value>) -> Expression {
        Expression::Binary(operator, Box::new(literal(left)), Box::new(literal(right)))
    }

    #[test]
    fn membership_is_unknown_where_only_null_could_be_the_item() {
        let list = |items: [Value; 2]| Value::from(items.to_vec());
        let results = [
            binary(BinaryOperator::In, 1, list([2.into(), Value::Null])),
            binary(BinaryOperator::In, 2, list([2.into(), Value::Null])),
            binary(BinaryOperator::In, Value::Null, Vec::<Value>::new()),
            binary(BinaryOperator::In, 1, Value::Null),
            Expression::Binary(BinaryOperator::In, Box::new(literal(2.0)), Box::new(Expression::Parameter("list".into()))),
            Expression::Binary(BinaryOperator::In, Box::new(literal(3)), Box::new(Expression::List(vec![literal(Value::Null)]))),
        ];
        assert_eq!(results.each_ref().map(json), ["null", "true", "false", "null", "true", "null"]);
    }

    #[test]
    fn texts_are_searched_and_other_kinds_give_null() {
        let results = [
            binary(BinaryOperator::StartsWith, "web-01", "web"),
            binary(BinaryOperator::EndsWith, "web-01", "web"),
            binary(BinaryOperator::Contains, "web-01", "-"),
            binary(BinaryOperator::Contains, 1, "-"),
            binary(BinaryOperator::Matches, "web-01", "web-[0-9]+"),
            binary(BinaryOperator::Less, "a", 1),
        ];
        assert_eq!(results.each_ref().map(json), ["true", "false", "true", "null", "true", "null"]);
    }
}
