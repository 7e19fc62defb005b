//! A query, read once and run many times.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::graph::PropertyGraph;
use crate::limits::{Cancellation, Limits, Meter, TextLimits};
use crate::plan::{self, Reads};
use crate::tree::{Mode, Query};
use crate::value::Value;
use crate::{parse, run, run::PlanDescription};

/// A query that was read and checked.
///
/// It knows nothing of a graph: names are looked up, and the plan is made, at each run. A copy shares what was read, so that
/// statements can be kept and handed to other threads.
///
/// ```
/// use dharmagraph_cypher::{Error, Position, Statement, TextLimits};
///
/// let statement = Statement::parse("MATCH (n:Server) RETURN n.name, count(*) AS n", &TextLimits::default())?;
/// assert_eq!(statement.columns(), ["n.name".into(), "n".into()]);
///
/// let Err(refused) = Statement::parse("MATCH (n)\nDELETE n", &TextLimits::default()) else { unreachable!() };
/// assert!(matches!(refused, Error::Forbidden { position: Position { line: 2, column: 1, .. }, .. }));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Statement(Arc<Checked>);

#[derive(Debug)]
struct Checked {
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
    /// [`Error::Limit`], [`Error::Query`], [`Error::Forbidden`], [`Error::Unsupported`].
    pub fn parse(text: &str, limits: &TextLimits) -> Result<Self> {
        let query = parse::parse(text, limits)?;
        if plan::length(&query) > limits.length {
            let what = "the number of clauses, and of nodes and relationships in patterns,";
            return Err(Error::Limit { what, limit: limits.length as u64 });
        }
        let reads = Reads::of(&query);
        Ok(Self(Arc::new(Checked { query, reads })))
    }

    /// Names of the columns that an answer will have, as written in RETURN.
    #[must_use]
    pub fn columns(&self) -> &[Arc<str>] {
        &self.0.query.columns
    }

    /// Whether the query began with EXPLAIN: a run only plans it and answers no rows.
    #[must_use]
    pub fn is_explain(&self) -> bool {
        self.0.query.mode == Mode::Explain
    }

    /// Whether the query began with PROFILE: an answer has the plan, with what each operator did.
    #[must_use]
    pub fn is_profile(&self) -> bool {
        self.0.query.mode == Mode::Profile
    }

    /// Runs the query.
    ///
    /// Parameters that the query does not use are ignored. It runs on the thread that calls, to its end or until a limit or
    /// the cancellation stops it.
    ///
    /// # Errors
    /// [`Error::Parameter`], before anything runs; [`Error::Value`]; and [`Error::Limit`], [`Error::Timeout`] and
    /// [`Error::Cancelled`].
    pub fn run(
        &self,
        graph: &dyn PropertyGraph,
        parameters: &BTreeMap<String, Value>,
        limits: Limits,
        cancellation: &Cancellation,
    ) -> Result<Answer> {
        let Checked { query, reads } = &*self.0;
        run::run(query, reads, graph, parameters, &Meter::start(limits, cancellation.clone()))
    }
}
