//! What operators remember while rows pass.

use super::aggregation::Groups;
use super::grouping::Grouping;
use super::page::row_count;
use super::sort::Sorter;
use super::table::Table;
use crate::error::Result;
use crate::evaluate::{Context, Row};
use crate::plan::{Operator, Source};
use std::rc::Rc;

/// The memory of one operator.
pub(super) enum State {
    /// Of DISTINCT.
    Seen(Grouping),
    /// Of an aggregation.
    Groups(Groups),
    /// Of sorting.
    Sorter(Sorter),
    /// Of SKIP and LIMIT: how many rows are still to be left out, or let through.
    Left(u64),
    /// Of a scan by a property that the graph has no index of.
    Table(Option<Rc<Table>>),
    /// Of OPTIONAL MATCH: whether something was found.
    Matched(bool),
}

impl State {
    /// What an operator remembers before the first row; nothing for most, and for the end of an OPTIONAL MATCH, which shares
    /// its beginning's.
    pub(super) fn of(operator: &Operator<'_>, row: &mut Row, context: &Context<'_>) -> Result<Option<Self>> {
        Ok(Some(match operator {
            Operator::Distinct { .. } => Self::Seen(Grouping::default()),
            Operator::Aggregate { .. } => Self::Groups(Groups::default()),
            Operator::Sort { projection, .. } => Self::Sorter(Sorter::start(projection, row, context)?),
            Operator::Skip { count, .. } => Self::Left(row_count("SKIP", count, row, context)?),
            Operator::Limit { count, .. } => Self::Left(row_count("LIMIT", count, row, context)?),
            Operator::Scan { source: Source::Table { .. }, .. } => Self::Table(None),
            Operator::Optional { .. } => Self::Matched(false),
            _ => return Ok(None),
        }))
    }
}
