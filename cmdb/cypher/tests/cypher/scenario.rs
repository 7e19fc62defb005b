//! The data files: queries with the graphs they are asked of and the answers they should get.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use dharmagraph_cypher::{Answer, Cancellation, Error, Limits, PropertyGraph, Statement, TextLimits, Value};
use flate2::read::GzDecoder;
use open_cypher::ast::visit::{Visitor, walk_clause};
use open_cypher::ast::{CallTarget, Clause, ClauseKind};
use open_cypher::{Keyword, TokenKind};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::graph::{InMemoryGraph, IndexedGraph};
use crate::outcome::Table;
use crate::write;

/// One line of a data file.
#[derive(Debug, Deserialize)]
pub(crate) struct Scenario {
    pub(crate) id: String,
    #[serde(rename = "cat")]
    pub(crate) category: String,
    /// Queries that write the graph.
    setup: Vec<String>,
    params: BTreeMap<String, Json>,
    pub(crate) query: String,
    pub(crate) expect: Expectation,
}

/// What should come of a query.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Expectation {
    Rows {
        /// Nothing where names do not matter.
        #[serde(rename = "cols")]
        columns: Option<Vec<String>>,
        rows: Vec<Vec<Json>>,
        ordered: bool,
        /// Whether lists are compared as multisets.
        #[serde(rename = "lu")]
        unordered_lists: bool,
    },
    Error {
        /// Which one; every error of ours will do.
        #[serde(rename = "e")]
        description: String,
    },
}

impl Scenario {
    /// Builds the graph and asks it, as it is and with indexes.
    ///
    /// # Errors
    /// What was expected and what came.
    pub(crate) fn check(&self) -> Result<(), String> {
        let mut graph = InMemoryGraph::default();
        for text in &self.setup {
            write::write(&mut graph, text);
        }
        self.check_on(&graph)?;
        self.check_on(&IndexedGraph(&graph)).map_err(|reason| format!("with indexes: {reason}"))
    }

    fn check_on(&self, graph: &dyn PropertyGraph) -> Result<(), String> {
        let found = self.ask(graph);
        match (&self.expect, found) {
            (Expectation::Error { .. }, Err(_)) => Ok(()),
            (Expectation::Error { description }, Ok(found)) => {
                Err(format!("expected an error: {description}\nfound\n{}", Table::of_answer(&found, graph, false)))
            }
            (Expectation::Rows { .. }, Err(error)) => Err(format!("expected rows\nfound {error:?}")),
            (Expectation::Rows { columns, rows, ordered, unordered_lists }, Ok(found)) => {
                let expected = Table::of_json(columns.as_deref(), rows, *unordered_lists);
                let found = Table::of_answer(&found, graph, *unordered_lists);
                expected.compare(&found, *ordered)
            }
        }
    }

    /// Asks the query of a graph.
    pub(crate) fn ask(&self, graph: &dyn PropertyGraph) -> Result<Answer, Error> {
        let parameters = self.params.iter().map(|(name, value)| (name.clone(), Value::from_json(value).unwrap())).collect();
        run(&self.query, graph, &parameters)
    }

    /// Whether the query reads only: it has no clause that writes and calls no procedure. Of a text that the parser refuses,
    /// the words decide.
    pub(crate) fn reads_only(&self) -> bool {
        match open_cypher::parse(&self.query) {
            Ok(parsed) => {
                let mut writes = Writes(false);
                writes.visit_program(&parsed.program);
                !writes.0
            }
            Err(_) => !open_cypher::lex(&self.query).tokens.iter().any(|token| {
                use Keyword::{Call, Create, Delete, Merge, Remove, Set};
                let TokenKind::Keyword(keyword) = token.kind else { return false };
                let writes = [Create, Delete, Merge, Remove, Set].contains(&keyword);
                // CALL and a brace begin a subquery.
                writes || keyword == Call && !self.query[token.span.end()..].trim_start().starts_with('{')
            }),
        }
    }
}

/// Runs a query as a scenario does, in more time than users get: the machine may be busy with other tests.
pub(crate) fn run(text: &str, graph: &dyn PropertyGraph, parameters: &BTreeMap<String, Value>) -> Result<Answer, Error> {
    let mut limits = Limits::default();
    limits.timeout = Duration::from_secs(60);
    Statement::parse(text, &TextLimits::default())?.run(graph, parameters, limits, &Cancellation::default())
}

struct Writes(bool);

impl<'tree> Visitor<'tree> for Writes {
    fn visit_clause(&mut self, clause: &'tree Clause) {
        self.0 |= match &clause.kind {
            ClauseKind::Match(_)
            | ClauseKind::Unwind(_)
            | ClauseKind::Let(_)
            | ClauseKind::With(_)
            | ClauseKind::Return(_)
            | ClauseKind::Select(_)
            | ClauseKind::Next(_)
            | ClauseKind::Filter(_)
            | ClauseKind::Finish => false,
            ClauseKind::Call(call) => matches!(call.target, CallTarget::Procedure { .. }),
            _ => true,
        };
        walk_clause(self, clause);
    }
}

/// The scenarios of one of the data files, or nothing where they are not on this machine.
///
/// They lie in the folder `cypher` of `DHARMAGRAPH_DATA`, by default of `shared/data` beside the repository.
pub(crate) fn read(file: &str) -> Option<Vec<Arc<Scenario>>> {
    let folder = std::env::var_os("DHARMAGRAPH_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let path = folder.join("cypher").join(file);
    let Ok(bytes) = std::fs::read(&path) else {
        assert!(std::env::var_os("CI").is_none(), "the scenarios are not there: set DHARMAGRAPH_DATA to the folder of {path:?}");
        eprintln!("skipped: {} is not there", path.display());
        return None;
    };
    let mut text = String::new();
    if file.ends_with(".gz") {
        GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
    } else {
        text = String::from_utf8(bytes).unwrap();
    }
    Some(text.lines().map(|line| Arc::new(serde_json::from_str(line).unwrap())).collect())
}
