//! Queries that nobody means well: each is refused, or cut at its limit, on the stack of a server's thread.

mod data;
mod mutation;
mod stopping;
mod text;

use std::collections::BTreeMap;

use dharmagraph_cypher::{Answer, Cancellation, Error, Limits, PropertyGraph, Statement, TextLimits, Value};

use crate::workers::on_small_stack;

/// Asks with the default limits, on a small stack.
fn ask(text: &str, graph: &(dyn PropertyGraph + Sync), parameters: &BTreeMap<String, Value>) -> Result<Answer, Error> {
    let run = || {
        let statement = Statement::parse(text, &TextLimits::default())?;
        statement.run(graph, parameters, Limits::default(), &Cancellation::default())
    };
    on_small_stack(run).unwrap()
}

/// Only reads the text, on a small stack.
fn parse(text: &str, limits: &TextLimits) -> Result<Statement, Error> {
    on_small_stack(|| Statement::parse(text, limits)).unwrap()
}
