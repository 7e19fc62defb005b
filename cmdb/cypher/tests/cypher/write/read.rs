//! The reading parts of a set-up, run by the executor.

use std::collections::BTreeMap;
use std::sync::Arc;

use dharmagraph_cypher::Value;

use super::Bindings;
use crate::graph::InMemoryGraph;
use crate::scenario;

/// What a reading clause makes of rows.
pub(super) fn continue_rows(graph: &InMemoryGraph, clause: &str, rows: &[Bindings]) -> Vec<Bindings> {
    let (prefix, parameters) = restore(rows);
    let text = format!("{prefix} {clause} RETURN *");
    let answer = scenario::run(&text, graph, &parameters).unwrap_or_else(|error| panic!("{text}: {error}"));
    let names: Vec<_> = answer.columns.iter().map(ToString::to_string).collect();
    answer.rows.into_iter().map(|row| names.iter().cloned().zip(row).collect()).collect()
}

/// The value of an expression in a row.
pub(super) fn evaluate(graph: &InMemoryGraph, expression: &str, row: &Bindings) -> Value {
    let (prefix, parameters) = restore(std::slice::from_ref(row));
    let text = format!("{prefix} RETURN {expression} AS value");
    let answer = scenario::run(&text, graph, &parameters).unwrap_or_else(|error| panic!("{text}: {error}"));
    answer.rows[0][0].clone()
}

/// Clauses and parameters that give these rows.
fn restore(rows: &[Bindings]) -> (String, BTreeMap<String, Value>) {
    let names: Vec<_> = rows.first().into_iter().flat_map(Bindings::keys).collect();
    if names.is_empty() {
        return (String::new(), BTreeMap::new());
    }
    let items: Vec<_> = names.iter().map(|name| format!("row.`{name}` AS `{name}`")).collect();
    let map =
        |row: &Bindings| Value::Map(Arc::new(row.iter().map(|(name, value)| (name.as_str().into(), value.clone())).collect()));
    let rows = Value::List(Arc::new(rows.iter().map(map).collect()));
    (format!("UNWIND $rows AS row WITH {}", items.join(", ")), BTreeMap::from([("rows".into(), rows)]))
}
