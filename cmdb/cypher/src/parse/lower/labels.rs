//! Label and type expressions.

use open_cypher::ast::{LabelExpression as Written, LabelExpressionKind};

use super::Lowering;
use crate::error::Result;
use crate::tree::LabelExpression;

impl Lowering<'_> {
    /// Lowers a label expression; a chain joined by one operator costs no depth.
    pub(super) fn labels(&mut self, written: &Written) -> Result<LabelExpression> {
        match &written.kind {
            LabelExpressionKind::Name(name) => Ok(LabelExpression::Name(self.name(&name.kind.text))),
            LabelExpressionKind::Wildcard => Ok(LabelExpression::Any),
            LabelExpressionKind::Not(inner) => Ok(LabelExpression::Not(Box::new(self.labels(inner)?))),
            LabelExpressionKind::Parenthesized(inner) => self.labels(inner),
            LabelExpressionKind::And(_) => Ok(LabelExpression::And(self.joined(written, true)?)),
            LabelExpressionKind::Or(_) => Ok(LabelExpression::Or(self.joined(written, false)?)),
            _ => Err(self.error(written.span, "expected a label expression")),
        }
    }

    fn joined(&mut self, written: &Written, by_and: bool) -> Result<Vec<LabelExpression>> {
        let mut open = vec![written];
        let mut joined = Vec::new();
        while let Some(next) = open.pop() {
            match &next.kind {
                LabelExpressionKind::And(inner) if by_and => open.extend(inner.iter().rev()),
                LabelExpressionKind::Or(inner) if !by_and => open.extend(inner.iter().rev()),
                _ => joined.push(self.labels(next)?),
            }
        }
        Ok(joined)
    }
}
