//! What only reads, whatever it means.

mod lookalikes;
mod subqueries;

use open_cypher::ast::visit::{Visitor, walk_clause, walk_single_query};
use open_cypher::ast::{Clause, ClauseKind};

use super::source::Source;
use super::{bounds, refused};
use crate::error::Result;
use crate::limits::TextLimits;

/// See [`guard::check`](crate::guard::check).
pub(super) fn check(text: &str, limits: &TextLimits) -> Result<()> {
    let tokens = bounds::tokens(text, limits)?;
    lookalikes::refuse(text, &tokens)?;
    for piece in subqueries::apart(text, &tokens) {
        let source = Source::piece(text, piece.base, piece.text)?;
        let query = source.query()?;
        let mut search = Search(None);
        walk_single_query(&mut search, &query.head);
        for branch in &query.unions {
            walk_single_query(&mut search, &branch.query);
        }
        if let Some(clause) = search.0 {
            return Err(refused::clause(&clause.kind, source.position(clause.span)));
        }
    }
    Ok(())
}

/// The first clause, also in subqueries, that is not known to read.
struct Search<'ast>(Option<&'ast Clause>);

impl<'ast> Visitor<'ast> for Search<'ast> {
    fn visit_clause(&mut self, clause: &'ast Clause) {
        match clause.kind {
            ClauseKind::Match(_) | ClauseKind::Unwind(_) | ClauseKind::With(_) | ClauseKind::Return(_) => {
                walk_clause(self, clause);
            }
            _ => self.0 = self.0.or(Some(clause)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn check(text: &str) -> Result<()> {
        super::check(text, &TextLimits::default())
    }

    #[test]
    fn subqueries_that_read_pass() {
        for text in [
            "MATCH (s) CALL { WITH s MATCH (c)-->(s) RETURN count(c) AS k } RETURN s, k",
            "MATCH (s) CALL (s) { MATCH (c)-->(s) RETURN c UNION MATCH (s)-->(c) RETURN c } RETURN c",
            "CALL () { RETURN 1 AS x } RETURN x",
            "MATCH (s) OPTIONAL CALL (*) { CALL { RETURN 1 AS y } RETURN y AS z } RETURN z",
            "PROFILE MATCH (n) WHERE n.unknown = notdefined RETURN anything(n);",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn subqueries_that_write_are_forbidden_at_their_place() {
        for (text, column) in [
            ("MATCH (s) CALL { WITH s SET s.x = 1 } RETURN s", 25),
            ("CALL { CALL { CALL { CREATE (n) } RETURN 1 AS x } RETURN 2 AS y } RETURN y", 22),
            ("CALL { MATCH (n) CALL db.labels() YIELD label RETURN label } RETURN label", 18),
            ("CALL { USE other MATCH (n) RETURN n } RETURN n", 8),
            ("MATCH (n) RETURN COLLECT { CALL { CREATE (m) RETURN m } RETURN m }", 35),
        ] {
            let error = check(text);
            assert!(matches!(&error, Err(Error::Forbidden { position, .. }) if position.column == column), "{text}: {error:?}");
        }
    }

    #[test]
    fn what_cannot_be_told_does_not_pass() {
        for text in [
            "CALL { MATCH (n) RETURN n } IN TRANSACTIONS RETURN 1",
            "CALL { } RETURN 1",
            "CALL { RETURN 1 AS x",
            "CALL (1) { RETURN 1 AS x } RETURN x",
            "CYPHER 5 MATCH (n) RETURN n",
            "FOREACH (x IN [1] | SET x.y = 1)",
            "RETURN 1; RETURN 2",
            "WITH * CREATE INDEX x FOR (n:A) ON (n.b)",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }
}
