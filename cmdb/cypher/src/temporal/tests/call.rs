//! Calls of functions as a query writes them: `date({year: 1984})`. Reads no more of the language than that.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::error::Result;
use crate::evaluate::{Context, Row, Subqueries};
use crate::graph::{Direction, NodeId, PropertyGraph, Relationship, Symbol};
use crate::limits::{Cancellation, Limits, Meter};
use crate::temporal::FUNCTIONS;
use crate::tree::SubqueryId;
use crate::value::Value;

/// What a call gives. It is 2024-02-29T10:20:30.5Z.
pub(super) fn call(text: &str) -> Result<Value> {
    with_context(|context| {
        let mut reader = Reader { rest: text, context };
        let value = reader.value()?;
        assert_eq!(reader.rest, "", "the whole text is read");
        Ok(value)
    })
}

/// Computes something with a context of an empty graph.
pub(super) fn with_context<T>(compute: impl FnOnce(&Context<'_>) -> T) -> T {
    let meter = Meter::start(Limits::default(), Cancellation::default());
    let now = "2024-02-29T10:20:30.5Z".parse().unwrap();
    let parameters = BTreeMap::new();
    compute(&Context { graph: &Nothing, parameters: &parameters, meter: &meter, subqueries: &Nothing, symbols: Vec::new(), now })
}

struct Reader<'a> {
    rest: &'a str,
    context: &'a Context<'a>,
}

impl Reader<'_> {
    fn take(&mut self, expected: &str) -> bool {
        self.rest = self.rest.trim_start();
        self.rest.strip_prefix(expected).inspect(|rest| self.rest = rest).is_some()
    }

    fn word(&mut self) -> String {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !c.is_alphanumeric() && c != '.' && c != '-').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word.to_owned()
    }

    fn value(&mut self) -> Result<Value> {
        if self.take("'") {
            let (text, rest) = self.rest.split_once('\'').unwrap();
            self.rest = rest;
            return Ok(Value::String(text.into()));
        }
        if self.take("{") {
            let mut map: BTreeMap<Arc<str>, Value> = BTreeMap::new();
            while !self.take("}") {
                let key = self.word();
                assert!(self.take(":"));
                map.insert(key.into(), self.value()?);
                self.take(",");
            }
            return Ok(Value::Map(Arc::new(map)));
        }
        let word = self.word();
        if !self.take("(") {
            return Ok(match word.parse::<i64>() {
                Ok(number) => Value::Integer(number),
                Err(_) if word == "null" => Value::Null,
                Err(_) => Value::Float(word.parse().unwrap()),
            });
        }
        let mut arguments = Vec::new();
        while !self.take(")") {
            arguments.push(self.value()?);
            self.take(",");
        }
        let function = FUNCTIONS.iter().find(|function| function.name.eq_ignore_ascii_case(&word)).unwrap();
        assert!((function.least..=function.parameters.len()).contains(&arguments.len()));
        (function.call)(&arguments, self.context)
    }
}

/// An empty graph without subqueries.
struct Nothing;

impl PropertyGraph for Nothing {
    fn symbol(&self, _: &str) -> Option<Symbol> {
        None
    }

    fn text(&self, _: Symbol) -> Arc<str> {
        "".into()
    }

    fn node_count(&self) -> u64 {
        0
    }

    fn nodes(&self) -> Box<dyn Iterator<Item = NodeId> + '_> {
        Box::new(std::iter::empty())
    }

    fn label_count(&self, _: Symbol) -> u64 {
        0
    }

    fn labelled(&self, _: Symbol) -> Box<dyn Iterator<Item = NodeId> + '_> {
        Box::new(std::iter::empty())
    }

    fn has_label(&self, _: NodeId, _: Symbol) -> bool {
        false
    }

    fn labels(&self, _: NodeId) -> Vec<Symbol> {
        Vec::new()
    }

    fn property(&self, _: NodeId, _: Symbol) -> Value {
        Value::Null
    }

    fn properties(&self, _: NodeId) -> BTreeMap<Arc<str>, Value> {
        BTreeMap::new()
    }

    fn relationships(&self, _: NodeId, _: Direction, _: &[Symbol], _: &mut dyn FnMut(Relationship) -> ControlFlow<()>) {}
}

impl Subqueries for Nothing {
    fn exists(&self, _: SubqueryId, _: &Row, _: &Context<'_>) -> Result<bool> {
        Ok(false)
    }

    fn count(&self, _: SubqueryId, _: &Row, _: &Context<'_>) -> Result<u64> {
        Ok(0)
    }

    fn collect(&self, _: SubqueryId, _: &Row, _: &Context<'_>) -> Result<Vec<Value>> {
        Ok(Vec::new())
    }
}
