//! Values as they are written, so that most set-ups do not rely on what they are there to test.

use std::sync::Arc;

use dharmagraph_cypher::Value;
use open_cypher::ast::{Expr, ExprKind, LiteralKind, UnaryOperator};

/// The value of an expression made of literals alone.
pub(super) fn value(expression: &Expr) -> Option<Value> {
    Some(match &expression.kind {
        ExprKind::Literal(literal) => match &literal.kind {
            LiteralKind::Null => Value::Null,
            LiteralKind::Boolean(value) => Value::Boolean(*value),
            LiteralKind::Integer(literal) => Value::Integer(literal.text.parse().ok()?),
            LiteralKind::Float(literal) => Value::Float(literal.text.parse().ok()?),
            LiteralKind::String(literal) => Value::String(literal.value.as_str().into()),
            _ => return None,
        },
        ExprKind::List(items) => Value::List(Arc::new(items.iter().map(value).collect::<Option<_>>()?)),
        ExprKind::Map(entries) => {
            let entry = |entry: &open_cypher::ast::MapEntry| Some((entry.key.kind.text.as_str().into(), value(&entry.value)?));
            Value::Map(Arc::new(entries.iter().map(entry).collect::<Option<_>>()?))
        }
        ExprKind::Unary { operator, operand } if operator.kind == UnaryOperator::Minus => match value(operand)? {
            Value::Integer(number) => Value::Integer(-number),
            Value::Float(number) => Value::Float(-number),
            _ => return None,
        },
        _ => return None,
    })
}
