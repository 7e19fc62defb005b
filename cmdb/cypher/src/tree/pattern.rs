//! What MATCH looks for.

use super::{Expression, Name, Slot};
use crate::graph::Direction;

/// Paths that hold together; no relationship is used twice among all of them.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    pub(crate) paths: Vec<PathPattern>,
}

/// Nodes joined by steps: one step less than nodes.
#[derive(Debug, Clone)]
pub(crate) struct PathPattern {
    /// Where the whole path goes.
    pub(crate) binding: Option<Slot>,
    /// `shortestPath` and `allShortestPaths`; the pattern then has one step.
    pub(crate) shortest: Option<Shortest>,
    pub(crate) nodes: Vec<NodePattern>,
    pub(crate) steps: Vec<StepPattern>,
}

/// Which of the shortest paths are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shortest {
    /// One of them.
    One,
    /// All of them.
    All,
}

/// A node of a path. Anonymous ones have a slot too.
#[derive(Debug, Clone)]
pub(crate) struct NodePattern {
    pub(crate) slot: Slot,
    pub(crate) labels: Option<LabelExpression>,
    /// Each key must equal its value.
    pub(crate) properties: Vec<(Name, Expression)>,
    /// WHERE inside of the brackets; conjunctions apart.
    pub(crate) predicate: Vec<Expression>,
}

/// A relationship, or a walk of several, between two nodes.
#[derive(Debug, Clone)]
pub(crate) struct StepPattern {
    /// Gets the relationship, or the list of them where this is a walk.
    pub(crate) slot: Slot,
    /// As written, from the node before to the node behind.
    pub(crate) direction: Direction,
    /// Of any type where nothing is given.
    pub(crate) kinds: Option<LabelExpression>,
    /// Nothing for exactly one relationship that is no list.
    pub(crate) walk: Option<Walk>,
    /// Hold for each relationship.
    pub(crate) properties: Vec<(Name, Expression)>,
    pub(crate) predicate: Vec<Expression>,
}

/// How many relationships a walk has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Walk {
    pub(crate) least: u64,
    pub(crate) most: Option<u64>,
}

/// Which labels or types are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LabelExpression {
    Name(Name),
    /// `%`: at least one.
    Any,
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
}
