//! Nodes by a property that the graph cannot find them by.

use std::rc::Rc;

use super::execution::Execution;
use super::grouping::Grouping;
use super::state::State;
use crate::error::Result;
use crate::evaluate::Context;
use crate::graph::{NodeId, Symbol};
use crate::plan::Source;
use crate::value::Value;

/// Nodes by the value of one property; those without it are left out.
#[derive(Debug, Default)]
pub(super) struct Table {
    values: Grouping,
    /// The nodes with each value.
    nodes: Vec<Vec<NodeId>>,
}

impl Table {
    /// The nodes whose property equals a value, among them perhaps some whose property only compares as equal.
    pub(super) fn find(&self, value: &Value, context: &Context<'_>) -> Result<&[NodeId]> {
        if value.is_null() {
            return Ok(&[]);
        }
        let number = self.values.find(std::iter::once(value), context)?;
        Ok(number.and_then(|number| self.nodes.get(number)).map(Vec::as_slice).unwrap_or_default())
    }
}

impl Execution<'_, '_> {
    /// The table of a scan, made when it is first asked for.
    pub(super) fn table(&self, at: usize, key: Symbol, source: &Source<'_>, state: usize) -> Result<Rc<Table>> {
        if let Some(State::Table(Some(table))) = self.states.get(state).map(|state| state.borrow()).as_deref() {
            return Ok(Rc::clone(table));
        }
        let mut table = Table::default();
        for node in self.nodes(source) {
            self.step(at)?;
            let value = self.context.graph.property(node, key);
            if value.is_null() {
                continue;
            }
            let (number, is_new) = table.values.insert(std::iter::once(&value), self.context)?;
            if is_new {
                self.context.meter.keep(size_of::<Vec<NodeId>>())?;
                table.nodes.push(Vec::new());
            }
            self.context.meter.keep(size_of::<NodeId>())?;
            if let Some(nodes) = table.nodes.get_mut(number) {
                nodes.push(node);
            }
        }
        let table = Rc::new(table);
        if let Some(state) = self.states.get(state) {
            state.replace(State::Table(Some(Rc::clone(&table))));
        }
        Ok(table)
    }
}
