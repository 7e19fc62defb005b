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
