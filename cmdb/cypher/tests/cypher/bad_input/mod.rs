//! Queries that nobody means well: each is refused, or cut at its limit, on the stack of a server's thread.

mod data;
mod mutation;
mod stopping;
mod text;

use std::collections::BTreeMap;
use std::time::Duration;

use dharmagraph_cypher::{Answer, Cancellation, Error, Limits, PropertyGraph, Statement, TextLimits, Value};

use crate::workers::on_small_stack;

/// Asks on a small stack. There is less to look at than by default and more time, so that the limits end a run on a busy machine
/// as they do on any other.
fn ask(text: &str, graph: &(dyn PropertyGraph + Sync), parameters: &BTreeMap<String, Value>) -> Result<Answer, Error> {
    let mut limits = Limits::default();
    (limits.timeout, limits.expansions) = (Duration::from_secs(60), 1_000_000);
    let run = || {
        let statement = Statement::parse(text, &TextLimits::default())?;
        statement.run(graph, parameters, limits, &Cancellation::default())
    };
    on_small_stack(run).unwrap()
}

/// Only reads the text, on a small stack.
fn parse(text: &str, limits: &TextLimits) -> Result<Statement, Error> {
    on_small_stack(|| Statement::parse(text, limits)).unwrap()
}
