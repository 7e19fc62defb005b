//! SKIP and LIMIT, DISTINCT's and OPTIONAL MATCH's memory.

use super::Flow;
use super::execution::Execution;
use super::state::State;
use crate::error::{Error, Result};
use crate::evaluate::{Context, Row, evaluate};
use crate::tree::Expression;
use crate::value::Value;

/// The value of a SKIP or LIMIT.
pub(super) fn row_count(clause: &str, count: &Expression, row: &mut Row, context: &Context<'_>) -> Result<u64> {
    let value = evaluate(count, row, context)?;
    match value {
        Value::Integer(number) if number >= 0 => Ok(number.unsigned_abs()),
        other => Err(Error::value(format!("{clause}: expected an integer from 0, found {}", other.description()))),
    }
}

impl Execution<'_, '_> {
    /// Whether a row is among the first ones, which SKIP leaves out.
    pub(super) fn is_skipped(&self, state: usize) -> bool {
        match self.states.get(state).map(|state| state.borrow_mut()).as_deref_mut() {
            Some(State::Left(left)) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        }
    }

    /// Hands on as many rows as LIMIT wants and breaks behind the last.
    pub(super) fn limit(&self, at: usize, state: usize, row: &mut Row) -> Result<Flow> {
        let left = match self.states.get(state).map(|state| state.borrow_mut()).as_deref_mut() {
            Some(State::Left(left)) if *left > 0 => {
                *left -= 1;
                *left
            }
            _ => return Ok(Flow::Break(())),
        };
        let flow = self.push(at + 1, row)?;
        Ok(if left == 0 { Flow::Break(()) } else { flow })
    }

    pub(super) fn remember_match(&self, state: usize) {
        self.set_match(state, true);
    }

    pub(super) fn set_match(&self, state: usize, matched: bool) {
        if let Some(state) = self.states.get(state) {
            *state.borrow_mut() = State::Matched(matched);
        }
    }

    pub(super) fn has_match(&self, state: usize) -> bool {
        self.states.get(state).is_some_and(|state| matches!(*state.borrow(), State::Matched(true)))
    }
}
