//! Expressions over one row.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::graph::{PropertyGraph, Symbol};
use crate::limits::Meter;
use crate::tree::{Expression, Name, SubqueryId};
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
}

impl Context<'_> {
    pub(crate) fn symbol(&self, name: &Name) -> Option<Symbol> {
        self.symbols.get(name.index as usize).copied().flatten()
    }
}

/// Computes an expression. Comprehensions and the like bind their slots in `row` and leave them bound.
pub(crate) fn evaluate(expression: &Expression, row: &mut Row, context: &Context<'_>) -> Result<Value> {
    let _ = (expression, row, context);
    Ok(Value::Null)
}

/// Whether a predicate holds; null does not.
///
/// # Errors
/// [`Error::Value`](crate::Error::Value) for what is neither true, false nor null.
pub(crate) fn holds(predicate: &Expression, row: &mut Row, context: &Context<'_>) -> Result<bool> {
    Ok(matches!(evaluate(predicate, row, context)?, Value::Boolean(true)))
}
