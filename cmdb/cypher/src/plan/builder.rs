//! Puts a chain of operators together.

use super::{Chain, Operator, Step, Tally};
use crate::tree::Slot;

/// A chain that grows.
pub(crate) struct Builder<'q> {
    steps: Vec<Step<'q>>,
    breaks: Vec<usize>,
    states: usize,
    /// Whether each slot has a value when a row comes this far.
    pub(super) bound: Vec<bool>,
    /// How many rows are expected to come this far.
    pub(super) rows: f64,
}

impl<'q> Builder<'q> {
    pub(super) fn new(bound: Vec<bool>) -> Self {
        Self { steps: Vec::new(), breaks: Vec::new(), states: 0, bound, rows: 1.0 }
    }

    /// Adds an operator that is expected to hand on so many rows.
    pub(super) fn add(&mut self, operator: Operator<'q>, rows: f64) {
        if matches!(operator, Operator::Aggregate { .. } | Operator::Sort { .. }) {
            self.breaks.push(self.steps.len());
        }
        self.rows = rows;
        self.steps.push(Step { operator, estimate: rows });
    }

    /// A place for what an operator remembers.
    pub(super) fn state(&mut self) -> usize {
        self.states += 1;
        self.states - 1
    }

    pub(super) fn bind(&mut self, slot: Slot) {
        if let Some(place) = self.bound.get_mut(slot.0 as usize) {
            *place = true;
        }
    }

    pub(super) fn is_bound(&self, slot: Slot) -> bool {
        self.bound.get(slot.0 as usize).copied().unwrap_or_default()
    }

    /// Where the next operator will be.
    pub(super) fn next(&self) -> usize {
        self.steps.len()
    }

    /// Tells an [`Operator::Optional`] where it ends.
    pub(super) fn close(&mut self, optional: usize) {
        let behind = self.steps.len();
        if let Some(Step { operator: Operator::Optional { end, .. }, .. }) = self.steps.get_mut(optional) {
            *end = behind;
        }
    }

    pub(super) fn finish(self, columns: &'q [Slot], profiled: bool) -> Chain<'q> {
        let tallies = if profiled { self.steps.iter().map(|_| Tally::default()).collect() } else { Vec::new() };
        Chain { steps: self.steps, breaks: self.breaks, columns, states: self.states, tallies }
    }
}
