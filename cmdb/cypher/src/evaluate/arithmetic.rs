//! Operators that compute.

use super::Context;
use super::concatenation::{append, append_all, join, prepend};
use crate::error::{Error, Result};
use crate::temporal;
use crate::value::{Value, float_text};

/// Two numbers as they are computed with: whole where both are.
enum Numbers {
    Integers(i64, i64),
    Floats(f64, f64),
}

#[expect(clippy::cast_precision_loss, reason = "an integer beside a float is computed as one, as IEEE rounds it")]
const fn numbers(left: &Value, right: &Value) -> Option<Numbers> {
    Some(match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => Numbers::Integers(*left, *right),
        (Value::Float(left), Value::Float(right)) => Numbers::Floats(*left, *right),
        (Value::Integer(left), Value::Float(right)) => Numbers::Floats(*left as f64, *right),
        (Value::Float(left), Value::Integer(right)) => Numbers::Floats(*left, *right as f64),
        _ => return None,
    })
}

fn overflow(left: i64, operator: &str, right: i64) -> Error {
    Error::value(format!("{left} {operator} {right} is no integer of 64 bits; use toFloat() to compute with floats"))
}

fn division_by_zero(left: i64, operator: &str) -> Error {
    Error::value(format!("{left} {operator} 0: expected a divisor other than zero; floats may be divided by zero"))
}

fn unfit(left: &Value, operator: &str, right: &Value, expected: &str) -> Error {
    Error::value(format!("expected {expected} around {operator}, found {} and {}", left.description(), right.description()))
}

/// `left + right`: numbers, texts, lists, times and durations.
pub(crate) fn add(left: Value, right: Value, context: &Context<'_>) -> Result<Value> {
    match numbers(&left, &right) {
        Some(Numbers::Integers(left, right)) => {
            return left.checked_add(right).map(Value::from).ok_or_else(|| overflow(left, "+", right));
        }
        Some(Numbers::Floats(left, right)) => return Ok(Value::Float(left + right)),
        None => {}
    }
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::String(left), Value::String(right)) => join(&left, &right, context.meter),
        (Value::List(left), Value::List(right)) => append_all(left, &right, context.meter),
        (Value::List(left), right) => append(left, right, context.meter),
        (left, Value::List(right)) => prepend(left, &right, context.meter),
        (left @ Value::Temporal(_), right) | (left, right @ Value::Temporal(_)) => temporal::add(&left, &right),
        (Value::String(left), right @ (Value::Integer(_) | Value::Float(_))) => join(&left, &text(&right), context.meter),
        (left @ (Value::Integer(_) | Value::Float(_)), Value::String(right)) => join(&text(&left), &right, context.meter),
        (left, right) => Err(unfit(&left, "+", &right, "two numbers, strings or temporal values, or a list")),
    }
}

/// `left || right`: two texts or two lists.
pub(super) fn concatenate(left: Value, right: Value, context: &Context<'_>) -> Result<Value> {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::String(left), Value::String(right)) => join(&left, &right, context.meter),
        (Value::List(left), Value::List(right)) => append_all(left, &right, context.meter),
        (left, right) => Err(unfit(&left, "||", &right, "two strings or two lists")),
    }
}

/// `left - right`: numbers, times and durations.
pub(super) fn subtract(left: Value, right: Value, _: &Context<'_>) -> Result<Value> {
    match numbers(&left, &right) {
        Some(Numbers::Integers(left, right)) => {
            left.checked_sub(right).map(Value::from).ok_or_else(|| overflow(left, "-", right))
        }
        Some(Numbers::Floats(left, right)) => Ok(Value::Float(left - right)),
        None if left.is_null() || right.is_null() => Ok(Value::Null),
        None if matches!(left, Value::Temporal(_)) => temporal::subtract(&left, &right),
        None => Err(unfit(&left, "-", &right, "two numbers or temporal values")),
    }
}

/// `left * right`: numbers, and a duration with a number.
pub(super) fn multiply(left: Value, right: Value, _: &Context<'_>) -> Result<Value> {
    match numbers(&left, &right) {
        Some(Numbers::Integers(left, right)) => {
            left.checked_mul(right).map(Value::from).ok_or_else(|| overflow(left, "*", right))
        }
        Some(Numbers::Floats(left, right)) => Ok(Value::Float(left * right)),
        None => match (&left, &right) {
            (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
            (Value::Temporal(_), _) | (_, Value::Temporal(_)) => temporal::multiply(&left, &right),
            _ => Err(unfit(&left, "*", &right, "two numbers, or a duration and a number")),
        },
    }
}

/// `left / right`: numbers, and a duration by a number. Of integers the fraction is cut off.
pub(super) fn divide(left: Value, right: Value, _: &Context<'_>) -> Result<Value> {
    match numbers(&left, &right) {
        Some(Numbers::Integers(left, 0)) => Err(division_by_zero(left, "/")),
        Some(Numbers::Integers(left, right)) => {
            left.checked_div(right).map(Value::from).ok_or_else(|| overflow(left, "/", right))
        }
        Some(Numbers::Floats(left, right)) => Ok(Value::Float(left / right)),
        None if left.is_null() || right.is_null() => Ok(Value::Null),
        None if matches!(left, Value::Temporal(_)) => temporal::divide(&left, &right),
        None => Err(unfit(&left, "/", &right, "two numbers, or a duration and a number")),
    }
}

/// `left % right`, with the sign of `left`.
pub(super) fn remainder(left: Value, right: Value, _: &Context<'_>) -> Result<Value> {
    match numbers(&left, &right) {
        Some(Numbers::Integers(left, 0)) => Err(division_by_zero(left, "%")),
        // The smallest integer by -1 leaves nothing, though the quotient would overflow.
        Some(Numbers::Integers(left, right)) => Ok(Value::Integer(left.wrapping_rem(right))),
        Some(Numbers::Floats(left, right)) => Ok(Value::Float(left % right)),
        None if left.is_null() || right.is_null() => Ok(Value::Null),
        None => Err(unfit(&left, "%", &right, "two numbers")),
    }
}

/// `left ^ right`, always a float.
pub(super) fn power(left: Value, right: Value, _: &Context<'_>) -> Result<Value> {
    match (float(&left), float(&right)) {
        (Some(left), Some(right)) => Ok(Value::Float(left.powf(right))),
        _ if left.is_null() || right.is_null() => Ok(Value::Null),
        _ => Err(unfit(&left, "^", &right, "two numbers")),
    }
}

/// `+operand`.
pub(super) fn plus(operand: Value) -> Result<Value> {
    match operand {
        Value::Null | Value::Integer(_) | Value::Float(_) => Ok(operand),
        _ => Err(Error::value(format!("expected a number after +, found {}", operand.description()))),
    }
}

/// `-operand`.
pub(super) fn minus(operand: &Value) -> Result<Value> {
    match operand {
        Value::Null => Ok(Value::Null),
        Value::Integer(integer) => integer.checked_neg().map(Value::from).ok_or_else(|| overflow(0, "-", *integer)),
        Value::Float(float) => Ok(Value::Float(-float)),
        Value::Temporal(_) => temporal::multiply(operand, &Value::Integer(-1)),
        _ => Err(Error::value(format!("expected a number or duration after -, found {}", operand.description()))),
    }
}

#[expect(clippy::cast_precision_loss, reason = "what is asked for is the nearest float")]
const fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(integer) => Some(*integer as f64),
        Value::Float(float) => Some(*float),
        _ => None,
    }
}

/// A number as text is added to it.
fn text(number: &Value) -> String {
    match number {
        Value::Float(float) => float_text(*float),
        Value::Integer(integer) => integer.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::with_context;
    use super::*;
    use crate::value::testing::value;

    type Operator = fn(Value, Value, &Context<'_>) -> Result<Value>;

    const OPERATORS: [Operator; 7] = [add, concatenate, subtract, multiply, divide, remainder, power];

    fn compute(operator: usize, left: impl Into<Value>, right: impl Into<Value>) -> Result<Value> {
        with_context(|context| OPERATORS[operator](left.into(), right.into(), context))
    }

    #[test]
    fn integers_stay_integers_and_do_not_wrap_around() {
        assert_eq!(compute(4, 7, -2).unwrap().equals(&(-3).into()), Some(true));
        assert!(matches!(compute(4, 7, 2).unwrap(), Value::Integer(3)));
        for (operator, left, right) in [(0, i64::MAX, 1), (2, i64::MIN, 1), (3, i64::MAX, 2), (4, i64::MIN, -1)] {
            assert!(compute(operator, left, right).unwrap_err().to_string().contains("no integer of 64 bits"));
        }
        assert!(matches!(compute(5, i64::MIN, -1).unwrap(), Value::Integer(0)));
    }

    #[test]
    fn only_integers_mind_a_division_by_zero() {
        assert!(compute(4, 1, 0).unwrap_err().to_string().contains("divisor other than zero"));
        assert!(compute(5, 1, 0).is_err());
        assert!(matches!(compute(4, 1, 0.0).unwrap(), Value::Float(float) if float.is_infinite()));
    }

    #[test]
    fn lists_take_items_and_lists_at_both_ends() {
        let list = || Value::from(vec![1, 2]);
        for (sum, expected) in [
            (compute(0, list(), 3).unwrap(), vec![1, 2, 3]),
            (compute(0, 3, list()).unwrap(), vec![3, 1, 2]),
            (compute(0, list(), list()).unwrap(), vec![1, 2, 1, 2]),
        ] {
            assert_eq!(sum.equals(&expected.into()), Some(true));
        }
    }

    #[test]
    fn a_list_that_somebody_else_has_is_not_changed() {
        let list = Value::from(vec![1]);
        compute(0, list.clone(), 2).unwrap();
        assert_eq!(list.equals(&vec![1].into()), Some(true));
    }

    #[test]
    fn an_error_says_what_was_expected_and_what_came() {
        let error = compute(2, "a", true).unwrap_err().to_string();
        assert_eq!(error, "expected two numbers or temporal values around -, found the string 'a' and the boolean true");
    }

    proptest! {
        #[test]
        fn arithmetic_never_panics(left in value(), right in value()) {
            with_context(|context| {
                for operator in OPERATORS {
                    let _ = operator(left.clone(), right.clone(), context);
                }
            });
            let _ = (minus(&left), plus(right));
        }
    }
}
