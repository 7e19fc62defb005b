//! Finds nodes to start at.

use std::collections::HashSet;

use super::Flow;
use super::execution::Execution;
use super::nodes::bind;
use crate::error::Result;
use crate::evaluate::{Row, evaluate};
use crate::graph::{NodeId, Symbol};
use crate::plan::Source;
use crate::tree::Slot;
use crate::value::Value;

impl Execution<'_, '_> {
    /// Binds each node of a source.
    pub(super) fn scan(&self, at: usize, slot: Slot, source: &Source<'_>, row: &mut Row) -> Result<Flow> {
        let graph = self.context.graph;
        match source {
            Source::Nothing => Ok(Flow::Continue(())),
            Source::All => self.each(at, slot, graph.nodes(), row),
            Source::Label(label) => self.each(at, slot, graph.labelled(*label), row),
            Source::Values { key, values, .. } => {
                for value in values {
                    if self.each(at, slot, graph.seek(*key, value), row)?.is_break() {
                        return Ok(Flow::Break(()));
                    }
                }
                Ok(Flow::Continue(()))
            }
            Source::Seek { key, value, many, otherwise } => match evaluate(value, row, self.context)? {
                Value::Null => Ok(Flow::Continue(())),
                Value::List(values) if *many && self.can_seek(*key, &values) => self.seek_all(at, slot, *key, &values, row),
                value if !*many && graph.seek_count(*key, &value).is_some() => self.each(at, slot, graph.seek(*key, &value), row),
                _ => self.scan(at, slot, otherwise, row),
            },
        }
    }

    fn can_seek(&self, key: Symbol, values: &[Value]) -> bool {
        values.iter().all(|value| value.is_null() || self.context.graph.seek_count(key, value).is_some())
    }

    /// Binds each node with one of the values once, even where values are repeated.
    fn seek_all(&self, at: usize, slot: Slot, key: Symbol, values: &[Value], row: &mut Row) -> Result<Flow> {
        let mut seen: HashSet<NodeId> = HashSet::new();
        for value in values.iter().filter(|value| !value.is_null()) {
            self.step(at)?;
            let mut new = Vec::new();
            for node in self.context.graph.seek(key, value) {
                self.step(at)?;
                if seen.insert(node) {
                    self.context.meter.keep(2 * size_of::<NodeId>())?;
                    new.push(node);
                }
            }
            if self.each(at, slot, new.into_iter(), row)?.is_break() {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }

    fn each(&self, at: usize, slot: Slot, nodes: impl Iterator<Item = NodeId>, row: &mut Row) -> Result<Flow> {
        for node in nodes {
            self.step(at)?;
            bind(row, slot, Value::Node(node));
            if self.push(at + 1, row)?.is_break() {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }
}
