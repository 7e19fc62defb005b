//! Plans for people and programs to read.

mod chain;
mod expression;
mod operator;
mod table;

pub(crate) use chain::describe;

/// One operator of a plan with those that feed it.
///
/// Written with `{}` it is a table for people: an operator stands above the one that feeds it, and what it runs for each row
/// (an OPTIONAL MATCH, a subquery) is indented.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct PlanDescription {
    /// What it does: `NodeByLabelScan`, `Expand`.
    pub operator: String,
    /// With what, as a person would write it.
    pub details: String,
    /// How many rows the planner expected.
    pub estimated_rows: u64,
    /// How many rows it gave, where the query was run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// How many rows, relationships and items it looked at itself, where the query was run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<u64>,
    /// Where its rows come from, then what it runs for each of them.
    pub children: Vec<Self>,
}
