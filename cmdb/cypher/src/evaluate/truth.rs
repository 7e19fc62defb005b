//! Predicates, in three-valued logic: `None` is null.

use std::cmp::Ordering;

use super::build::BYTES_PER_STEP;
use super::work::{comparison, equal};
use super::{Context, Row, bind, bound, collection, evaluate, parameter};
use crate::error::{Error, Result};
use crate::graph::Symbol;
use crate::tree::{BinaryOperator, Expression, LabelExpression, QuantifierKind, Slot, SubqueryKind, UnaryOperator};
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
        Expression::Binary(operator, left, right) if is_predicate(*operator) => binary(*operator, left, right, row, context),
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

const fn is_predicate(operator: BinaryOperator) -> bool {
    use BinaryOperator as Operator;
    match operator {
        Operator::Xor | Operator::Equal | Operator::NotEqual | Operator::Less | Operator::LessEqual => true,
        Operator::Greater | Operator::GreaterEqual | Operator::Matches | Operator::In => true,
        Operator::StartsWith | Operator::EndsWith | Operator::Contains => true,
        Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide => false,
        Operator::Remainder | Operator::Power | Operator::Concatenate => false,
    }
}

#[inline(never)]
fn binary(
    operator: BinaryOperator,
    left: &Expression,
    right: &Expression,
    row: &mut Row,
    context: &Context<'_>,
) -> Result<Option<bool>> {
    match operator {
        BinaryOperator::Xor => {
            let left = truth(left, row, context)?;
            Ok(truth(right, row, context)?.zip(left).map(|(right, left)| right != left))
        }
        BinaryOperator::In => is_in(left, right, row, context),
        _ => {
            let left = evaluate(left, row, context)?;
            // What is the same for all rows is not copied for each.
            match right {
                Expression::Literal(right) => relation(operator, &left, right, context),
                Expression::Parameter(name) => relation(operator, &left, parameter(name, context)?, context),
                _ => relation(operator, &left, &evaluate(right, row, context)?, context),
            }
        }
    }
}

fn relation(operator: BinaryOperator, left: &Value, right: &Value, context: &Context<'_>) -> Result<Option<bool>> {
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
    match right {
        Expression::Literal(list) => is_in_constant(left, list, context),
        Expression::Parameter(name) => is_in_constant(left, parameter(name, context)?, context),
        Expression::List(items) => is_in_literal(left, items, row, context),
        _ => is_in_value(&left, &evaluate(right, row, context)?, context),
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

/// Whether a node has labels, or a relationship one of the types.
#[inline(never)]
fn has_labels(entity: &Expression, labels: &LabelExpression, row: &mut Row, context: &Context<'_>) -> Result<Option<bool>> {
    match evaluate(entity, row, context)? {
        Value::Null => Ok(None),
        Value::Node(node) => {
            let any = || !context.graph.labels(node).is_empty();
            Ok(Some(fits(labels, &any, &|label| context.graph.has_label(node, label), context)))
        }
        Value::Relationship(relationship) => Ok(Some(fits(labels, &|| true, &|kind| relationship.kind == kind, context))),
        other => Err(Error::value(format!("expected a node or relationship before labels, found {}", other.description()))),
    }
}

fn fits(labels: &LabelExpression, any: &dyn Fn() -> bool, has: &dyn Fn(Symbol) -> bool, context: &Context<'_>) -> bool {
    match labels {
        LabelExpression::Name(name) => context.symbol(name).is_some_and(has),
        LabelExpression::Any => any(),
        LabelExpression::Not(operand) => !fits(operand, any, has, context),
        LabelExpression::And(operands) => operands.iter().all(|operand| fits(operand, any, has, context)),
        LabelExpression::Or(operands) => operands.iter().any(|operand| fits(operand, any, has, context)),
    }
}

/// `all`, `any`, `none` and `single` of the items; null where the items of which nothing is known could change the answer.
#[inline(never)]
fn quantifier(
    kind: QuantifierKind,
    (slot, list): (Slot, &Expression),
    predicate: &Expression,
    row: &mut Row,
    context: &Context<'_>,
) -> Result<Option<bool>> {
    let Some(items) = collection::items(list, row, context)? else { return Ok(None) };
    let (mut holding, mut unknown) = (0_u64, false);
    for item in items.iter() {
        context.meter.step()?;
        bind(row, slot, item.clone());
        match truth(predicate, row, context)? {
            Some(true) => holding += 1,
            Some(false) if kind == QuantifierKind::All => return Ok(Some(false)),
            Some(false) => {}
            None => unknown = true,
        }
        match kind {
            QuantifierKind::Any if holding > 0 => return Ok(Some(true)),
            QuantifierKind::None if holding > 0 => return Ok(Some(false)),
            QuantifierKind::Single if holding > 1 => return Ok(Some(false)),
            _ => {}
        }
    }
    let known = match kind {
        QuantifierKind::All | QuantifierKind::None => true,
        QuantifierKind::Any => false,
        QuantifierKind::Single => holding == 1,
    };
    Ok((!unknown).then_some(known))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{literal, name, slot, value_of};
    use super::*;

    fn json(expression: &Expression) -> String {
        super::super::testing::json(&value_of(expression).unwrap())
    }

    fn binary(operator: BinaryOperator, left: impl Into<Value>, right: impl Into<Value>) -> Expression {
        Expression::Binary(operator, Box::new(literal(left)), Box::new(literal(right)))
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

    #[test]
    fn labels_and_types_are_looked_up_and_unknown_ones_are_not_there() {
        let has = |place, labels| Expression::HasLabels(Box::new(slot(place)), labels);
        let label = |text| LabelExpression::Name(name(text));
        let results = [
            has(0, label("Resource")),
            has(0, LabelExpression::Not(Box::new(label("never_met")))),
            has(0, LabelExpression::And(vec![label("Resource"), label("never_met")])),
            has(0, LabelExpression::Any),
            has(1, LabelExpression::Or(vec![label("never_met"), label("DEPENDS_ON")])),
            has(2, label("Resource")),
        ];
        assert_eq!(results.each_ref().map(json), ["true", "true", "false", "true", "true", "null"]);
    }

    #[test]
    fn quantifiers_leave_open_what_null_could_change() {
        let quantifier = |kind, items: [Option<bool>; 2]| {
            json(&Expression::Quantifier {
                kind,
                slot: Slot(3),
                list: Box::new(literal(items.to_vec())),
                predicate: Box::new(slot(3)),
            })
        };
        let [yes, no, null] = [Some(true), Some(false), None];
        assert_eq!(quantifier(QuantifierKind::All, [null, no]), "false");
        assert_eq!(quantifier(QuantifierKind::All, [null, yes]), "null");
        assert_eq!(quantifier(QuantifierKind::Any, [null, yes]), "true");
        assert_eq!(quantifier(QuantifierKind::Any, [null, no]), "null");
        assert_eq!(quantifier(QuantifierKind::None, [no, no]), "true");
        assert_eq!(quantifier(QuantifierKind::None, [null, yes]), "false");
        assert_eq!(quantifier(QuantifierKind::Single, [yes, yes]), "false");
        assert_eq!(quantifier(QuantifierKind::Single, [yes, null]), "null");
        assert_eq!(quantifier(QuantifierKind::Single, [yes, no]), "true");
    }
}
