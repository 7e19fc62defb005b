//! Grouping and aggregates.

use super::Flow;
use super::execution::Execution;
use super::grouping::Grouping;
use super::nodes::{bind, value};
use super::state::State;
use crate::error::Result;
use crate::evaluate::{Row, evaluate};
use crate::functions::Accumulator;
use crate::tree::Projection;
use crate::value::Value;

/// The groups so far.
#[derive(Default)]
pub(super) struct Groups {
    keys: Grouping,
    /// The aggregates of the first group, then those of the second.
    running: Vec<Running>,
    arguments: Vec<Value>,
}

/// An aggregate of one group.
struct Running {
    accumulator: Box<dyn Accumulator>,
    /// What came before, where only distinct values count.
    seen: Option<Grouping>,
}

/// About what a running aggregate takes.
const BYTES_PER_AGGREGATE: usize = 96;

impl Groups {
    fn open(&mut self, projection: &Projection) {
        self.running.extend(
            projection
                .aggregates
                .iter()
                .map(|call| Running { accumulator: (call.aggregate.start)(), seen: call.distinct.then(Grouping::default) }),
        );
    }
}

impl Execution<'_, '_> {
    /// Adds a row to its group.
    pub(super) fn group(&self, at: usize, projection: &Projection, state: usize, row: &mut Row) -> Result<Flow> {
        self.step(at)?;
        self.compute(projection.keys.iter(), row)?;
        let mut borrowed = self.states.get(state).map(|state| state.borrow_mut());
        let Some(State::Groups(groups)) = borrowed.as_deref_mut() else { return Ok(Flow::Continue(())) };
        let keys = projection.keys.iter().map(|key| value(row, key.slot));
        let (number, is_new) = groups.keys.insert(keys, self.context)?;
        if is_new {
            self.context.meter.keep(projection.aggregates.len() * BYTES_PER_AGGREGATE)?;
            groups.open(projection);
        }
        let first = number * projection.aggregates.len();
        let Groups { running, arguments, .. } = groups;
        for (call, running) in projection.aggregates.iter().zip(running.iter_mut().skip(first)) {
            arguments.clear();
            for argument in &call.arguments {
                arguments.push(evaluate(argument, row, self.context)?);
            }
            if let Some(seen) = &mut running.seen
                && !seen.insert(arguments.iter(), self.context)?.1
            {
                continue;
            }
            running.accumulator.add(arguments, self.context)?;
        }
        Ok(Flow::Continue(()))
    }

    /// Hands on a row for each group.
    pub(super) fn finish_groups(&self, at: usize, projection: &Projection, state: usize, row: &mut Row) -> Result<Flow> {
        let Some(State::Groups(mut groups)) = self.states.get(state).map(|state| state.replace(State::Matched(false))) else {
            return Ok(Flow::Continue(()));
        };
        if projection.keys.is_empty() && groups.keys.len() == 0 {
            groups.keys.insert([].iter(), self.context)?;
            groups.open(projection);
        }
        let mut running = groups.running.into_iter();
        for number in 0..groups.keys.len() {
            self.step(at)?;
            for (key, value) in projection.keys.iter().zip(groups.keys.row(number)) {
                bind(row, key.slot, value.clone());
            }
            for call in &projection.aggregates {
                if let Some(mut running) = running.next() {
                    bind(row, call.slot, running.accumulator.finish()?);
                }
            }
            if self.push(at + 1, row)?.is_break() {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }
}
