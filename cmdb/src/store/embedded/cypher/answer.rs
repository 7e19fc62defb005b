//! The executor's answers and errors in this crate's words.

use dharmagraph_cypher::Answer;

use super::graph::QueriedGraph;
use crate::error::{Error, Result};
use crate::store::{QueryPlan, Table};

/// A found answer as it is handed out.
pub(super) fn table(answer: Answer, graph: &QueriedGraph<'_>) -> Result<Table> {
    let columns = answer.columns.iter().map(ToString::to_string).collect();
    let rows = answer.rows.iter().map(|row| row.iter().map(|value| value.to_json(graph)).collect()).collect();
    let plan =
        answer.plan.map(|plan| QueryPlan { steps: serde_json::to_value(&plan).unwrap_or_default(), text: plan.to_string() });
    Ok(Table { columns, rows, plan })
}

/// Why a query was refused or stopped.
pub(super) fn error(error: dharmagraph_cypher::Error) -> Error {
    use dharmagraph_cypher::Error as Cypher;
    match error {
        Cypher::Forbidden { what, position } => {
            Error::Forbidden { what: format!("{what} ({position})"), reason: "a query may only read".into() }
        }
        Cypher::Unsupported { what, position } => {
            Error::Unsupported { what: format!("{what} ({position})"), backend: "the embedded store's Cypher".into() }
        }
        Cypher::Limit { what, limit } => Error::LimitExceeded { what: what.into(), limit },
        Cypher::Timeout { limit } => Error::Timeout { what: "the query".into(), limit },
        other => Error::Query { message: other.to_string() },
    }
}
