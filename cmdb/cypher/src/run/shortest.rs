//! Shortest paths between two nodes.

use super::Flow;
use super::execution::Execution;
use super::node_map::NodeMap;
use super::nodes::{bind, node, other_end};
use super::trail::Trail;
use super::walk::list;
use crate::error::Result;
use crate::evaluate::Row;
use crate::graph::NodeId;
use crate::plan::Shortening;
use crate::tree::Shortest;
use crate::value::{Path, Value};

/// What a search for paths of one length found.
struct Found {
    flow: Flow,
    /// Whether a path fulfilled everything.
    any: bool,
    /// Whether a path was given up because of its length.
    cut: bool,
}

impl Execution<'_, '_> {
    /// Hands on a row for the shortest path that fulfils everything, or for each of that length.
    pub(super) fn shortest(&self, at: usize, shortening: &Shortening<'_>, row: &mut Row) -> Result<Flow> {
        let walking = &shortening.walking;
        let (expand, walk) = (&walking.expand, walking.walk);
        let (Some(from), Some(to)) = (node(row, expand.from)?, node(row, expand.to)?) else {
            return Ok(Flow::Continue(()));
        };
        if from == to && walk.least > 0 {
            return Ok(Flow::Continue(()));
        }
        let most = walk.most.unwrap_or(u64::MAX);
        let Some((shortest, left)) = self.meet(at, walking, from, to, row)? else { return Ok(Flow::Continue(())) };
        if shortest >= walk.least {
            let found = self.paths_of_length(at, shortening, from, shortest, &left, row)?;
            if found.any || shortening.checks.is_empty() {
                return Ok(found.flow);
            }
        }
        let left = self.distances_to(at, walking, to, row)?;
        let mut length = walk.least.max(shortest + 1);
        while length <= most {
            let found = self.paths_of_length(at, shortening, from, length, &left, row)?;
            if found.any || !found.cut {
                return Ok(found.flow);
            }
            length += 1;
        }
        Ok(Flow::Continue(()))
    }

    /// Hands on the paths of exactly one length, no relationship twice.
    fn paths_of_length(
        &self,
        at: usize,
        shortening: &Shortening<'_>,
        from: NodeId,
        length: u64,
        left: &NodeMap<u64>,
        row: &mut Row,
    ) -> Result<Found> {
        let mut found = Found { flow: Flow::Continue(()), any: false, cut: false };
        let mut trail = Trail::default();
        if length == 0 {
            self.arrive_by(at, shortening, from, &trail, row, &mut found)?;
            found.cut = true;
            return Ok(found);
        }
        self.open_towards(at, shortening, (from, length), left, &mut trail, (row, &mut found))?;
        while let Some(node) = trail.advance(from) {
            let rest = length.saturating_sub(trail.path.len() as u64);
            if rest > 0 {
                self.open_towards(at, shortening, (node, rest), left, &mut trail, (row, &mut found))?;
                continue;
            }
            found.cut = true;
            self.arrive_by(at, shortening, from, &trail, row, &mut found)?;
            if found.flow.is_break() || (found.any && shortening.shortest == Shortest::One) {
                break;
            }
            trail.retreat();
        }
        Ok(found)
    }

    /// Puts those relationships on the trail that lead to the end within the length that is left.
    fn open_towards(
        &self,
        at: usize,
        shortening: &Shortening<'_>,
        (node, rest): (NodeId, u64),
        left: &NodeMap<u64>,
        trail: &mut Trail,
        (row, found): (&mut Row, &mut Found),
    ) -> Result<()> {
        trail.descend();
        let _ = self.visit(node, &shortening.walking.expand, &mut |relationship| {
            self.step(at)?;
            match left.get(&other_end(relationship, node)) {
                Some(distance) if *distance >= rest => found.cut = true,
                Some(_) if self.may_follow(&shortening.walking, relationship, row)? => trail.offer(relationship),
                _ => {}
            }
            Ok(Flow::Continue(()))
        })?;
        trail.offered(self.context.meter)
    }

    fn arrive_by(
        &self,
        at: usize,
        shortening: &Shortening<'_>,
        from: NodeId,
        trail: &Trail,
        row: &mut Row,
        found: &mut Found,
    ) -> Result<()> {
        let walking = &shortening.walking;
        bind(row, walking.expand.slot, list(&trail.path, false));
        if let Some(slot) = shortening.pattern.binding {
            let mut path = Path { nodes: vec![from], relationships: Vec::new() };
            trail.path.iter().for_each(|relationship| path.append(*relationship));
            bind(row, slot, Value::Path(path.into()));
        }
        if self.pass(&shortening.checks, row)? {
            found.any = true;
            found.flow = self.push(at + 1, row)?;
        }
        Ok(())
    }
}
