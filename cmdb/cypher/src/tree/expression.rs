//! What is computed from one row.

use std::sync::Arc;

use super::{LabelExpression, Name, Slot};
use crate::functions::{Aggregate, Function};
use crate::value::Value;

/// A subquery's place in [`Query::subqueries`](super::Query::subqueries).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SubqueryId(pub(crate) u32);

/// An expression. Equality is that of the text's meaning, letter by letter.
#[derive(Debug, Clone)]
pub(crate) enum Expression {
    Literal(Value),
    Parameter(Arc<str>),
    Slot(Slot),
    List(Vec<Self>),
    Map(Vec<(Arc<str>, Self)>),
    Property(Box<Self>, Name),
    /// `list[index]`, `map[key]`, `node[key]`.
    Index(Box<Self>, Box<Self>),
    /// `list[from..to]`.
    Slice(Box<Self>, Option<Box<Self>>, Option<Box<Self>>),
    Unary(UnaryOperator, Box<Self>),
    /// `a AND b AND c`, in three-valued logic.
    And(Vec<Self>),
    Or(Vec<Self>),
    /// Every other operator with two sides. Chains such as `a < b < c` were made an [`Expression::And`].
    Binary(BinaryOperator, Box<Self>, Box<Self>),
    IsNull {
        operand: Box<Self>,
        negated: bool,
    },
    /// `n:Label`, `r:TYPE`; null for null.
    HasLabels(Box<Self>, LabelExpression),
    /// A function that is no aggregate.
    Call(&'static Function, Vec<Self>),
    /// `CASE operand WHEN .. THEN ..`; without operand each WHEN is a predicate.
    Case {
        operand: Option<Box<Self>>,
        alternatives: Vec<(Self, Self)>,
        otherwise: Option<Box<Self>>,
    },
    /// `[slot IN list WHERE predicate | projection]`.
    ListComprehension {
        slot: Slot,
        list: Box<Self>,
        predicate: Option<Box<Self>>,
        projection: Option<Box<Self>>,
    },
    /// `all(slot IN list WHERE predicate)` and the others.
    Quantifier {
        kind: QuantifierKind,
        slot: Slot,
        list: Box<Self>,
        predicate: Box<Self>,
    },
    /// `reduce(accumulator = initial, slot IN list | step)`.
    Reduce {
        accumulator: Slot,
        initial: Box<Self>,
        slot: Slot,
        list: Box<Self>,
        step: Box<Self>,
    },
    /// `base {.key, .*, key: value}`; null for a null base.
    MapProjection {
        base: Box<Self>,
        entries: Vec<ProjectedEntry>,
    },
    /// EXISTS, COUNT, COLLECT, pattern predicates (EXISTS) and pattern comprehensions (COLLECT of one column).
    Subquery(SubqueryKind, SubqueryId),
}

/// What a map projection takes over.
#[derive(Debug, Clone)]
pub(crate) enum ProjectedEntry {
    /// `.key`
    Property(Name),
    /// `.*`
    All,
    /// `key: value`, and `variable` as `variable: variable`.
    Entry(Arc<str>, Expression),
}

/// What a subquery's rows become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SubqueryKind {
    /// Whether there is one.
    Exists,
    /// How many there are.
    Count,
    /// The list of their only column.
    Collect,
}

/// Which items of a list must fulfil a predicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QuantifierKind {
    All,
    Any,
    None,
    Single,
}

/// An operator with one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnaryOperator {
    Plus,
    Minus,
    Not,
}

/// An operator with two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BinaryOperator {
    Xor,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Matches,
    In,
    StartsWith,
    EndsWith,
    Contains,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    Concatenate,
}

/// An aggregate in an item or sort key, computed over the rows of a group.
#[derive(Debug, Clone)]
pub(crate) struct AggregateCall {
    pub(crate) aggregate: &'static Aggregate,
    pub(crate) distinct: bool,
    /// Empty for `count(*)`. The second of the percentile functions is the same for all rows.
    pub(crate) arguments: Vec<Expression>,
    /// Where its value goes.
    pub(crate) slot: Slot,
}
