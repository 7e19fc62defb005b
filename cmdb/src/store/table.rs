//! Questions in Cypher and their answers.

use std::time::Duration;

use serde_json::{Map, Value};

/// How much one query may use.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueryLimits {
    /// How long it may run.
    pub timeout: Duration,
    /// How many rows it may answer; one more is an error, not a shorter answer.
    pub rows: u64,
    /// How many rows, relationships and list items it may look at on the way; only a store that counts them keeps to it.
    pub expansions: u64,
    /// How long its text may be, in bytes.
    pub text: usize,
}

impl Default for QueryLimits {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(10), rows: 10_000, expansions: 10_000_000, text: 64 * 1024 }
    }
}

/// The answer to a query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Names of the columns, as written in RETURN.
    pub columns: Vec<String>,
    /// The values of each row, in the order of the columns. A node is a map with `id`, `labels` and `properties`, a
    /// relationship one with `source`, `target`, `type` and `properties`, a path one with `nodes` and `relationships`;
    /// times and durations are ISO 8601 texts.
    pub rows: Vec<Vec<Value>>,
    /// How the query was or would be answered, where it began with EXPLAIN or PROFILE.
    pub plan: Option<QueryPlan>,
}

/// How a query was or would be answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct QueryPlan {
    /// The steps, each with those that feed it, in the store's own words.
    pub steps: Value,
    /// The same for people, one step a line.
    pub text: String,
}

impl Table {
    /// Each row as an object, by column.
    pub fn into_objects(self) -> impl Iterator<Item = Map<String, Value>> {
        let Self { columns, rows, .. } = self;
        rows.into_iter().map(move |row| columns.iter().cloned().zip(row).collect())
    }
}
