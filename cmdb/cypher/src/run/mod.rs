//! Operators over rows.
//!
//! A row is changed in place: an operator binds a slot, hands the row on, and binds the next. Only operators that keep rows
//! (sorting, grouping, DISTINCT, the answer) copy what they need. How deep calls lie inside each other depends on the query's
//! length alone, which [`TextLimits`](crate::TextLimits) bounds, and on nothing in the graph.

mod aggregation;
mod checks;
mod distinct;
mod execution;
mod expand;
mod grouping;
mod node_map;
mod nodes;
mod page;
mod paths;
mod reach;
mod scan;
mod shortest;
mod sort;
mod state;
mod subqueries;
mod trail;
mod walk;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

pub use crate::plan::PlanDescription;

use crate::error::{Error, Result};
use crate::evaluate::{Context, Memberships, Random, Regexes, Row};
use crate::graph::PropertyGraph;
use crate::limits::Meter;
use crate::plan::{Planner, Reads, describe};
use crate::statement::Answer;
use crate::tree::{Mode, Query};
use crate::value::Value;
use subqueries::Planned;

/// Whether more rows are wanted.
type Flow = ControlFlow<()>;

/// Answers a query.
pub(crate) fn run(
    query: &Query,
    reads: &Reads,
    graph: &dyn PropertyGraph,
    parameters: &BTreeMap<String, Value>,
    meter: &Meter,
) -> Result<Answer> {
    if let Some(name) = query.parameters.iter().find(|name| !parameters.contains_key(&***name)) {
        return Err(Error::Parameter { name: name.to_string(), expected: "a value".into(), found: "none".into() });
    }
    let symbols: Vec<_> = query.names.iter().map(|name| graph.symbol(name)).collect();
    let profiled = query.mode == Mode::Profile;
    let plan = Planner::new(query, reads, graph, parameters, &symbols, profiled).plan();
    let columns = query.columns.clone();
    if query.mode == Mode::Explain {
        return Ok(Answer { columns, rows: Vec::new(), plan: Some(describe(&plan, query, graph)) });
    }
    let planned = Planned::new(&plan.subqueries, query.slots);
    let context = Context {
        graph,
        parameters,
        meter,
        subqueries: &planned,
        symbols,
        now: jiff::Timestamp::now(),
        memberships: Memberships::default(),
        regexes: Regexes::default(),
        random: Random::default(),
    };
    let rows = answer(&plan.body, query, &context)?;
    let plan = profiled.then(|| describe(&plan, query, graph));
    Ok(Answer { columns, rows, plan })
}

fn answer(body: &crate::plan::BodyPlan<'_>, query: &Query, context: &Context<'_>) -> Result<Vec<Vec<Value>>> {
    let rows = RefCell::new(Vec::new());
    let limit = context.meter.limits().rows;
    execution::run_body(body, &mut vec![Value::Null; query.slots], context, &|row: &mut Row, columns| {
        let mut rows = rows.borrow_mut();
        if rows.len() as u64 >= limit {
            return Err(Error::Limit { what: "the number of rows of the answer", limit });
        }
        let mut bytes = size_of::<Vec<Value>>();
        let mut answer = Vec::with_capacity(columns.len());
        for column in columns {
            let value = nodes::value(row, *column).clone();
            bytes += value.size();
            answer.push(value);
        }
        context.meter.keep(bytes)?;
        rows.push(answer);
        Ok(Flow::Continue(()))
    })?;
    Ok(rows.into_inner())
}

#[cfg(test)]
mod tests;
