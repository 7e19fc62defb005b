//! How long a query is.

use crate::tree::{Clause, Query};

/// How many clauses, and nodes and relationships of patterns, a query has, those of its subqueries too. No row passes more
/// operators inside each other than twice as many.
pub(crate) fn length(query: &Query) -> usize {
    let bodies = std::iter::once(&query.body).chain(&query.subqueries);
    bodies.flat_map(|body| &body.parts).flat_map(|part| &part.clauses).map(clause).sum()
}

fn clause(clause: &Clause) -> usize {
    match clause {
        Clause::Match { pattern, .. } => 1 + pattern.paths.iter().map(|path| path.nodes.len() + path.steps.len()).sum::<usize>(),
        Clause::Unwind { .. } | Clause::Project(_) => 1,
    }
}
