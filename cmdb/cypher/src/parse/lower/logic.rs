//! Predicates and what joins them.

use open_cypher::ast::{BinaryOperator as Written, Expr, ExprKind};

use super::Lowering;
use super::aggregates::Aggregates;
use super::scope::Scope;
use super::typing::{Typed, describe};
use crate::error::Result;
use crate::functions::Kinds;
use crate::tree::{BinaryOperator, Expression, SubqueryKind};

impl Lowering<'_> {
    /// Lowers the predicate of a clause, its conjunctions apart.
    pub(super) fn conjunctions(&mut self, expression: &Expr, scope: &Scope, place: &'static str) -> Result<Vec<Expression>> {
        let aggregates = std::mem::replace(&mut self.aggregates, Aggregates::Refused(place));
        let typed = self.predicate(expression, scope);
        self.aggregates = aggregates;
        Ok(match typed?.expression {
            Expression::And(conjunctions) => conjunctions,
            other => vec![other],
        })
    }

    /// Lowers an expression that must be true, false or null; a pattern is true where it is found.
    pub(super) fn predicate(&mut self, expression: &Expr, scope: &Scope) -> Result<Typed> {
        let mut expression = expression;
        while let ExprKind::Parenthesized(inner) = &expression.kind {
            expression = inner;
        }
        if let ExprKind::Pattern(pattern) = &expression.kind {
            let body = self.pattern_body(pattern, scope)?;
            return Ok(Typed::boolean(self.subquery(SubqueryKind::Exists, body)));
        }
        let typed = self.expression(expression, scope)?;
        if !typed.fits(Kinds::BOOLEAN) {
            let found = describe(typed.kinds);
            return Err(self.error(expression.span, format!("expected a predicate, which is true or false, found {found}")));
        }
        Ok(typed)
    }

    /// Lowers AND, OR and XOR; a chain of one of them costs no depth.
    pub(super) fn logic(&mut self, expression: &Expr, scope: &Scope) -> Result<Typed> {
        let ExprKind::Binary { operator, .. } = &expression.kind else {
            return Err(self.unsupported(expression.span, "this expression"));
        };
        let joined_by = operator.kind;
        let mut sides = Vec::new();
        let mut rest = expression;
        loop {
            match &rest.kind {
                ExprKind::Binary { left, operator, right } if operator.kind == joined_by => {
                    sides.push(&**right);
                    rest = left;
                }
                _ => break,
            }
        }
        sides.push(rest);
        let mut operands = Vec::with_capacity(sides.len());
        for side in sides.into_iter().rev() {
            operands.push(self.predicate(side, scope)?.expression);
        }
        let expression = match joined_by {
            Written::And => Expression::And(flatten(operands, |operand| match operand {
                Expression::And(inner) => Ok(inner),
                other => Err(other),
            })),
            Written::Or => Expression::Or(flatten(operands, |operand| match operand {
                Expression::Or(inner) => Ok(inner),
                other => Err(other),
            })),
            _ => {
                let mut operands = operands.into_iter();
                let first = operands.next().unwrap_or(Expression::Or(Vec::new()));
                operands.fold(first, |left, right| Expression::Binary(BinaryOperator::Xor, Box::new(left), Box::new(right)))
            }
        };
        Ok(Typed::boolean(expression))
    }
}

/// Joins the operands of operands joined in the same way.
fn flatten(operands: Vec<Expression>, open: impl Fn(Expression) -> Result<Vec<Expression>, Expression>) -> Vec<Expression> {
    operands.into_iter().flat_map(|operand| open(operand).unwrap_or_else(|other| vec![other])).collect()
}
