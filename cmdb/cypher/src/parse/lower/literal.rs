//! Literals.

use open_cypher::Span;
use open_cypher::ast::{IntegerLiteral, IntegerRadix, LiteralKind};

use super::Lowering;
use super::typing::Typed;
use crate::error::Result;
use crate::functions::Kinds;
use crate::tree::Expression;
use crate::value::Value;

impl Lowering<'_> {
    pub(super) fn literal(&self, literal: &LiteralKind, span: Span) -> Result<Typed> {
        let (value, kinds) = match literal {
            LiteralKind::Null => (Value::Null, Kinds::NOTHING),
            LiteralKind::Boolean(value) => (Value::Boolean(*value), Kinds::BOOLEAN),
            LiteralKind::Integer(integer) => return self.integer(integer, false, span),
            LiteralKind::Float(float) => (Value::Float(self.float(&float.text, span)?), Kinds::FLOAT),
            LiteralKind::String(string) => (Value::String(string.value.as_str().into()), Kinds::STRING),
            _ => return Err(self.unsupported(span, "this literal")),
        };
        Ok(Typed::new(Expression::Literal(value), kinds))
    }

    /// An integer with its sign, since the smallest one has no positive counterpart.
    pub(super) fn integer(&self, literal: &IntegerLiteral, negative: bool, span: Span) -> Result<Typed> {
        let digits: String = literal.text.chars().filter(|character| *character != '_').collect();
        let (digits, radix) = match literal.radix {
            IntegerRadix::Hexadecimal => (digits.get(2..).unwrap_or_default(), 16),
            IntegerRadix::Octal => (digits.get(2..).unwrap_or_default(), 8),
            _ => (digits.as_str(), 10),
        };
        let signed = if negative { format!("-{digits}") } else { digits.to_owned() };
        let value = i64::from_str_radix(&signed, radix)
            .map_err(|_| self.error(span, format!("the integer {} does not fit into 64 bits", literal.text)))?;
        Ok(Typed::new(Expression::Literal(Value::Integer(value)), Kinds::INTEGER))
    }

    fn float(&self, text: &str, span: Span) -> Result<f64> {
        if text.eq_ignore_ascii_case("NAN") {
            return Ok(f64::NAN);
        }
        if text.eq_ignore_ascii_case("INF") || text.eq_ignore_ascii_case("INFINITY") {
            return Ok(f64::INFINITY);
        }
        let digits: String = text.chars().filter(|character| *character != '_').collect();
        match digits.trim_end_matches(['f', 'F', 'd', 'D']).parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(self.error(span, format!("the number {text} does not fit into a float of 64 bits"))),
        }
    }
}
