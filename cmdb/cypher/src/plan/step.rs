//! Turns one step of a pattern into an operator.

use super::checks::step_checks;
use super::pattern::Open;
use super::{Builder, Expand, Operator, Planner, Shortening, Walking};
use crate::graph::Direction;
use crate::tree::{PathPattern, Shortest, Slot, Walk};

impl<'q> Planner<'q, '_> {
    /// Adds the operator of a step whose ends are bound as far as they need be.
    pub(super) fn follow(&self, place: usize, number: usize, open: &mut Open<'q>, chain: &mut Builder<'q>) {
        let path = &open.pattern.paths[place];
        let step = &path.steps[number];
        let (left, right) = (path.nodes[number].slot, path.nodes[number + 1].slot);
        let bound = chain.is_bound(step.slot);
        let reversed = !chain.is_bound(left) && chain.is_bound(right);
        let kinds = self.kinds(step.kinds.as_ref());
        let others: Vec<_> = open
            .followed
            .iter()
            .filter(|(slot, other)| *slot != step.slot && other.meet(&kinds))
            .map(|(slot, _)| *slot)
            .collect();
        let expand = |reversed: bool| {
            let (from, to) = if reversed { (right, left) } else { (left, right) };
            let direction = if reversed { against(step.direction) } else { step.direction };
            let (from_bound, to_bound) = (chain.is_bound(from), chain.is_bound(to) || from == to);
            let (kinds, others) = (kinds.clone(), others.clone());
            Expand { from, to, from_bound, to_bound, slot: step.slot, direction, kinds, others }
        };
        let rows = chain.rows * if path.shortest.is_some() { 1.0 } else { self.fan_out(step) };
        let shared = open.pattern.paths.iter().flat_map(|path| path.steps.iter().map(move |other| (path, other)));
        let shared = shared
            .filter(|(other_path, other)| other_path.shortest.is_none() && other.slot != step.slot)
            .any(|(_, other)| self.kinds(other.kinds.as_ref()).meet(&kinds));
        let listed = shared || self.reads.contains(step.slot) || path.binding.is_some_and(|slot| self.reads.contains(slot));
        let walking = |walk: Walk, reversed: bool| {
            let mut each = Vec::new();
            step_checks(step, &mut each);
            Walking { expand: expand(reversed), walk, each, reversed, listed }
        };
        let operator = match (path.shortest, step.walk) {
            (Some(shortest), walk) => {
                let walking = walking(walk.unwrap_or(Walk { least: 1, most: Some(1) }), false);
                Operator::Shortest(self.shortening(walking, shortest, path, open, chain))
            }
            (None, None) if bound => Operator::Ends(expand(false)),
            (None, None) => Operator::Expand(expand(reversed)),
            (None, Some(walk)) if bound => Operator::Follow(walking(walk, reversed)),
            (None, Some(walk)) if open.any_copy && !listed && walk.least <= 1 => Operator::Reach(walking(walk, reversed)),
            (None, Some(walk)) => Operator::Walk(walking(walk, reversed)),
        };
        chain.add(operator, rows);
        open.followed.push((step.slot, kinds));
        [left, right, step.slot].into_iter().for_each(|slot| chain.bind(slot));
        if path.shortest.is_some() {
            path.binding.into_iter().for_each(|slot| chain.bind(slot));
        }
    }

    fn shortening(
        &self,
        walking: Walking<'q>,
        shortest: Shortest,
        path: &'q PathPattern,
        open: &mut Open<'q>,
        chain: &Builder<'q>,
    ) -> Shortening<'q> {
        let own = |slot: &Slot| *slot == walking.expand.slot || path.binding == Some(*slot);
        let mut checks = Vec::new();
        open.pending.retain(|check| {
            let mine = check.slots.iter().any(own) && check.slots.iter().all(|slot| own(slot) || chain.is_bound(*slot));
            if mine {
                checks.push(check.check);
            }
            !mine
        });
        Shortening { walking, shortest, pattern: path, checks }
    }
}

/// The direction in which a step is seen from its other end.
pub(crate) fn against(direction: Direction) -> Direction {
    match direction {
        Direction::Outgoing => Direction::Incoming,
        Direction::Incoming => Direction::Outgoing,
        Direction::Both => Direction::Both,
    }
}
