//! Cypher over the graph in memory.

mod answer;
mod graph;
mod property;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dharmagraph_cypher::{Answer, Cancellation, Limits, Statement, TextLimits};
use quick_cache::sync::Cache;
use serde_json::{Map, Value};

use self::graph::QueriedGraph;
use super::{EmbeddedStore, Shared};
use crate::error::{Error, Result};
use crate::store::{QueryLimits, Table};

/// How many queries are remembered as they were understood.
const STATEMENTS: usize = 256;
/// How long a query may run before it lets go of the graph and starts anew on a copy. A commit waits for those that run
/// on the graph itself, and so do all who ask after it; a copy is made only by a commit that finds somebody on the old one.
const ON_THE_GRAPH: Duration = Duration::from_millis(20);

/// Queries as they were understood, by text.
#[derive(Debug)]
pub(super) struct Statements(Cache<String, Statement>);

impl Default for Statements {
    fn default() -> Self {
        Self(Cache::new(STATEMENTS))
    }
}

impl Statements {
    fn get(&self, text: &str, limits: &TextLimits) -> Result<Statement> {
        if text.len() <= limits.bytes
            && let Some(statement) = self.0.get(text)
        {
            return Ok(statement);
        }
        let statement = Statement::parse(text, limits).map_err(answer::error)?;
        self.0.insert(text.to_owned(), statement.clone());
        Ok(statement)
    }
}

/// Stops the query when whoever asked goes away.
struct StopWhenDropped(Cancellation);

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// See [`GraphStore::query`](crate::GraphStore::query).
pub(super) async fn query(
    store: &EmbeddedStore,
    text: &str,
    parameters: Map<String, Value>,
    limits: &QueryLimits,
) -> Result<Table> {
    let (text, limits) = (text.to_owned(), limits.clone());
    let cancellation = Cancellation::default();
    let _stop = StopWhenDropped(cancellation.clone());
    store
        .blocking(move |shared| {
            let mut text_limits = TextLimits::default();
            text_limits.bytes = limits.text;
            let statement = shared.statements.get(&text, &text_limits)?;
            let parameters = understood(&parameters)?;
            run(shared, &statement, &parameters, &limits, &cancellation)
        })
        .await
}

fn understood(parameters: &Map<String, Value>) -> Result<BTreeMap<String, dharmagraph_cypher::Value>> {
    let understood = |(name, value): (&String, &Value)| match dharmagraph_cypher::Value::from_json(value) {
        Ok(value) => Ok((name.clone(), value)),
        Err(error) => Err(Error::Query { message: format!("the parameter ${name}: {error}") }),
    };
    parameters.iter().map(understood).collect()
}

fn run(
    shared: &Shared,
    statement: &Statement,
    parameters: &BTreeMap<String, dharmagraph_cypher::Value>,
    limits: &QueryLimits,
    cancellation: &Cancellation,
) -> Result<Table> {
    let begin = Instant::now();
    let within = |timeout: Duration| {
        let mut run = Limits::default();
        (run.timeout, run.rows, run.expansions) = (timeout, limits.rows, limits.expansions);
        run
    };
    let answer = |graph: &QueriedGraph<'_>, timeout: Duration| -> Result<Result<Table>, dharmagraph_cypher::Error> {
        statement.run(graph, parameters, within(timeout), cancellation).map(|found: Answer| answer::table(found, graph))
    };
    if limits.timeout > ON_THE_GRAPH {
        let graph = shared.read();
        match answer(&QueriedGraph::new(&graph, &shared.strings.read()), ON_THE_GRAPH) {
            Err(dharmagraph_cypher::Error::Timeout { .. }) => {}
            done => return done.map_err(answer::error)?,
        }
    }
    let graph = Arc::clone(&shared.read());
    let strings = Arc::clone(&shared.strings.read());
    let left = limits.timeout.saturating_sub(begin.elapsed());
    match answer(&QueriedGraph::new(&graph, &strings), left) {
        Err(dharmagraph_cypher::Error::Timeout { .. }) => Err(Error::Timeout { what: "the query".into(), limit: limits.timeout }),
        done => done.map_err(answer::error)?,
    }
}
