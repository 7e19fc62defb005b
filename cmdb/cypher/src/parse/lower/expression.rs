//! Expressions.

use std::sync::Arc;

use open_cypher::ast::{Expr, ExprKind, Identifier, LiteralKind, MapEntry, ParameterName, UnaryOperator as Sign};
use open_cypher::{Span, ast};

use super::Lowering;
use super::aggregates::Aggregates;
use super::scope::Scope;
use super::typing::{Typed, describe};
use crate::error::Result;
use crate::functions::Kinds;
use crate::tree::{Expression, UnaryOperator};
use crate::value::Value;

impl Lowering<'_> {
    /// Lowers an expression in a place where no aggregate may stand.
    pub(super) fn plain(&mut self, expression: &Expr, scope: &Scope, place: &'static str) -> Result<Typed> {
        let aggregates = std::mem::replace(&mut self.aggregates, Aggregates::Refused(place));
        let typed = self.expression(expression, scope);
        self.aggregates = aggregates;
        typed
    }

    /// Lowers an expression that is used as a value. What leans to the left is followed by a loop.
    pub(super) fn expression(&mut self, expression: &Expr, scope: &Scope) -> Result<Typed> {
        let mut outer: Vec<&Expr> = Vec::new();
        let mut innermost = expression;
        let mut typed = loop {
            if let Some(known) = self.known(innermost.span, scope) {
                break known;
            }
            let Some(left) = super::chain::left_side(innermost) else {
                break self.operand(innermost, scope)?;
            };
            outer.push(innermost);
            innermost = left;
        };
        while let Some(next) = outer.pop() {
            typed = self.extend(typed, next, &mut outer, scope)?;
        }
        Ok(typed)
    }

    /// Lowers what does not lean on another expression to its left.
    fn operand(&mut self, expression: &Expr, scope: &Scope) -> Result<Typed> {
        let span = expression.span;
        match &expression.kind {
            ExprKind::Literal(literal) => self.literal(&literal.kind, span),
            ExprKind::Variable(name) => self.variable(&name.kind, span, scope),
            ExprKind::Parameter(parameter) => {
                let (ParameterName::Named(name) | ParameterName::Positional(name)) = &parameter.name else {
                    return Err(self.unsupported(span, "this form of a parameter"));
                };
                Ok(Typed::new(Expression::Parameter(self.parameter(name)), Kinds::ANY))
            }
            ExprKind::List(items) => self.list(items, scope),
            ExprKind::Map(entries) => self.map(entries, scope),
            ExprKind::Unary { operator, operand } => self.unary(operator.kind, operand, scope),
            ExprKind::Binary { .. } => self.logic(expression, scope),
            ExprKind::Function(call) => self.call(call, span, scope),
            ExprKind::Case(case) => self.case(case, span, scope),
            ExprKind::ListComprehension(comprehension) => self.list_comprehension(comprehension, scope),
            ExprKind::PatternComprehension(comprehension) => self.pattern_comprehension(comprehension, scope),
            ExprKind::Reduce(reduce) => self.reduce(reduce, scope),
            ExprKind::QuantifiedPredicate(quantified) => self.quantified(quantified, scope),
            ExprKind::Subquery(subquery) => self.subquery_expression(subquery, span, scope),
            ExprKind::Parenthesized(inner) => self.expression(inner, scope),
            ExprKind::Pattern(_) => {
                Err(self.error(span, "a pattern is no value: it may stand in a predicate, EXISTS, COUNT or a comprehension"))
            }
            ExprKind::Wildcard => Err(self.error(span, "* may stand only in count(*), WITH and RETURN")),
            _ => Err(self.unsupported(span, "this expression")),
        }
    }

    pub(super) fn variable(&mut self, name: &Identifier, span: Span, scope: &Scope) -> Result<Typed> {
        if let Some(slot) = scope.get(&name.text) {
            self.uses_pattern |= self.pattern_slots.contains(&slot.0);
            return Ok(self.read(slot));
        }
        let name = &name.text;
        let hidden = self.grouping.as_ref().is_some_and(|grouping| grouping.before.get(name).is_some());
        let message = if hidden {
            format!("{name} is neither a grouping key nor inside an aggregate: name the expression in an earlier WITH")
        } else {
            format!("the variable {name} is not defined")
        };
        Err(self.error(span, message))
    }

    fn list(&mut self, items: &[Expr], scope: &Scope) -> Result<Typed> {
        let mut kinds = Kinds::NOTHING;
        let mut list = Vec::with_capacity(items.len());
        for item in items {
            let typed = self.expression(item, scope)?;
            kinds = kinds.or(typed.kinds);
            list.push(typed.expression);
        }
        Ok(Typed { expression: Expression::List(list), kinds: Kinds::LIST, items: kinds })
    }

    fn map(&mut self, entries: &[MapEntry], scope: &Scope) -> Result<Typed> {
        let mut map = Vec::with_capacity(entries.len());
        for entry in entries {
            let key: Arc<str> = entry.key.kind.text.as_str().into();
            map.push((key, self.expression(&entry.value, scope)?.expression));
        }
        Ok(Typed::new(Expression::Map(map), Kinds::MAP))
    }

    fn unary(&mut self, sign: Sign, operand: &Expr, scope: &Scope) -> Result<Typed> {
        if let (Sign::Minus, ExprKind::Literal(ast::Node { kind: LiteralKind::Integer(integer), span })) = (sign, &operand.kind) {
            return self.integer(integer, true, *span);
        }
        let operator = match sign {
            Sign::Not => {
                let typed = self.predicate(operand, scope)?;
                return Ok(Typed::boolean(Expression::Unary(UnaryOperator::Not, Box::new(typed.expression))));
            }
            Sign::Plus => UnaryOperator::Plus,
            Sign::Minus => UnaryOperator::Minus,
            _ => return Err(self.unsupported(operand.span, "this operator")),
        };
        let typed = self.expression(operand, scope)?;
        if !typed.fits(Kinds::NUMBER.or(Kinds::TEMPORAL)) {
            return Err(self.error(operand.span, format!("a sign expects a number, found {}", describe(typed.kinds))));
        }
        let kinds = typed.kinds;
        let expression = match (operator, typed.expression) {
            (UnaryOperator::Minus, Expression::Literal(Value::Float(value))) => Expression::Literal(Value::Float(-value)),
            (operator, expression) => Expression::Unary(operator, Box::new(expression)),
        };
        Ok(Typed::new(expression, kinds))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{all_wrong, projection, read};
    use crate::tree::{BinaryOperator, Expression, UnaryOperator};
    use crate::value::Value;

    /// The only column's expression.
    fn lowered(expression: &str) -> Expression {
        let query = read(&format!("WITH {{}} AS n, [] AS list, true AS a, false AS b RETURN {expression} AS x"));
        projection(&query).items[0].expression.clone()
    }

    #[test]
    fn chains_of_and_and_or_are_flat() {
        assert!(matches!(lowered("a AND (b AND a) AND b"), Expression::And(sides) if sides.len() == 4));
        assert!(matches!(lowered("a OR b AND a OR b"), Expression::Or(sides) if sides.len() == 3));
        assert!(matches!(lowered("NOT a XOR b"), Expression::Binary(BinaryOperator::Xor, ..)));
    }

    #[test]
    fn chained_comparisons_compute_their_middle_once() {
        assert!(matches!(lowered("1 < n.x <= 3"), Expression::And(sides) if sides.len() == 2));
        assert!(matches!(lowered("1 < n.x + 1 <= 3"), Expression::Quantifier { .. }));
        assert!(matches!(lowered("(1 < 2) = true"), Expression::Binary(BinaryOperator::Equal, ..)));
        let nested = format!("{}1{}", "1 < (".repeat(40), ") < 2".repeat(40));
        assert!(format!("{:?}", lowered(&nested)).len() < 100_000, "nested comparisons are copied");
    }

    #[test]
    fn integers_are_read_in_every_base_up_to_the_smallest() {
        let integers = [
            ("1_000", 1_000),
            ("0x1F", 31),
            ("0o17", 15),
            ("-9223372036854775808", i64::MIN),
            ("-0x8000000000000000", i64::MIN),
            ("9223372036854775807", i64::MAX),
        ];
        for (text, expected) in integers {
            assert!(matches!(lowered(text), Expression::Literal(Value::Integer(value)) if value == expected), "{text}");
        }
        all_wrong(&[
            ("RETURN 9223372036854775808", 8, "does not fit into 64 bits"),
            ("RETURN -0x8000000000000001", 9, "does not fit into 64 bits"),
            ("RETURN 1.34E999", 8, "does not fit into a float"),
        ]);
    }

    #[test]
    fn texts_are_decoded() {
        for (text, expected) in [(r"'a\'b'", "a'b"), (r#""\u00e9\n""#, "é\n"), ("'a''b'", "a'b"), ("\"it's\"", "it's")] {
            assert!(matches!(lowered(text), Expression::Literal(Value::String(value)) if *value == *expected), "{text}");
        }
    }

    #[test]
    fn every_form_has_its_expression() {
        assert!(matches!(lowered("n.x"), Expression::Property(..)));
        assert!(matches!(lowered("n[$k]"), Expression::Index(..)));
        assert!(matches!(lowered("list[1..]"), Expression::Slice(_, Some(_), None)));
        assert!(matches!(lowered("n {.a, .*, b: 1, list}"), Expression::MapProjection { entries, .. } if entries.len() == 4));
        assert!(matches!(lowered("n.x IS NOT NULL"), Expression::IsNull { negated: true, .. }));
        assert!(matches!(lowered("exists(n.x)"), Expression::IsNull { negated: true, .. }));
        assert!(matches!(lowered("- n.x"), Expression::Unary(UnaryOperator::Minus, _)));
        assert!(
            matches!(lowered("CASE n.x WHEN 1, 2 THEN 3 END"), Expression::Case { alternatives, .. } if alternatives.len() == 2)
        );
        assert!(matches!(lowered("reduce(s = 0, y IN list | s + y)"), Expression::Reduce { .. }));
        assert!(matches!(lowered("[y IN list WHERE y > 1 | y]"), Expression::ListComprehension { .. }));
        assert!(matches!(lowered("any(y IN list WHERE y > 1)"), Expression::Quantifier { .. }));
    }

    #[test]
    fn what_can_never_fit_is_wrong() {
        all_wrong(&[
            ("RETURN 1 AND true", 8, "found an integer"),
            ("RETURN NOT 'a'", 12, "found a string"),
            ("MATCH (n) WHERE (n) RETURN n", 18, "found a node"),
            ("MATCH (n) WHERE n.x AND 'a' RETURN n", 25, "found a string"),
            ("WITH 1 AS x RETURN x.y", 20, "a property's owner must be"),
            ("RETURN 1 IN 2", 13, "the right side of IN must be a list"),
            ("RETURN 'a' - 1", 14, "must be an integer or a float"),
            ("RETURN [1, 2]['a']", 15, "the index must be an integer"),
            ("RETURN all(x IN ['a'] WHERE x % 2 = 0)", 33, "found a string"),
            ("MATCH (n) RETURN type(n)", 23, "type() expects a relationship, found a node"),
            ("RETURN unknown(1)", 8, "unknown() is not known"),
            ("RETURN size()", 8, "expects 1 arguments, found 0"),
            ("RETURN toUpper(DISTINCT 'a')", 8, "DISTINCT"),
            ("RETURN [x IN [1] | y]", 20, "y is not defined"),
            ("RETURN reduce(s = 0, x IN 1 | s)", 27, "must be a list"),
        ]);
    }
}
