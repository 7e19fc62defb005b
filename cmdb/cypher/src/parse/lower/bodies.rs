//! Queries, their parts and clauses.

use std::sync::Arc;

use open_cypher::Span;
use open_cypher::ast::{ClauseKind, MatchClause, RegularQuery, SingleQuery, UnionOperator, UnwindClause};

use super::super::refused;
use super::Lowering;
use super::projection::Body as ProjectionBody;
use super::scope::Scope;
use super::typing::describe;
use crate::error::Result;
use crate::functions::Kinds;
use crate::tree::{Body, Clause, Part, Slot};

/// Whether a query must end in RETURN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Return,
    Any,
}

type Columns = Vec<Arc<str>>;

impl Lowering<'_> {
    /// Lowers parts joined by UNION; gives the names of the columns too.
    pub(super) fn body(&mut self, query: &RegularQuery, outer: &Scope, ending: Ending) -> Result<(Body, Columns)> {
        let (first, columns) = self.part(&query.head, outer, ending)?;
        let mut parts = vec![first];
        let mut all = None;
        for branch in &query.unions {
            let keeps = branch.operator.kind == UnionOperator::All;
            if *all.get_or_insert(keeps) != keeps {
                return Err(self.error(branch.operator.span, "UNION and UNION ALL cannot be mixed in one query"));
            }
            let (part, names) = self.part(&branch.query, outer, ending)?;
            parts.push(self.align(part, &names, &columns, branch.operator.span)?);
        }
        Ok((Body { parts, distinct: all == Some(false) }, columns))
    }

    /// Puts the columns of a part into the order of the first.
    fn align(&self, mut part: Part, names: &[Arc<str>], expected: &[Arc<str>], union: Span) -> Result<Part> {
        let slot = |name| names.iter().position(|other| other == name).and_then(|index| part.columns.get(index)).copied();
        let columns: Option<Vec<Slot>> = expected.iter().map(slot).collect();
        match columns {
            Some(columns) if names.len() == expected.len() => {
                part.columns = columns;
                Ok(part)
            }
            _ => {
                let (expected, found) = (expected.join(", "), names.join(", "));
                Err(self.error(union, format!("the parts of UNION need the same columns: expected {expected}, found {found}")))
            }
        }
    }

    fn part(&mut self, query: &SingleQuery, outer: &Scope, ending: Ending) -> Result<(Part, Columns)> {
        let mut scope = outer.clone();
        let mut clauses = Vec::with_capacity(query.kind.clauses.len());
        for clause in &query.kind.clauses {
            match &clause.kind {
                ClauseKind::Match(written) => clauses.push(self.match_clause(written, &mut scope)?),
                ClauseKind::Unwind(written) => clauses.push(self.unwind(written, &mut scope)?),
                ClauseKind::With(written) => {
                    let body = ProjectionBody { written: &written.projection, predicate: written.where_clause.as_ref() };
                    let (projection, after, _) = self.projection(&body, &scope, true)?;
                    clauses.push(Clause::Project(projection));
                    scope = outer.below(&after);
                }
                ClauseKind::Return(written) => {
                    let body = ProjectionBody { written: &written.projection, predicate: None };
                    let (projection, _, names) = self.projection(&body, &scope, false)?;
                    let columns = projection.columns.clone();
                    clauses.push(Clause::Project(projection));
                    return Ok((Part { clauses, columns }, names));
                }
                _ => return Err(refused::clause(&clause.kind, self.source.position(clause.span))),
            }
        }
        let ends_in_match = matches!(query.kind.clauses.last().map(|clause| &clause.kind), Some(ClauseKind::Match(_)));
        if ending == Ending::Return || !ends_in_match {
            let end = Span::empty(query.span.end);
            return Err(self.error(end, "expected RETURN at the end of the query"));
        }
        Ok((Part { clauses, columns: Vec::new() }, Vec::new()))
    }

    fn match_clause(&mut self, written: &MatchClause, scope: &mut Scope) -> Result<Clause> {
        let (pattern, mut predicate) = self.pattern(written, scope)?;
        if let Some(condition) = &written.where_clause {
            predicate.extend(self.conjunctions(condition, scope, "in WHERE")?);
        }
        Ok(Clause::Match { optional: written.optional, pattern, predicate })
    }

    fn unwind(&mut self, written: &UnwindClause, scope: &mut Scope) -> Result<Clause> {
        let list = self.plain(&written.expression, scope, "in UNWIND")?;
        if !list.fits(Kinds::LIST) {
            let found = describe(list.kinds);
            return Err(self.error(written.expression.span, format!("UNWIND expects a list, found {found}")));
        }
        let name = &written.variable.kind.text;
        if scope.get(name).is_some() {
            return Err(self.error(written.variable.span, format!("the variable {name} is already bound")));
        }
        let slot = self.bind(Some(name), list.items, Kinds::ANY);
        scope.insert(name, slot);
        Ok(Clause::Unwind { list: list.expression, slot })
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{all_wrong, clauses, read};
    use crate::tree::Clause;

    #[test]
    fn clauses_keep_their_order() {
        let query = read("MATCH (n) OPTIONAL MATCH (n)-->(m) UNWIND n.tags AS t WITH n, t RETURN n");
        let kinds: Vec<&str> = clauses(&query)
            .iter()
            .map(|clause| match clause {
                Clause::Match { optional: false, .. } => "match",
                Clause::Match { optional: true, .. } => "optional",
                Clause::Unwind { .. } => "unwind",
                Clause::Project(_) => "project",
            })
            .collect();
        assert_eq!(kinds, ["match", "optional", "unwind", "project", "project"]);
    }

    #[test]
    fn parts_of_a_union_are_put_into_one_order() {
        let query = read("RETURN 1 AS a, 2 AS b UNION RETURN 3 AS b, 4 AS a");
        assert!(query.body.distinct);
        let second = &query.body.parts[1].columns;
        assert!(second[0] > second[1], "{second:?}");
        assert!(!read("RETURN 1 AS a UNION ALL RETURN 2 AS a").body.distinct);
    }

    #[test]
    fn unions_that_do_not_fit_are_wrong() {
        all_wrong(&[
            ("RETURN 1 AS a UNION RETURN 2 AS b", 15, "expected a, found b"),
            ("RETURN 1 AS a UNION RETURN 2 AS a, 3 AS b", 15, "expected a, found a, b"),
            ("RETURN 1 AS a UNION RETURN 2 AS a UNION ALL RETURN 3 AS a", 35, "cannot be mixed"),
        ]);
    }

    #[test]
    fn a_query_ends_in_return() {
        all_wrong(&[
            ("MATCH (n)", 10, "expected RETURN"),
            ("MATCH (n) WITH n", 17, "expected RETURN"),
            ("MATCH (n) WHERE EXISTS { WITH n } RETURN n", 32, "expected RETURN"),
        ]);
    }

    #[test]
    fn unwind_takes_lists_and_binds_a_new_name() {
        all_wrong(&[
            ("UNWIND 1 AS x RETURN x", 8, "UNWIND expects a list, found an integer"),
            ("WITH 1 AS x UNWIND [1] AS x RETURN x", 27, "x is already bound"),
            ("UNWIND [1] AS x RETURN x AND true", 24, "found an integer"),
        ]);
    }
}
