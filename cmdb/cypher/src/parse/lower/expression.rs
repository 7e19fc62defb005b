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
            if let Some(known) = self.known(innermost.span) {
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
