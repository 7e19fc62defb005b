//! CASE.

use super::{Context, Row, equal, evaluate, holds};
use crate::error::Result;
use crate::tree::Expression;
use crate::value::Value;

/// The first alternative that equals the operand, or that holds where there is no operand.
#[inline(never)]
pub(super) fn case(
    operand: Option<&Expression>,
    alternatives: &[(Expression, Expression)],
    otherwise: Option<&Expression>,
    row: &mut Row,
    context: &Context<'_>,
) -> Result<Value> {
    let operand = operand.map(|operand| evaluate(operand, row, context)).transpose()?;
    for (when, then) in alternatives {
        let chosen = match &operand {
            Some(operand) => equal(&evaluate(when, row, context)?, operand, context)? == Some(true),
            None => holds(when, row, context)?,
        };
        if chosen {
            return evaluate(then, row, context);
        }
    }
    otherwise.map_or(Ok(Value::Null), |otherwise| evaluate(otherwise, row, context))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, literal, value_of};
    use super::*;

    fn value(operand: Option<Value>, alternatives: [(Value, &str); 2], otherwise: Option<&str>) -> String {
        let case = Expression::Case {
            operand: operand.map(|operand| Box::new(literal(operand))),
            alternatives: alternatives.map(|(when, then)| (literal(when), literal(then))).to_vec(),
            otherwise: otherwise.map(|otherwise| Box::new(literal(otherwise))),
        };
        json(&value_of(&case).unwrap())
    }

    #[test]
    fn the_first_alternative_that_fits_is_taken() {
        assert_eq!(value(None, [(Value::Null, "a"), (true.into(), "b")], Some("c")), r#""b""#);
        assert_eq!(value(Some(2.into()), [(1.into(), "a"), (2.0.into(), "b")], Some("c")), r#""b""#);
    }

    #[test]
    fn without_one_the_last_word_is_taken_or_null() {
        assert_eq!(value(None, [(Value::Null, "a"), (false.into(), "b")], Some("c")), r#""c""#);
        assert_eq!(value(Some(Value::Null), [(Value::Null, "a"), (1.into(), "b")], None), "null");
    }
}
