//! A walk under way, depth first, without recursion.

use super::nodes::other_end;
use crate::error::Result;
use crate::graph::{NodeId, Relationship};
use crate::limits::Meter;

/// The relationships of a walk, and those that are still to be tried.
#[derive(Debug, Default)]
pub(super) struct Trail {
    /// The walk.
    pub(super) path: Vec<Relationship>,
    /// The node behind each relationship of it.
    nodes: Vec<NodeId>,
    /// What may come next, for the first node, then for each of `nodes`.
    open: Vec<Relationship>,
    /// Where each of them begins in `open`.
    levels: Vec<usize>,
    /// The longest that `open` was.
    peak: usize,
}

impl Trail {
    /// Starts the list of what may come next.
    pub(super) fn descend(&mut self) {
        self.levels.push(self.open.len());
    }

    /// Adds to that list, unless the walk has the relationship already.
    pub(super) fn offer(&mut self, relationship: Relationship) {
        if !self.path.contains(&relationship) {
            self.open.push(relationship);
        }
    }

    /// Ends the list, whose first is tried first.
    pub(super) fn offered(&mut self, meter: &Meter) -> Result<()> {
        let first = self.levels.last().copied().unwrap_or_default();
        if let Some(offered) = self.open.get_mut(first..) {
            offered.reverse();
        }
        if self.open.len() > self.peak {
            meter.keep((self.open.len() - self.peak) * size_of::<Relationship>())?;
            self.peak = self.open.len();
        }
        // A long walk is looked through for each relationship.
        meter.take(self.path.len() as u64 / 64)
    }

    /// Goes on along the next relationship; nothing when all were tried. Gives the node behind it.
    pub(super) fn advance(&mut self, from: NodeId) -> Option<NodeId> {
        while let Some(level) = self.levels.last() {
            if self.open.len() > *level {
                let relationship = self.open.pop()?;
                let node = other_end(relationship, self.nodes.last().copied().unwrap_or(from));
                self.path.push(relationship);
                self.nodes.push(node);
                return Some(node);
            }
            self.levels.pop();
            self.retreat();
        }
        None
    }

    /// Goes one relationship back.
    pub(super) fn retreat(&mut self) {
        self.path.pop();
        self.nodes.pop();
    }
}
