//! Answers that follow relationships.

use std::collections::VecDeque;

use hashbrown::{HashMap, HashSet};

use super::read::Reading;
use super::strings::Symbol;
use crate::error::Result;
use crate::impact::impact_direction;
use crate::model::{
    Direction, Impact, ImpactRequest, Impacted, Neighbor, Relationship, RelationshipKind, ResourceId, Subgraph, Traversal,
};
use crate::store::validate::check_walk;

/// A relationship from where one stands: whether it leads away, its kind, and the other end.
#[derive(Clone, Copy)]
struct Step {
    outgoing: bool,
    kind: Symbol,
    other: u32,
}

impl Reading<'_> {
    fn kind(&self, symbol: Symbol) -> RelationshipKind {
        RelationshipKind::known_or_new(self.strings.text(symbol))
    }

    /// The asked kinds as symbols; `None` where every kind is asked for.
    fn kinds(&self, kinds: &[RelationshipKind]) -> Option<Vec<Symbol>> {
        let symbols = || kinds.iter().filter_map(|kind| self.strings.symbol(kind.as_str())).collect();
        (!kinds.is_empty()).then(symbols)
    }

    /// The relationships of a node whose other end is there.
    fn steps(&self, number: u32, direction: Direction) -> impl Iterator<Item = Step> {
        let node = &self.graph.nodes[number as usize];
        let out = matches!(direction, Direction::Outgoing | Direction::Both).then(|| node.outgoing());
        let incoming = matches!(direction, Direction::Incoming | Direction::Both).then(|| node.incoming.iter());
        let out = out.into_iter().flatten().map(|(kind, other)| Step { outgoing: true, kind, other });
        let incoming = incoming.into_iter().flatten().map(|edge| Step { outgoing: false, kind: edge.kind, other: edge.source });
        incoming.chain(out).filter(|step| self.graph.is_present(step.other))
    }

    pub(super) fn relationships(
        &self,
        id: &ResourceId,
        direction: Direction,
        kinds: &[RelationshipKind],
    ) -> Result<Vec<Neighbor>> {
        let number = self.require(id)?;
        let kinds = self.kinds(kinds);
        let mut steps: Vec<_> =
            self.steps(number, direction).filter(|step| kinds.as_ref().is_none_or(|kinds| kinds.contains(&step.kind))).collect();
        let key = |step: &Step| (step.outgoing, self.strings.text(step.kind), self.graph.id(step.other));
        steps.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
        let neighbor = |step: Step| {
            Some(Neighbor {
                kind: self.kind(step.kind),
                direction: if step.outgoing { Direction::Outgoing } else { Direction::Incoming },
                related_resource: self.summary(step.other)?,
            })
        };
        Ok(steps.into_iter().filter_map(neighbor).collect())
    }

    pub(super) fn subgraph(&self, root: &ResourceId, walk: &Traversal) -> Result<Subgraph> {
        check_walk(walk.depth, walk.max_nodes)?;
        let number = self.require(root)?;
        let kinds = self.kinds(&walk.kinds);
        let asked = |kind: Symbol| kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind));
        let (met, truncated) = self.meet(number, walk, &asked);
        let mut numbers: Vec<_> = met.iter().copied().collect();
        let ranks = self.graph.order.ranks(self.graph.nodes.len());
        numbers.sort_unstable_by_key(|number| ranks.get(*number as usize));
        let mut relationships = Vec::new();
        for source in &numbers {
            let node = &self.graph.nodes[*source as usize];
            let inside = |(kind, target): &(Symbol, u32)| asked(*kind) && met.contains(target);
            let mut edges: Vec<_> = node.outgoing().filter(inside).collect();
            edges.sort_unstable_by_key(|(kind, target)| (self.strings.text(*kind), ranks.get(*target as usize)));
            relationships.extend(
                edges
                    .into_iter()
                    .map(|(kind, target)| Relationship::new(node.id.clone(), self.kind(kind), self.graph.id(target).clone())),
            );
        }
        let nodes = numbers.into_iter().filter_map(|number| self.summary(number)).collect();
        Ok(Subgraph { root_id: root.clone(), depth: walk.depth, nodes, relationships, truncated })
    }

    /// The nodes that a walk meets, and whether its limit cut it.
    fn meet(&self, root: u32, walk: &Traversal, asked: &dyn Fn(Symbol) -> bool) -> (HashSet<u32>, bool) {
        // What a whole walk meets does not depend on the order of its steps; only a walk that is cut must sort them.
        let (met, truncated) = self.meet_in_order(root, walk, asked, false);
        if truncated { self.meet_in_order(root, walk, asked, true) } else { (met, false) }
    }

    fn meet_in_order(&self, root: u32, walk: &Traversal, asked: &dyn Fn(Symbol) -> bool, sorted: bool) -> (HashSet<u32>, bool) {
        let mut met = HashSet::from_iter([root]);
        let mut queue = VecDeque::from([(root, 0)]);
        while let Some((here, distance)) = queue.pop_front() {
            if distance == walk.depth {
                break;
            }
            let mut steps: Vec<_> = self.steps(here, walk.direction).filter(|step| asked(step.kind)).collect();
            if sorted {
                self.sort_by_kind_and_id(&mut steps);
            }
            for step in steps {
                if met.contains(&step.other) {
                    continue;
                }
                if met.len() >= walk.max_nodes {
                    return (met, true);
                }
                met.insert(step.other);
                queue.push_back((step.other, distance + 1));
            }
        }
        (met, false)
    }

    fn sort_by_kind_and_id(&self, steps: &mut [Step]) {
        let key = |step: &Step| (self.strings.text(step.kind), self.graph.id(step.other));
        steps.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
    }

    pub(super) fn impact(&self, id: &ResourceId, request: &ImpactRequest) -> Result<Impact> {
        check_walk(request.depth, request.max_nodes)?;
        let root = self.require(id)?;
        // For each node met: where the walk came from, and along which kind.
        let mut met: HashMap<u32, Option<(u32, Symbol)>> = HashMap::from_iter([(root, None)]);
        let mut queue = VecDeque::from([(root, 0)]);
        let mut impacted = Vec::new();
        let mut truncated = false;
        'walk: while let Some((here, distance)) = queue.pop_front() {
            if distance == request.depth {
                continue;
            }
            let mut steps: Vec<_> = self.steps(here, Direction::Both).filter(|step| self.travels(here, *step)).collect();
            self.sort_by_kind_and_id(&mut steps);
            for step in steps {
                if met.contains_key(&step.other) {
                    continue;
                }
                if impacted.len() >= request.max_nodes {
                    truncated = true;
                    break 'walk;
                }
                met.insert(step.other, Some((here, step.kind)));
                impacted.push((step.other, distance + 1));
                queue.push_back((step.other, distance + 1));
            }
        }
        let via = |mut number: u32| {
            let mut kinds = Vec::new();
            while let Some(Some((from, kind))) = met.get(&number) {
                kinds.push(self.kind(*kind));
                number = *from;
            }
            kinds.reverse();
            kinds
        };
        let describe =
            |(number, distance): (u32, u32)| Some(Impacted { resource: self.summary(number)?, distance, via: via(number) });
        let mut impacted: Vec<_> = impacted.into_iter().filter_map(describe).collect();
        impacted.sort_by(|a, b| (a.distance, &a.resource.id).cmp(&(b.distance, &b.resource.id)));
        Ok(Impact { resource_id: id.clone(), impacted, truncated })
    }

    /// Whether a failure travels from `here` along a step.
    fn travels(&self, here: u32, step: Step) -> bool {
        let source = if step.outgoing { here } else { step.other };
        match impact_direction(&self.kind(step.kind), self.graph.id(source)) {
            Some(Direction::Outgoing) => step.outgoing,
            Some(Direction::Incoming) => !step.outgoing,
            _ => false,
        }
    }
}
