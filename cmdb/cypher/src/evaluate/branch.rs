//! CASE.

use super::{Context, Row, evaluate, holds};
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
            Some(operand) => evaluate(when, row, context)?.equals(operand) == Some(true),
            None => holds(when, row, context)?,
        };
        if chosen {
            return evaluate(then, row, context);
        }
    }
    otherwise.map_or(Ok(Value::Null), |otherwise| evaluate(otherwise, row, context))
}
