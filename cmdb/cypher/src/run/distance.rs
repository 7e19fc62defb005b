//! How far nodes are from each other, breadth first.

use super::Flow;
use super::execution::Execution;
use super::node_map::{BYTES_PER_ENTRY, NodeMap};
use super::nodes::other_end;
use crate::error::Result;
use crate::evaluate::Row;
use crate::graph::NodeId;
use crate::plan::{Expand, Walking, against};

/// A search from one node outwards.
struct Front<'w> {
    walking: Walking<'w>,
    /// How far each node is that was found.
    distances: NodeMap<u64>,
    /// Those that are `depth` away.
    edge: Vec<NodeId>,
    depth: u64,
}

impl<'w> Front<'w> {
    fn new(walking: Walking<'w>, node: NodeId) -> Self {
        Self { walking, distances: NodeMap::from_iter([(node, 0)]), edge: vec![node], depth: 0 }
    }

    fn backwards(walking: &Walking<'w>, node: NodeId) -> Self {
        let expand = Expand { direction: against(walking.expand.direction), ..walking.expand.clone() };
        Self::new(Walking { expand, ..walking.clone() }, node)
    }

    /// Whether a node was found, and so far away.
    fn has(&self, node: NodeId, distance: u64) -> bool {
        self.distances.get(&node) == Some(&distance)
    }
}

impl Execution<'_, '_> {
    /// How long the shortest walk between two nodes is, at most as long as wanted, and how far the nodes of every walk of
    /// that length are from its end.
    ///
    /// It is looked for from both ends, each time from the one with the smaller edge.
    pub(super) fn meet(
        &self,
        at: usize,
        walking: &Walking<'_>,
        from: NodeId,
        to: NodeId,
        row: &mut Row,
    ) -> Result<Option<(u64, NodeMap<u64>)>> {
        let (mut ahead, mut back) = (Front::new(walking.clone(), from), Front::backwards(walking, to));
        let most = walking.walk.most.unwrap_or(u64::MAX);
        let mut met = from == to;
        while !met {
            if ahead.edge.is_empty() || back.edge.is_empty() || ahead.depth + back.depth >= most {
                return Ok(None);
            }
            let (near, far) = if ahead.edge.len() < back.edge.len() { (&mut ahead, &back) } else { (&mut back, &ahead) };
            self.widen(at, near, row, |_| true)?;
            met = near.edge.iter().any(|node| far.distances.contains_key(node));
        }
        let length = ahead.depth + back.depth;
        // From where both met, back to the start along the nodes that the search from there has found.
        let (edge, depth) = (std::mem::take(&mut ahead.edge), back.depth);
        back.edge = edge.into_iter().filter(|node| back.has(*node, depth)).collect();
        for distance in (0..ahead.depth).rev() {
            self.widen(at, &mut back, row, |node| ahead.has(node, distance))?;
        }
        Ok(Some((length, back.distances)))
    }

    /// How far every node is from `to`, if it can be reached from there at all.
    pub(super) fn distances_to(&self, at: usize, walking: &Walking<'_>, to: NodeId, row: &mut Row) -> Result<NodeMap<u64>> {
        let mut back = Front::backwards(walking, to);
        while !back.edge.is_empty() {
            self.widen(at, &mut back, row, |_| true)?;
        }
        Ok(back.distances)
    }

    /// Looks one relationship further, for nodes that are wanted.
    fn widen(&self, at: usize, front: &mut Front<'_>, row: &mut Row, wanted: impl Fn(NodeId) -> bool) -> Result<()> {
        front.depth += 1;
        let Front { walking, distances, edge, depth } = front;
        for node in std::mem::take(edge) {
            let _ = self.visit(node, &walking.expand, &mut |relationship| {
                self.step(at)?;
                let next = other_end(relationship, node);
                if !distances.contains_key(&next) && wanted(next) && self.may_follow(walking, relationship, row)? {
                    self.context.meter.keep(BYTES_PER_ENTRY)?;
                    distances.insert(next, *depth);
                    edge.push(next);
                }
                Ok(Flow::Continue(()))
            })?;
        }
        Ok(())
    }
}
