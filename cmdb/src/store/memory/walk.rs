//! Breadth-first walks: from a resource, to its neighbours ordered by kind and id, to theirs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::view::View;
use crate::error::Result;
use crate::impact_direction;
use crate::model::{Direction, Impact, ImpactRequest, Impacted, Relationship, RelationshipKind, ResourceId, Subgraph, Traversal};
use crate::store::validate::check_walk;

/// How a walk came to a resource.
#[derive(Debug)]
struct Step<'a> {
    id: &'a ResourceId,
    via: Vec<RelationshipKind>,
}

/// Whether a walk may pass a relationship from its source to its target, and back.
type Passable<'a> = &'a dyn Fn(&Relationship) -> (bool, bool);

impl View {
    pub(in crate::store) fn subgraph(&self, root: &ResourceId, walk: &Traversal) -> Result<Subgraph> {
        check_walk(walk.depth, walk.max_nodes)?;
        self.check_known(root)?;
        let asked = |kind: &RelationshipKind| walk.kinds.is_empty() || walk.kinds.contains(kind);
        let passable = |relationship: &Relationship| match walk.direction {
            _ if !asked(&relationship.kind) => (false, false),
            Direction::Outgoing => (true, false),
            Direction::Incoming => (false, true),
            Direction::Both => (true, true),
        };
        let (met, truncated) = self.walk(root, walk.depth, walk.max_nodes - 1, &passable);
        let nodes: BTreeSet<&ResourceId> = std::iter::once(root).chain(met.into_iter().map(|step| step.id)).collect();
        let among = |r: &&Relationship| asked(&r.kind) && nodes.contains(&r.source) && nodes.contains(&r.target);
        Ok(Subgraph {
            root_id: root.clone(),
            depth: walk.depth,
            relationships: self.relationships.iter().filter(among).cloned().collect(),
            nodes: nodes.into_iter().filter_map(|id| self.summary(id)).collect(),
            truncated,
        })
    }

    pub(in crate::store) fn impact(&self, id: &ResourceId, request: &ImpactRequest) -> Result<Impact> {
        check_walk(request.depth, request.max_nodes)?;
        self.check_known(id)?;
        let passable = |relationship: &Relationship| match impact_direction(&relationship.kind, &relationship.source) {
            None => (false, false),
            Some(Direction::Outgoing) => (true, false),
            Some(Direction::Incoming) => (false, true),
            Some(Direction::Both) => (true, true),
        };
        let (mut met, truncated) = self.walk(id, request.depth, request.max_nodes, &passable);
        met.sort_by_key(|step| (step.via.len(), step.id));
        let impacted = met.into_iter().filter_map(|Step { id, via }| {
            Some(Impacted { resource: self.summary(id)?, distance: u32::try_from(via.len()).ok()?, via })
        });
        Ok(Impact { resource_id: id.clone(), impacted: impacted.collect(), truncated })
    }

    /// Every resource within `depth` passable relationships of `root`, which is not among them, in the order in which
    /// they are met, and whether there are more than `limit`.
    fn walk<'a>(&'a self, root: &'a ResourceId, depth: u32, limit: usize, passable: Passable<'_>) -> (Vec<Step<'a>>, bool) {
        let mut ways: BTreeMap<&ResourceId, BTreeSet<(&RelationshipKind, &ResourceId)>> = BTreeMap::new();
        for relationship in &self.relationships {
            let Relationship { source, kind, target } = relationship;
            let (forth, back) = passable(relationship);
            if forth {
                ways.entry(source).or_default().insert((kind, target));
            }
            if back {
                ways.entry(target).or_default().insert((kind, source));
            }
        }
        let mut met = Vec::new();
        let mut seen = BTreeSet::from([root]);
        let mut ahead = VecDeque::from([(root, Vec::new())]);
        while let Some((from, via)) = ahead.pop_front() {
            if via.len() >= depth as usize {
                break;
            }
            for &(kind, to) in ways.get(from).into_iter().flatten() {
                if seen.contains(to) {
                    continue;
                }
                if met.len() == limit {
                    return (met, true);
                }
                seen.insert(to);
                let via = [via.as_slice(), std::slice::from_ref(kind)].concat();
                met.push(Step { id: to, via: via.clone() });
                ahead.push_back((to, via));
            }
        }
        (met, false)
    }
}
