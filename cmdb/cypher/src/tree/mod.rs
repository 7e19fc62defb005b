//! A query as it is understood: names resolved to slots, aggregates apart, nothing left that writes.

mod expression;
mod pattern;

use std::sync::Arc;

pub(crate) use expression::{
    AggregateCall, BinaryOperator, Expression, ProjectedEntry, QuantifierKind, SubqueryId, SubqueryKind, UnaryOperator,
};
pub(crate) use pattern::{LabelExpression, NodePattern, PathPattern, Pattern, Shortest, StepPattern, Walk};

/// A variable's place in a row. Every binding of the whole query has its own, also inside comprehensions and subqueries, so
/// that one wide row serves all of them: an inner scope sees the outer variables where they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Slot(pub(crate) u32);

/// A label, relationship type or property key, to be looked up in a graph once per run.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Name {
    pub(crate) text: Arc<str>,
    /// Its place in [`Query::names`].
    pub(crate) index: u32,
}

/// Whether to run a query or to describe it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Run,
    Explain,
    Profile,
}

/// A whole query.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    pub(crate) mode: Mode,
    pub(crate) body: Body,
    /// Bodies of the subqueries, pattern predicates and pattern comprehensions in its expressions, by [`SubqueryId`].
    pub(crate) subqueries: Vec<Body>,
    /// Names of the columns, as written.
    pub(crate) columns: Vec<Arc<str>>,
    /// How many slots a row has.
    pub(crate) slots: usize,
    /// The name of each slot for plans; anonymous ones have none.
    pub(crate) slot_names: Vec<Option<Arc<str>>>,
    /// Every [`Name`], by its index.
    pub(crate) names: Vec<Arc<str>>,
    /// Every parameter that is used.
    pub(crate) parameters: Vec<Arc<str>>,
}

/// One or several parts joined by UNION.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    pub(crate) parts: Vec<Part>,
    /// Whether rows that came before are left out (UNION, not UNION ALL); means nothing with one part.
    pub(crate) distinct: bool,
}

/// Clauses from the first to RETURN.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) clauses: Vec<Clause>,
    /// The slots of RETURN's columns, in order; empty in the body of EXISTS or COUNT that has no RETURN.
    pub(crate) columns: Vec<Slot>,
}

/// One reading clause.
#[derive(Debug, Clone)]
pub(crate) enum Clause {
    /// MATCH; conjunctions in its predicate are apart.
    Match {
        optional: bool,
        pattern: Pattern,
        predicate: Vec<Expression>,
    },
    Unwind {
        list: Expression,
        slot: Slot,
    },
    /// WITH and RETURN.
    Project(Projection),
}

/// What WITH or RETURN makes of its rows, in this order: group (where there are aggregates), compute items, leave out
/// duplicates, sort, skip, limit, filter.
#[derive(Debug, Clone)]
pub(crate) struct Projection {
    /// Where not empty, or where `grouped`: rows with equal group keys become one.
    pub(crate) aggregates: Vec<AggregateCall>,
    /// Whether rows are grouped: there is an aggregate in an item or sort key.
    pub(crate) grouped: bool,
    /// The grouping keys (the items without aggregates), computed before grouping into the slot of the item. Empty unless
    /// `grouped`; with no key at all, an empty input still gives one row.
    pub(crate) keys: Vec<Item>,
    /// The other items: all of them where nothing is grouped, else those that use aggregates' slots.
    pub(crate) items: Vec<Item>,
    /// The slots that are seen afterwards, in the order of the columns; DISTINCT compares these.
    pub(crate) columns: Vec<Slot>,
    pub(crate) distinct: bool,
    /// May use the slots before the projection (unless grouped or distinct) and those of the items.
    pub(crate) order: Vec<SortKey>,
    pub(crate) skip: Option<Expression>,
    pub(crate) limit: Option<Expression>,
    /// WITH's WHERE; conjunctions apart.
    pub(crate) predicate: Vec<Expression>,
}

/// An expression and where its value goes.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) expression: Expression,
    pub(crate) slot: Slot,
}

/// A key of ORDER BY.
#[derive(Debug, Clone)]
pub(crate) struct SortKey {
    pub(crate) expression: Expression,
    pub(crate) descending: bool,
    /// Whether nulls come first; by default they are the largest value.
    pub(crate) nulls_first: Option<bool>,
}
