//! Drives rows through a chain of operators.

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;

use super::Flow;
use super::grouping::Grouping;
use super::nodes::{bind, value};
use super::state::State;
use crate::error::Result;
use crate::evaluate::{Context, Row, evaluate};
use crate::plan::{BodyPlan, Chain, Operator};
use crate::tree::{Expression, Item, Slot};
use crate::value::Value;

/// Gets the rows that come through, with the slots of the columns.
pub(super) type Sink<'a> = dyn Fn(&mut Row, &[Slot]) -> Result<Flow> + 'a;

/// Hands every row of a body to `sink`, until it breaks.
pub(super) fn run_body(body: &BodyPlan<'_>, row: &mut Row, context: &Context<'_>, sink: &Sink<'_>) -> Result<()> {
    if let ([chain], false) = (body.parts.as_slice(), body.distinct) {
        return Execution::start(chain, row, context, sink)?.run(row);
    }
    let stopped = Cell::new(false);
    let seen = RefCell::new(Grouping::default());
    let united = |row: &mut Row, columns: &[Slot]| {
        if body.distinct && !seen.borrow_mut().insert(columns.iter().map(|slot| value(row, *slot)), context)?.1 {
            return Ok(Flow::Continue(()));
        }
        let flow = sink(row, columns)?;
        stopped.set(flow.is_break());
        Ok(flow)
    };
    for chain in &body.parts {
        Execution::start(chain, row, context, &united)?.run(row)?;
        if stopped.get() {
            break;
        }
    }
    Ok(())
}

/// One run of a chain.
pub(super) struct Execution<'r, 'q> {
    pub(super) chain: &'r Chain<'q>,
    pub(super) context: &'r Context<'r>,
    pub(super) states: Vec<RefCell<State>>,
    sink: &'r Sink<'r>,
}

impl<'r, 'q> Execution<'r, 'q> {
    fn start(chain: &'r Chain<'q>, row: &mut Row, context: &'r Context<'r>, sink: &'r Sink<'r>) -> Result<Self> {
        let mut states = Vec::with_capacity(chain.states);
        if chain.states > 0 {
            for step in &chain.steps {
                states.extend(State::of(&step.operator, row, context)?.map(RefCell::new));
            }
        }
        Ok(Self { chain, context, states, sink })
    }

    fn run(&self, row: &mut Row) -> Result<()> {
        // Whoever breaks wants no more rows of the stretch that it is in; what was kept at the end of it is still due.
        let _ = self.push(0, row)?;
        for at in &self.chain.breaks {
            let _ = match self.chain.steps.get(*at).map(|step| &step.operator) {
                Some(Operator::Aggregate { projection, state }) => self.finish_groups(*at, projection, *state, row)?,
                Some(Operator::Sort { kept, projection, state }) => self.finish_sort(*at, projection, kept, *state, row)?,
                _ => ControlFlow::Continue(()),
            };
        }
        Ok(())
    }

    /// Hands a row to the operator at a place of the chain, and on through those behind it.
    pub(super) fn push(&self, mut at: usize, row: &mut Row) -> Result<Flow> {
        loop {
            if let Some(tally) = at.checked_sub(1).and_then(|before| self.chain.tallies.get(before)) {
                tally.rows.set(tally.rows.get() + 1);
            }
            let Some(step) = self.chain.steps.get(at) else { return (self.sink)(row, self.chain.columns) };
            match &step.operator {
                Operator::Filter(checks) => {
                    if !self.pass(checks, row)? {
                        return Ok(Flow::Continue(()));
                    }
                }
                Operator::Project(items) => self.compute(items.iter().copied(), row)?,
                Operator::Path { slot, pattern } => {
                    let path = self.path(pattern, row)?;
                    bind(row, *slot, path);
                }
                Operator::Distinct { columns, state } => {
                    if !self.is_new(columns, *state, row)? {
                        return Ok(Flow::Continue(()));
                    }
                }
                Operator::Skip { state, .. } => {
                    if self.is_skipped(*state) {
                        return Ok(Flow::Continue(()));
                    }
                }
                Operator::Matched { state } => self.remember_match(*state),
                Operator::Limit { state, .. } => return self.limit(at, *state, row),
                Operator::Scan { slot, source } => return self.scan(at, *slot, source, row),
                Operator::Expand(expand) => return self.expand(at, expand, row),
                Operator::Ends(expand) => return self.ends(at, expand, row),
                Operator::Walk(walking) => return self.walk(at, walking, row),
                Operator::Follow(walking) => return self.follow(at, walking, row),
                Operator::Reach(walking) => return self.reach(at, walking, row),
                Operator::Shortest(shortening) => return self.shortest(at, shortening, row),
                Operator::Optional { end, slots, state } => return self.optional(at, *end, slots, *state, row),
                Operator::Unwind { list, slot } => return self.unwind(at, list, *slot, row),
                Operator::Counted { key, aggregates, groups } => return self.counted(at, *key, aggregates, groups, row),
                Operator::Aggregate { projection, state } => return self.group(at, projection, *state, row),
                Operator::Sort { kept, projection, state } => return self.keep_for_sort(at, projection, kept, *state, row),
            }
            at += 1;
        }
    }

    /// Takes a step in the name of an operator.
    #[inline]
    pub(super) fn step(&self, at: usize) -> Result<()> {
        if let Some(tally) = self.chain.tallies.get(at) {
            tally.steps.set(tally.steps.get() + 1);
        }
        self.context.meter.step()
    }

    /// Computes items into their slots.
    pub(super) fn compute<'i>(&self, items: impl Iterator<Item = &'i Item>, row: &mut Row) -> Result<()> {
        for item in items {
            let value = evaluate(&item.expression, row, self.context)?;
            bind(row, item.slot, value);
        }
        Ok(())
    }

    fn optional(&self, at: usize, end: usize, slots: &[Slot], state: usize, row: &mut Row) -> Result<Flow> {
        self.set_match(state, false);
        if self.push(at + 1, row)?.is_break() {
            return Ok(Flow::Break(()));
        }
        if self.has_match(state) {
            return Ok(Flow::Continue(()));
        }
        slots.iter().for_each(|slot| bind(row, *slot, Value::Null));
        self.push(end, row)
    }

    fn unwind(&self, at: usize, list: &Expression, slot: Slot, row: &mut Row) -> Result<Flow> {
        match evaluate(list, row, self.context)? {
            Value::Null => Ok(Flow::Continue(())),
            Value::List(items) => {
                for item in items.iter() {
                    self.step(at)?;
                    bind(row, slot, item.clone());
                    if self.push(at + 1, row)?.is_break() {
                        return Ok(Flow::Break(()));
                    }
                }
                Ok(Flow::Continue(()))
            }
            single => {
                self.step(at)?;
                bind(row, slot, single);
                self.push(at + 1, row)
            }
        }
    }

    fn counted(&self, at: usize, key: Option<Slot>, aggregates: &[Slot], groups: &[(Value, u64)], row: &mut Row) -> Result<Flow> {
        for (value, count) in groups {
            self.step(at)?;
            if let Some(key) = key {
                bind(row, key, value.clone());
            }
            let count = i64::try_from(*count).unwrap_or(i64::MAX);
            aggregates.iter().for_each(|slot| bind(row, *slot, Value::Integer(count)));
            if self.push(at + 1, row)?.is_break() {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }
}
