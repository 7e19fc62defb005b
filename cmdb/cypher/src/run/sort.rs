//! ORDER BY, with the SKIP and LIMIT behind it.

use std::cmp::Ordering;

use super::Flow;
use super::execution::Execution;
use super::nodes::{bind, value};
use super::page::row_count;
use super::state::State;
use crate::error::Result;
use crate::evaluate::{Context, Row, evaluate};
use crate::tree::{Projection, SortKey};
use crate::value::{Value, order};

/// Rows to be sorted. Where there is a LIMIT, only about twice as many are kept as are wanted.
pub(super) struct Sorter {
    skip: u64,
    limit: Option<u64>,
    rows: Vec<Kept>,
    next_number: u64,
    /// Whether `rows` begins with those that are wanted so far, the last of them at `wanted - 1`.
    full: bool,
    scratch: Vec<Value>,
}

struct Kept {
    /// Keys, then columns.
    values: Vec<Value>,
    /// Rows with equal keys stay in the order in which they came.
    number: u64,
    bytes: usize,
}

/// At least so many rows come before the superfluous are left out.
const ROWS_BETWEEN_CUTS: usize = 1_024;

impl Sorter {
    pub(super) fn start(projection: &Projection, row: &mut Row, context: &Context<'_>) -> Result<Self> {
        let skip = projection.skip.as_ref().map_or(Ok(0), |count| row_count("SKIP", count, row, context))?;
        let limit = projection.limit.as_ref().map(|count| row_count("LIMIT", count, row, context)).transpose()?;
        Ok(Self { skip, limit, rows: Vec::new(), next_number: 0, full: false, scratch: Vec::new() })
    }

    /// How many rows are wanted.
    fn wanted(&self) -> usize {
        self.limit.map_or(usize::MAX, |limit| usize::try_from(limit.saturating_add(self.skip)).unwrap_or(usize::MAX))
    }
}

impl Execution<'_, '_> {
    /// Keeps a row.
    pub(super) fn keep_for_sort(&self, at: usize, projection: &Projection, state: usize, row: &mut Row) -> Result<Flow> {
        self.step(at)?;
        let mut borrowed = self.states.get(state).map(|state| state.borrow_mut());
        let Some(State::Sorter(sorter)) = borrowed.as_deref_mut() else { return Ok(Flow::Continue(())) };
        let wanted = sorter.wanted();
        if wanted == 0 {
            return Ok(Flow::Break(()));
        }
        let keys = &projection.order;
        sorter.scratch.clear();
        for key in keys {
            sorter.scratch.push(evaluate(&key.expression, row, self.context)?);
        }
        let number = sorter.next_number;
        sorter.next_number += 1;
        if sorter.full
            && let Some(last) = sorter.rows.get(wanted - 1)
            && compare(keys, &sorter.scratch, &last.values).is_ge()
        {
            return Ok(Flow::Continue(()));
        }
        let mut values = Vec::with_capacity(keys.len() + projection.columns.len());
        values.append(&mut sorter.scratch);
        values.extend(projection.columns.iter().map(|slot| value(row, *slot).clone()));
        let bytes = values.iter().fold(size_of::<Kept>(), |sum, value| sum.saturating_add(value.size()));
        self.context.meter.keep(bytes)?;
        sorter.rows.push(Kept { values, number, bytes });
        if sorter.rows.len() >= wanted.saturating_mul(2).max(wanted.saturating_add(ROWS_BETWEEN_CUTS)) {
            sorter.rows.select_nth_unstable_by(wanted - 1, |left, right| full_order(keys, left, right));
            self.context.meter.release(sorter.rows.drain(wanted..).map(|kept| kept.bytes).sum());
            sorter.full = true;
        }
        Ok(Flow::Continue(()))
    }

    /// Hands on the rows that are wanted, in order.
    pub(super) fn finish_sort(&self, at: usize, projection: &Projection, state: usize, row: &mut Row) -> Result<Flow> {
        let Some(State::Sorter(mut sorter)) = self.states.get(state).map(|state| state.replace(State::Matched(false))) else {
            return Ok(Flow::Continue(()));
        };
        sorter.rows.sort_unstable_by(|left, right| full_order(&projection.order, left, right));
        let (skip, wanted) = (usize::try_from(sorter.skip).unwrap_or(usize::MAX), sorter.wanted());
        for kept in sorter.rows.into_iter().take(wanted).skip(skip) {
            for (slot, value) in projection.columns.iter().zip(kept.values.into_iter().skip(projection.order.len())) {
                bind(row, *slot, value);
            }
            if self.push(at + 1, row)?.is_break() {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }
}

fn full_order(keys: &[SortKey], left: &Kept, right: &Kept) -> Ordering {
    compare(keys, &left.values, &right.values).then(left.number.cmp(&right.number))
}

/// The order of two rows that begin with the values of the keys.
fn compare(keys: &[SortKey], left: &[Value], right: &[Value]) -> Ordering {
    let mut pairs = keys.iter().zip(left.iter().zip(right));
    pairs.find_map(|(key, (left, right))| Some(by_key(key, left, right)).filter(|order| order.is_ne())).unwrap_or(Ordering::Equal)
}

fn by_key(key: &SortKey, left: &Value, right: &Value) -> Ordering {
    if let (Some(first), true) = (key.nulls_first, left.is_null() != right.is_null()) {
        return if left.is_null() == first { Ordering::Less } else { Ordering::Greater };
    }
    let order = order::compare(left, right);
    if key.descending { order.reverse() } else { order }
}
