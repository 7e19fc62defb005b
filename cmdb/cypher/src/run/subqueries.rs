//! Subqueries inside of expressions.

use std::cell::{Cell, RefCell};

use super::Flow;
use super::execution::run_body;
use super::nodes::{bind, value};
use crate::error::Result;
use crate::evaluate::{Context, Row, Subqueries};
use crate::plan::BodyPlan;
use crate::tree::{Slot, SubqueryId};
use crate::value::Value;

/// The plans of all subqueries of a query.
pub(super) struct Planned<'p, 'q> {
    bodies: &'p [BodyPlan<'q>],
    slots: usize,
    /// Rows that are not in use, so that a subquery makes none for each row.
    spare: RefCell<Vec<Row>>,
}

impl<'p, 'q> Planned<'p, 'q> {
    pub(super) fn new(bodies: &'p [BodyPlan<'q>], slots: usize) -> Self {
        Self { bodies, slots, spare: RefCell::default() }
    }

    /// Runs a subquery on a row that has what it reads of the surrounding one.
    fn run(
        &self,
        subquery: SubqueryId,
        row: &Row,
        context: &Context<'_>,
        sink: &dyn Fn(&mut Row, &[Slot]) -> Result<Flow>,
    ) -> Result<()> {
        let Some(body) = self.bodies.get(subquery.0 as usize) else { return Ok(()) };
        let spare = self.spare.borrow_mut().pop();
        let mut inner = spare.unwrap_or_else(|| vec![Value::Null; self.slots]);
        for slot in &body.inputs {
            bind(&mut inner, *slot, value(row, *slot).clone());
        }
        run_body(body, &mut inner, context, sink)?;
        self.spare.borrow_mut().push(inner);
        Ok(())
    }
}

impl Subqueries for Planned<'_, '_> {
    fn exists(&self, subquery: SubqueryId, row: &Row, context: &Context<'_>) -> Result<bool> {
        let found = Cell::new(false);
        self.run(subquery, row, context, &|_, _| {
            found.set(true);
            Ok(Flow::Break(()))
        })?;
        Ok(found.get())
    }

    fn count(&self, subquery: SubqueryId, row: &Row, context: &Context<'_>) -> Result<u64> {
        let count = Cell::new(0_u64);
        self.run(subquery, row, context, &|_, _| {
            count.set(count.get() + 1);
            Ok(Flow::Continue(()))
        })?;
        Ok(count.get())
    }

    fn collect(&self, subquery: SubqueryId, row: &Row, context: &Context<'_>) -> Result<Vec<Value>> {
        let values = RefCell::new(Vec::new());
        self.run(subquery, row, context, &|row, columns| {
            if let Some(column) = columns.first() {
                let value = value(row, *column).clone();
                context.meter.keep(value.size())?;
                values.borrow_mut().push(value);
            }
            Ok(Flow::Continue(()))
        })?;
        Ok(values.into_inner())
    }
}
