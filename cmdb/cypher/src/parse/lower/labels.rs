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

#[cfg(test)]
mod tests {
    use super::super::super::testing::{clauses, read};
    use crate::tree::{Clause, LabelExpression};

    fn labels(written: &str) -> LabelExpression {
        match clauses(&read(&format!("MATCH (n{written}) RETURN n"))).first() {
            Some(Clause::Match { pattern, .. }) => pattern.paths[0].nodes[0].labels.clone().unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn label_expressions_are_flat() {
        assert!(matches!(labels(":A"), LabelExpression::Name(name) if &*name.text == "A"));
        assert!(matches!(labels(":A:B:C"), LabelExpression::And(all) if all.len() == 3));
        assert!(matches!(labels(":A|B|C"), LabelExpression::Or(any) if any.len() == 3));
        assert!(matches!(labels(":A&B|!%"), LabelExpression::Or(any)
            if matches!(&*any, [LabelExpression::And(_), LabelExpression::Not(not)] if **not == LabelExpression::Any)));
    }

    #[test]
    fn a_name_has_one_index() {
        let query = read("MATCH (n:A)-[:A]->({A: 1}) RETURN n.A, n.B");
        let names: Vec<&str> = query.names.iter().map(|name| &**name).collect();
        assert_eq!(names, ["A", "B"]);
    }
}
