//! Finds each end of a walk once, breadth first. Takes as many steps as there are relationships, where walks without a
//! repeated relationship can be exponentially many.

use std::collections::hash_map::Entry;

use super::Flow;
use super::execution::Execution;
use super::node_map::{BYTES_PER_ENTRY, NodeMap};
use super::nodes::{node, other_end};
use crate::error::Result;
use crate::evaluate::Row;
use crate::graph::{Direction, NodeId, Relationship};
use crate::plan::Walking;

/// How a node was reached first.
#[derive(Clone, Copy)]
struct Reached {
    depth: u64,
    /// The number of the relationship of the start by which it was reached.
    branch: usize,
}

/// A search under way.
struct Search {
    from: NodeId,
    most: u64,
    reached: NodeMap<Reached>,
    /// The relationships of the start that led to new nodes.
    branches: Vec<Relationship>,
    /// Whether the start was handed on.
    closed: bool,
}

/// The start's own branch.
const NO_BRANCH: usize = usize::MAX;

impl Search {
    /// Whether a relationship to a node that was reached before closes a way around from the start to the start that is
    /// short enough and takes no relationship twice.
    ///
    /// The shortest such way is a circle. Along the arrows it ends with a relationship to the start. Both ways it is made of
    /// two branches and one relationship between them, and two branches have no node in common but the start.
    fn closes(&self, direction: Direction, relationship: Relationship, near: (NodeId, Reached), far: (NodeId, Reached)) -> bool {
        let short = near.1.depth.saturating_add(far.1.depth) < self.most;
        let back = far.0 == self.from;
        short
            && match direction {
                Direction::Outgoing | Direction::Incoming => back,
                Direction::Both if back => self.branches.get(near.1.branch) != Some(&relationship),
                Direction::Both => near.1.branch != far.1.branch,
            }
    }
}

impl Execution<'_, '_> {
    /// Binds each node at the end of a walk of at least 0 or 1 relationships.
    pub(super) fn reach(&self, at: usize, walking: &Walking<'_>, row: &mut Row) -> Result<Flow> {
        let expand = &walking.expand;
        let Some(from) = node(row, expand.from)? else { return Ok(Flow::Continue(())) };
        let into = if expand.to_bound { node(row, expand.to)? } else { None };
        if expand.to_bound && into.is_none() {
            return Ok(Flow::Continue(()));
        }
        let closed = walking.walk.least == 0;
        if closed && self.arrive(at, walking, into, from, &[], row)?.is_break() {
            return Ok(Flow::Break(()));
        }
        let most = walking.walk.most.unwrap_or(u64::MAX);
        let mut search = Search { from, most, reached: NodeMap::default(), branches: Vec::new(), closed };
        search.reached.insert(from, Reached { depth: 0, branch: NO_BRANCH });
        let (mut frontier, mut next) = (vec![from], Vec::new());
        for _ in 0..most {
            for node in frontier.drain(..) {
                if self.reach_from(at, walking, node, into, &mut search, &mut next, row)?.is_break() {
                    return Ok(Flow::Break(()));
                }
            }
            if next.is_empty() {
                break;
            }
            std::mem::swap(&mut frontier, &mut next);
        }
        Ok(Flow::Continue(()))
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one search that are borrowed apart")]
    fn reach_from(
        &self,
        at: usize,
        walking: &Walking<'_>,
        node: NodeId,
        into: Option<NodeId>,
        search: &mut Search,
        next: &mut Vec<NodeId>,
        row: &mut Row,
    ) -> Result<Flow> {
        let Some(near) = search.reached.get(&node).copied() else { return Ok(Flow::Continue(())) };
        self.visit(node, &walking.expand, &mut |relationship| {
            self.step(at)?;
            if !self.may_follow(walking, relationship, row)? {
                return Ok(Flow::Continue(()));
            }
            let to = other_end(relationship, node);
            match search.reached.entry(to) {
                Entry::Vacant(place) => {
                    self.context.meter.keep(BYTES_PER_ENTRY)?;
                    let mut branch = near.branch;
                    if branch == NO_BRANCH {
                        branch = search.branches.len();
                        search.branches.push(relationship);
                    }
                    place.insert(Reached { depth: near.depth + 1, branch });
                    next.push(to);
                    self.arrive(at, walking, into, to, &[], row)
                }
                Entry::Occupied(far) => {
                    let far = (to, *far.get());
                    if !search.closed && search.closes(walking.expand.direction, relationship, (node, near), far) {
                        search.closed = true;
                        return self.arrive(at, walking, into, search.from, &[], row);
                    }
                    Ok(Flow::Continue(()))
                }
            }
        })
    }
}
