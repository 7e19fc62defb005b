//! CASE.

use open_cypher::Span;
use open_cypher::ast::CaseExpression;

use super::Lowering;
use super::chain::is_cheap;
use super::scope::Scope;
use super::typing::Typed;
use crate::error::Result;
use crate::functions::Kinds;
use crate::tree::Expression;

impl Lowering<'_> {
    pub(super) fn case(&mut self, case: &CaseExpression, span: Span, scope: &Scope) -> Result<Typed> {
        let operand = match &case.operand {
            Some(operand) => Some(Box::new(self.expression(operand, scope)?.expression)),
            None => None,
        };
        let mut kinds = Kinds::NOTHING;
        let mut alternatives = Vec::with_capacity(case.alternatives.len());
        for alternative in &case.alternatives {
            let mut conditions = Vec::with_capacity(alternative.when.len());
            for when in &alternative.when {
                let typed = if operand.is_some() { self.expression(when, scope)? } else { self.predicate(when, scope)? };
                conditions.push(typed.expression);
            }
            let then = self.expression(&alternative.then, scope)?;
            kinds = kinds.or(then.kinds);
            if conditions.len() > 1 && operand.is_none() {
                alternatives.push((Expression::Or(conditions), then.expression));
                continue;
            }
            if conditions.len() > 1 && !is_cheap(&then.expression) {
                return Err(self.unsupported(alternative.span, "WHEN with several values before a computed one"));
            }
            alternatives.extend(conditions.into_iter().map(|condition| (condition, then.expression.clone())));
        }
        let otherwise = match &case.else_expression {
            Some(otherwise) => {
                let typed = self.expression(otherwise, scope)?;
                kinds = kinds.or(typed.kinds);
                Some(Box::new(typed.expression))
            }
            None => None,
        };
        if alternatives.is_empty() {
            return Err(self.error(span, "CASE expects at least one WHEN"));
        }
        Ok(Typed::new(Expression::Case { operand, alternatives, otherwise }, kinds))
    }
}
