//! A query, read once and run many times.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::graph::PropertyGraph;
use crate::limits::{Cancellation, Limits, Meter, TextLimits};
use crate::plan::{self, Reads};
use crate::tree::Query;
use crate::value::Value;
use crate::{parse, run, run::PlanDescription};

/// A query that was read and checked.
#[derive(Debug, Clone)]
pub struct Statement(Arc<Read>);

#[derive(Debug)]
struct Read {
    query: Query,
    reads: Reads,
}

/// What a query found.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Answer {
    /// Names of the columns, as written in RETURN.
    pub columns: Vec<Arc<str>>,
    /// The values of each row, in the order of the columns. [`Value::to_json`] needs the graph that was asked.
    pub rows: Vec<Vec<Value>>,
    /// The plan, where the query began with EXPLAIN or PROFILE.
    pub plan: Option<PlanDescription>,
}

impl Statement {
    /// Reads and checks a query.
    ///
    /// # Errors
    /// [`Error::Limit`](crate::Error::Limit), [`Error::Query`](crate::Error::Query),
    /// [`Error::Forbidden`](crate::Error::Forbidden), [`Error::Unsupported`](crate::Error::Unsupported).
    pub fn parse(text: &str, limits: &TextLimits) -> Result<Self> {
        let query = parse::parse(text, limits)?;
        if plan::length(&query) > limits.length {
            let what = "the number of clauses, and of nodes and relationships in patterns,";
            return Err(Error::Limit { what, limit: limits.length as u64 });
        }
        let reads = Reads::of(&query);
        Ok(Self(Arc::new(Read { query, reads })))
    }

    /// Runs the query.
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter), [`Error::Value`](crate::Error::Value), and those of limits and
    /// cancellation.
    pub fn run(
        &self,
        graph: &dyn PropertyGraph,
        parameters: &BTreeMap<String, Value>,
        limits: Limits,
        cancellation: &Cancellation,
    ) -> Result<Answer> {
        run::run(&self.0.query, &self.0.reads, graph, parameters, &Meter::start(limits, cancellation.clone()))
    }
}
