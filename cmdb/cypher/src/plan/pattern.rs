//! The order in which a pattern is matched: from the rarest node outwards, cheap steps first, what hangs together before
//! anything else.

use super::checks::{Pending, place};
use super::{Builder, Check, Kinds, Operator, Planner, path_slots};
use crate::graph::Direction;
use crate::tree::{Expression, PathPattern, Pattern, Slot, StepPattern};

/// What is left of a pattern.
pub(super) struct Open<'q> {
    pub(super) pattern: &'q Pattern,
    pub(super) pending: Vec<Pending<'q>>,
    /// Path and step of those not followed yet.
    steps: Vec<(usize, usize)>,
    /// Paths that are bound as a whole, not yet.
    bindings: Vec<usize>,
    /// The relationships that are bound, with their kinds.
    pub(super) followed: Vec<(Slot, Kinds<'q>)>,
    /// Whether a copy of a row may be left out.
    pub(super) any_copy: bool,
}

impl<'q> Planner<'q, '_> {
    /// Plans a MATCH.
    pub(super) fn matched(
        &mut self,
        optional: bool,
        pattern: &'q Pattern,
        predicate: &'q [Expression],
        any_copy: bool,
        chain: &mut Builder<'q>,
    ) {
        if !optional {
            return self.pattern(pattern, predicate, any_copy, chain);
        }
        let (rows, opened, state) = (chain.rows, chain.next(), chain.state());
        let mut slots = Vec::new();
        for path in &pattern.paths {
            path_slots(path, &mut |slot| {
                if !chain.is_bound(slot) && !slots.contains(&slot) {
                    slots.push(slot);
                }
            });
        }
        chain.add(Operator::Optional { end: 0, slots: slots.clone(), state }, rows);
        self.pattern(pattern, predicate, any_copy, chain);
        chain.add(Operator::Matched { state }, chain.rows.max(rows));
        chain.close(opened);
        slots.into_iter().for_each(|slot| chain.bind(slot));
    }

    fn pattern(&self, pattern: &'q Pattern, predicate: &'q [Expression], any_copy: bool, chain: &mut Builder<'q>) {
        let mut pending = self.pending(pattern, predicate, &chain.bound);
        for path in &pattern.paths {
            if let ([node], true) = (path.nodes.as_slice(), path.steps.is_empty())
                && chain.is_bound(node.slot)
            {
                pending.insert(0, Pending { check: Check::Node(node.slot), slots: vec![node.slot] });
            }
        }
        let places = |wanted: fn(&PathPattern) -> bool| {
            let paths = pattern.paths.iter().enumerate().filter(move |(_, path)| wanted(path));
            paths.flat_map(|(place, path)| (0..path.steps.len()).map(move |step| (place, step)))
        };
        let steps = places(|path| path.shortest.is_none()).chain(places(|path| path.shortest.is_some())).collect();
        let read = |path: &PathPattern| path.binding.is_some_and(|slot| self.reads.contains(slot));
        let paths = pattern.paths.iter().enumerate();
        let bindings = paths.filter(|(_, path)| path.shortest.is_none() && read(path)).map(|(place, _)| place).collect();
        let mut open = Open { pattern, pending, steps, bindings, followed: Vec::new(), any_copy };
        loop {
            place(&mut open.pending, chain);
            self.bind_paths(&mut open, chain);
            if let Some(next) = self.next_step(&open, chain) {
                let (path, step) = open.steps.remove(next);
                self.follow(path, step, &mut open, chain);
            } else if !self.scan(&mut open, chain) {
                break;
            }
        }
    }

    /// Binds every path whose nodes and relationships are there.
    fn bind_paths(&self, open: &mut Open<'q>, chain: &mut Builder<'q>) {
        let pattern = open.pattern;
        let mut bound_any = false;
        open.bindings.retain(|place| {
            let path = &pattern.paths[*place];
            let Some(slot) = path.binding else { return false };
            let mut whole = true;
            path_slots(path, &mut |part| whole &= part == slot || chain.is_bound(part));
            if whole {
                chain.add(Operator::Path { slot, pattern: path }, chain.rows);
                chain.bind(slot);
                bound_any = true;
            }
            !whole
        });
        if bound_any {
            place(&mut open.pending, chain);
        }
    }

    /// The cheapest step that can be followed from what is bound.
    fn next_step(&self, open: &Open<'q>, chain: &Builder<'q>) -> Option<usize> {
        let mut best = None;
        let mut least = f64::INFINITY;
        for (place, (path, step)) in open.steps.iter().enumerate() {
            let cost = self.cost(&open.pattern.paths[*path], *step, open, chain);
            if let Some(cost) = cost
                && cost < least
            {
                (best, least) = (Some(place), cost);
            }
        }
        best
    }

    /// How many rows a step makes of one, about; nothing where it cannot be followed yet.
    fn cost(&self, path: &'q PathPattern, place: usize, open: &Open<'q>, chain: &Builder<'q>) -> Option<f64> {
        let (step, left, right) = (&path.steps[place], path.nodes[place].slot, path.nodes[place + 1].slot);
        let ends = [left, right].map(|slot| chain.is_bound(slot));
        if path.shortest.is_some() {
            return (ends == [true, true] && self.is_ready(step, open.pattern, chain)).then_some(1.0);
        }
        if chain.is_bound(step.slot) && step.walk.is_none() {
            return Some(0.0);
        }
        let nothing_else = ends == [true, true] || open.steps.len() == 1;
        if ends == [false, false] || !(self.is_ready(step, open.pattern, chain) || nothing_else) {
            return None;
        }
        let rows = self.fan_out(step);
        Some(match ends {
            [true, true] => rows * 0.01,
            [true, false] => rows * self.share(right, &open.pending),
            _ => rows * self.share(left, &open.pending),
        })
    }

    /// How many ends a step has, about.
    pub(super) fn fan_out(&self, step: &'q StepPattern) -> f64 {
        const LONG: u64 = 4;
        let both = if step.direction == Direction::Both { 2.0 } else { 1.0 };
        let degree = self.degree(&self.kinds(step.kinds.as_ref())) * both;
        match step.walk {
            None => degree,
            Some(walk) => {
                let most = walk.most.map_or(LONG, |most| most.min(walk.least.saturating_add(LONG))).min(8);
                (walk.least.min(8)..=most).map(|length| degree.powi(i32::try_from(length).unwrap_or(8))).sum()
            }
        }
    }

    /// Starts at the rarest node that is not bound. False when all are.
    fn scan(&self, open: &mut Open<'q>, chain: &mut Builder<'q>) -> bool {
        let nodes = open.pattern.paths.iter().flat_map(|path| &path.nodes);
        let starts =
            nodes.filter(|node| !chain.is_bound(node.slot)).map(|node| (node.slot, self.start(node.slot, &open.pending, chain)));
        let Some((slot, start)) = starts.reduce(|best, next| if next.1.rows < best.1.rows { next } else { best }) else {
            return false;
        };
        if let Some(proved) = start.proves {
            open.pending.remove(proved);
        }
        let rows = chain.rows * start.rows;
        chain.add(Operator::Scan { slot, source: start.source }, rows);
        chain.bind(slot);
        true
    }
}
