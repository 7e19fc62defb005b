//! What a plan is made of.

use std::cell::Cell;

use crate::graph::{Direction, Symbol};
use crate::tree::{Expression, Item, LabelExpression, Name, PathPattern, Projection, Shortest, Slot, Walk};
use crate::value::Value;

/// The plan of a [`Body`](crate::tree::Body).
#[derive(Debug, Default)]
pub(crate) struct BodyPlan<'q> {
    pub(crate) parts: Vec<Chain<'q>>,
    /// Whether rows that came before are left out.
    pub(crate) distinct: bool,
    /// The slots of the surrounding row that it reads.
    pub(crate) inputs: Vec<Slot>,
}

/// Operators in the order in which a row passes them. Most change the row in place and hand it on, as often as they find
/// something; those in `breaks` keep what comes and hand rows on when no more come.
#[derive(Debug)]
pub(crate) struct Chain<'q> {
    pub(crate) steps: Vec<Step<'q>>,
    pub(crate) breaks: Vec<usize>,
    pub(crate) columns: &'q [Slot],
    /// How many of the operators remember something while rows pass.
    pub(crate) states: usize,
    /// Rows and steps of each operator, where the query is profiled.
    pub(crate) tallies: Vec<Tally>,
}

/// What an operator did.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) rows: Cell<u64>,
    pub(crate) steps: Cell<u64>,
}

/// An operator with the number of rows that it is expected to hand on.
#[derive(Debug)]
pub(crate) struct Step<'q> {
    pub(crate) operator: Operator<'q>,
    pub(crate) estimate: f64,
}

/// What is done with a row.
#[derive(Debug)]
pub(crate) enum Operator<'q> {
    /// Binds a node.
    Scan { slot: Slot, source: Source<'q> },
    /// Lets the row pass when all hold.
    Filter(Vec<Check<'q>>),
    /// Follows one relationship.
    Expand(Expand<'q>),
    /// Finds the ends of a relationship that is already bound.
    Ends(Expand<'q>),
    /// Follows several relationships.
    Walk(Walking<'q>),
    /// Follows a list of relationships that is already bound.
    Follow(Walking<'q>),
    /// Finds each node at the end of a walk once.
    Reach(Walking<'q>),
    /// Finds shortest paths between two bound nodes.
    Shortest(Shortening<'q>),
    /// Binds a whole path.
    Path { slot: Slot, pattern: &'q PathPattern },
    /// Hands the row to the operators up to `end`, and if none comes through, hands it on behind `end` with null in `slots`.
    Optional { end: usize, slots: Vec<Slot>, state: usize },
    /// The end of an [`Operator::Optional`]: remembers that a row came through.
    Matched { state: usize },
    /// Binds each item of a list.
    Unwind { list: &'q Expression, slot: Slot },
    /// Computes items.
    Project(Vec<&'q Item>),
    /// Leaves out rows that came before.
    Distinct { columns: &'q [Slot], state: usize },
    /// Makes one row of those with equal keys.
    Aggregate { projection: &'q Projection, state: usize },
    /// Sorts, and keeps what SKIP and LIMIT leave.
    Sort { projection: &'q Projection, state: usize },
    /// Leaves out the first rows.
    Skip { count: &'q Expression, state: usize },
    /// Lets only the first rows pass.
    Limit { count: &'q Expression, state: usize },
    /// Aggregates whose values the graph keeps.
    Counted { key: Option<Slot>, aggregates: Vec<Slot>, groups: Vec<(Value, u64)> },
}

/// Where a scan finds its nodes.
#[derive(Debug, Clone)]
pub(crate) enum Source<'q> {
    /// Nothing can match.
    Nothing,
    All,
    Label(Symbol),
    /// The nodes whose property equals one of these values; no two of them are equal.
    Values {
        key: Symbol,
        values: Vec<Value>,
        written: &'q Expression,
        many: bool,
    },
    /// The same for a value (or list of values, where `many`) that is only known when the row is there.
    Seek {
        key: Symbol,
        value: &'q Expression,
        many: bool,
        otherwise: Box<Self>,
    },
}

/// Something that must hold.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Check<'q> {
    Expression(&'q Expression),
    /// The slot holds a node.
    Node(Slot),
    Labels(Slot, &'q LabelExpression),
    /// A property of the node or relationship equals a value.
    Property(Slot, &'q Name, &'q Expression),
    /// The same for each entry of a map.
    Properties(Slot, &'q Expression),
}

/// One step of a pattern, in the direction in which it is followed.
#[derive(Debug, Clone)]
pub(crate) struct Expand<'q> {
    pub(crate) from: Slot,
    pub(crate) to: Slot,
    /// Whether `from` is bound; only [`Operator::Ends`] can do without.
    pub(crate) from_bound: bool,
    pub(crate) to_bound: bool,
    pub(crate) slot: Slot,
    pub(crate) direction: Direction,
    pub(crate) kinds: Kinds<'q>,
    /// Relationships, or lists of them, that must be others than this one.
    pub(crate) others: Vec<Slot>,
}

/// Several steps.
#[derive(Debug, Clone)]
pub(crate) struct Walking<'q> {
    pub(crate) expand: Expand<'q>,
    pub(crate) walk: Walk,
    /// Hold for each relationship, which is in `expand.slot` meanwhile.
    pub(crate) each: Vec<Check<'q>>,
    /// Whether it is followed against the direction of writing.
    pub(crate) reversed: bool,
    /// Whether the list of relationships is wanted.
    pub(crate) listed: bool,
}

/// `shortestPath` and `allShortestPaths` between two bound nodes.
#[derive(Debug)]
pub(crate) struct Shortening<'q> {
    pub(crate) walking: Walking<'q>,
    pub(crate) shortest: Shortest,
    pub(crate) pattern: &'q PathPattern,
    /// Hold for the whole path.
    pub(crate) checks: Vec<Check<'q>>,
}

/// Which relationships may be followed.
#[derive(Debug, Clone)]
pub(crate) struct Kinds<'q> {
    /// No relationship of the graph can be meant.
    pub(crate) none: bool,
    /// Only these; all where empty.
    pub(crate) symbols: Vec<Symbol>,
    /// What the type must fulfil beside that.
    pub(crate) check: Option<&'q LabelExpression>,
    pub(crate) written: Option<&'q LabelExpression>,
}
