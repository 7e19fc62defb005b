//! Plans for people and programs to read.

use crate::graph::PropertyGraph;
use crate::plan::Plan;
use crate::tree::Query;

/// One operator of a plan with those that feed it.
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
    /// Where its rows come from.
    pub children: Vec<PlanDescription>,
}

/// Describes a plan.
pub(super) fn describe(plan: &Plan<'_>, query: &Query, graph: &dyn PropertyGraph) -> PlanDescription {
    let _ = (plan, query, graph);
    PlanDescription {
        operator: String::new(),
        details: String::new(),
        estimated_rows: 0,
        rows: None,
        steps: None,
        children: vec![],
    }
}
