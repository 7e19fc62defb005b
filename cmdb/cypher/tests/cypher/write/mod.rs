//! Writes the graphs that the data files describe by queries. The executor only reads, so the writing clauses are read here
//! from the parser's tree: CREATE and DELETE, which is all that set-ups use. What stands between them is the executor's.

mod create;
mod literal;
mod read;

use std::collections::BTreeMap;

use dharmagraph_cypher::Value;
use open_cypher::ast::{ClauseKind, DeleteClause, ExprKind, QueryKind, StatementKind};

use crate::graph::InMemoryGraph;

/// What each variable is bound to in a row.
type Bindings = BTreeMap<String, Value>;

/// Runs a query that writes.
pub(crate) fn write(graph: &mut InMemoryGraph, text: &str) {
    let parsed = open_cypher::parse(text).unwrap();
    let StatementKind::Query(statement) = &parsed.program.statements[0].kind else { panic!("no query: {text}") };
    let QueryKind::Regular(query) = &statement.query.kind else { panic!("no query: {text}") };
    let mut rows = vec![Bindings::new()];
    for clause in &query.head.kind.clauses {
        match &clause.kind {
            ClauseKind::Create(create) => {
                rows.iter_mut().for_each(|row| create::create(graph, text, &create.pattern, row));
            }
            ClauseKind::Delete(delete) => rows.iter().for_each(|row| delete_relationships(graph, delete, row)),
            ClauseKind::Match(_) | ClauseKind::Unwind(_) | ClauseKind::With(_) => {
                rows = read::continue_rows(graph, clause.span.text(text).unwrap(), &rows);
            }
            other => panic!("set-ups are not expected to use {other:?}"),
        }
    }
}

fn delete_relationships(graph: &mut InMemoryGraph, delete: &DeleteClause, row: &Bindings) {
    for expression in &delete.expressions {
        let ExprKind::Variable(name) = &expression.kind else { panic!("only variables are expected: {expression:?}") };
        let Value::Relationship(relationship) = row[&name.kind.text] else { panic!("no relationship: {}", name.kind.text) };
        graph.delete_relationship(relationship);
    }
}
