//! DISTINCT.

use super::execution::Execution;
use super::nodes::value;
use super::state::State;
use crate::error::Result;
use crate::evaluate::Row;
use crate::tree::Slot;

impl Execution<'_, '_> {
    /// Whether no row with these values came before.
    pub(super) fn is_new(&self, columns: &[Slot], state: usize, row: &Row) -> Result<bool> {
        match self.states.get(state).map(|state| state.borrow_mut()).as_deref_mut() {
            Some(State::Seen(seen)) => Ok(seen.insert(columns.iter().map(|slot| value(row, *slot)), self.context)?.1),
            _ => Ok(true),
        }
    }
}
