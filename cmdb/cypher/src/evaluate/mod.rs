//! Expressions over one row.
//!
//! Predicates are computed as `Option<bool>` ([`truth`]) and everything else as [`Value`]; each of both falls back on the other.
//! Recursion is as deep as the expression is nested, which [`TextLimits`](crate::TextLimits) bounds; values are bounded where
//! they are built ([`build`]).

mod access;
mod arithmetic;
mod branch;
mod build;
mod collection;
mod concatenation;
mod labels;
mod membership;
mod pattern;
mod quantifier;
mod random;
mod relation;
#[cfg(test)]
pub(crate) mod testing;
mod truth;
mod work;

use std::collections::BTreeMap;

pub(crate) use arithmetic::add;
pub(crate) use build::{flat_list, item_room, list, text_room};
pub(crate) use membership::Memberships;
pub(crate) use pattern::Regexes;
pub(crate) use random::Random;
pub(crate) use work::{count as count_work, equal};

use crate::error::{Error, Result};
use crate::functions::Function;
use crate::graph::{PropertyGraph, Symbol};
use crate::limits::Meter;
use crate::tree::{BinaryOperator, Expression, Name, Slot, SubqueryId, SubqueryKind, UnaryOperator};
use crate::value::Value;

/// The values of all slots; those not bound yet are null.
pub(crate) type Row = Vec<Value>;

/// Answers the subqueries of expressions. A subquery starts from the row in which it stands and leaves that row as it was.
pub(crate) trait Subqueries {
    /// Whether there is a row; stops at the first.
    fn exists(&self, subquery: SubqueryId, row: &Row, context: &Context<'_>) -> Result<bool>;

    /// How many rows there are.
    fn count(&self, subquery: SubqueryId, row: &Row, context: &Context<'_>) -> Result<u64>;

    /// The only column of all rows.
    fn collect(&self, subquery: SubqueryId, row: &Row, context: &Context<'_>) -> Result<Vec<Value>>;
}

/// What expressions may ask beside their row.
pub(crate) struct Context<'a> {
    pub(crate) graph: &'a dyn PropertyGraph,
    pub(crate) parameters: &'a BTreeMap<String, Value>,
    pub(crate) meter: &'a Meter,
    pub(crate) subqueries: &'a dyn Subqueries,
    /// The graph's symbol of each name of the query; nothing where the graph has never met it.
    pub(crate) symbols: Vec<Option<Symbol>>,
    /// When the run began: what `datetime()` answers throughout.
    pub(crate) now: jiff::Timestamp,
    /// Starts empty.
    pub(crate) memberships: Memberships,
    /// Starts empty.
    pub(crate) regexes: Regexes,
    /// Starts anywhere.
    pub(crate) random: Random,
}

impl Context<'_> {
    pub(crate) fn symbol(&self, name: &Name) -> Option<Symbol> {
        self.symbols.get(name.index as usize).copied().flatten()
    }
}

/// What a slot of a row that has none is.
static NULL: Value = Value::Null;

/// The value in a slot.
fn bound(row: &Row, slot: Slot) -> &Value {
    row.get(slot.0 as usize).unwrap_or(&NULL)
}

fn bind(row: &mut Row, slot: Slot, value: Value) {
    if let Some(place) = row.get_mut(slot.0 as usize) {
        *place = value;
    }
}

/// Computes an expression. Comprehensions and the like bind their slots in `row` and leave them bound.
///
/// # Errors
/// [`Error::Value`] for values that cannot be used so, and those of the meter.
pub(crate) fn evaluate(expression: &Expression, row: &mut Row, context: &Context<'_>) -> Result<Value> {
    match expression {
        Expression::Literal(value) => Ok(value.clone()),
        Expression::Slot(slot) => Ok(bound(row, *slot).clone()),
        Expression::Property(base, name) => access::property(base, name, row, context),
        Expression::Parameter(name) => parameter(name, context).cloned(),
        Expression::Call(function, arguments) => call(function, arguments, row, context),
        Expression::List(items) => collection::list(items, row, context),
        Expression::Map(entries) => collection::map(entries, row, context),
        Expression::Index(base, index) => access::index(base, index, row, context),
        Expression::Slice(base, from, to) => access::slice(base, from.as_deref(), to.as_deref(), row, context),
        Expression::Unary(UnaryOperator::Plus, operand) => arithmetic::plus(evaluate(operand, row, context)?),
        Expression::Unary(UnaryOperator::Minus, operand) => arithmetic::minus(&evaluate(operand, row, context)?),
        Expression::Binary(operator, left, right) => binary(*operator, left, right, expression, row, context),
        Expression::Case { operand, alternatives, otherwise } => {
            branch::case(operand.as_deref(), alternatives, otherwise.as_deref(), row, context)
        }
        Expression::ListComprehension { slot, list, predicate, projection } => {
            collection::comprehension(*slot, list, predicate.as_deref(), projection.as_deref(), row, context)
        }
        Expression::Reduce { accumulator, initial, slot, list, step } => {
            collection::reduce((*accumulator, initial), (*slot, list), step, row, context)
        }
        Expression::MapProjection { base, entries } => collection::projection(base, entries, row, context),
        Expression::Subquery(SubqueryKind::Count, id) => count(*id, row, context),
        Expression::Subquery(SubqueryKind::Collect, id) => list(context.subqueries.collect(*id, row, context)?, context.meter),
        Expression::And(_)
        | Expression::Or(_)
        | Expression::Unary(UnaryOperator::Not, _)
        | Expression::IsNull { .. }
        | Expression::HasLabels(..)
        | Expression::Quantifier { .. }
        | Expression::Subquery(SubqueryKind::Exists, _) => truth::truth(expression, row, context).map(Value::from),
    }
}

/// Whether a predicate holds; null does not.
///
/// # Errors
/// [`Error::Value`] for what is neither true, false nor null.
pub(crate) fn holds(predicate: &Expression, row: &mut Row, context: &Context<'_>) -> Result<bool> {
    truth::truth(predicate, row, context).map(|truth| truth == Some(true))
}

fn parameter<'a>(name: &str, context: &Context<'a>) -> Result<&'a Value> {
    context.parameters.get(name).ok_or_else(|| Error::Parameter {
        name: name.to_owned(),
        expected: "a value".into(),
        found: "none".into(),
    })
}

fn count(subquery: SubqueryId, row: &Row, context: &Context<'_>) -> Result<Value> {
    let count = context.subqueries.count(subquery, row, context)?;
    i64::try_from(count).map(Value::from).map_err(|_| Error::value(format!("expected a count of at most {}", i64::MAX)))
}

#[inline(never)]
fn binary(
    operator: BinaryOperator,
    left: &Expression,
    right: &Expression,
    whole: &Expression,
    row: &mut Row,
    context: &Context<'_>,
) -> Result<Value> {
    use arithmetic as compute;
    let compute: fn(Value, Value, &Context<'_>) -> Result<Value> = match operator {
        BinaryOperator::Add => compute::add,
        BinaryOperator::Subtract => compute::subtract,
        BinaryOperator::Multiply => compute::multiply,
        BinaryOperator::Divide => compute::divide,
        BinaryOperator::Remainder => compute::remainder,
        BinaryOperator::Power => compute::power,
        BinaryOperator::Concatenate => compute::concatenate,
        _ => return truth::truth(whole, row, context).map(Value::from),
    };
    let left = evaluate(left, row, context)?;
    compute(left, evaluate(right, row, context)?, context)
}

/// Calls with few arguments need no room from the heap for them.
#[inline(never)]
fn call(function: &Function, arguments: &[Expression], row: &mut Row, context: &Context<'_>) -> Result<Value> {
    match arguments {
        [] => (function.call)(&[], context),
        [only] => (function.call)(&[evaluate(only, row, context)?], context),
        [first, second] => {
            let first = evaluate(first, row, context)?;
            (function.call)(&[first, evaluate(second, row, context)?], context)
        }
        _ => {
            let arguments = arguments.iter().map(|argument| evaluate(argument, row, context)).collect::<Result<Vec<_>>>()?;
            (function.call)(&arguments, context)
        }
    }
}
