//! The graph at one moment, and the questions about it.

use std::collections::{BTreeMap, BTreeSet};

use super::page::page;
use crate::error::{Error, Result};
use crate::model::{
    Direction, Filter, Neighbor, PageRequest, Relationship, RelationshipKind, Resource, ResourceId, ResourcePage,
    ResourceSummary, Statistics,
};
use crate::store::search::Search;

/// The most candidates that an ambiguous name is answered with.
const MAX_CANDIDATES: usize = 20;

/// Resources, and the relationships between them.
#[derive(Debug)]
pub(in crate::store) struct View {
    pub(in crate::store) resources: BTreeMap<ResourceId, Resource>,
    pub(in crate::store) relationships: BTreeSet<Relationship>,
}

impl View {
    /// A moment with these resources; relationships with an unknown end are not part of it.
    pub(in crate::store) fn new(resources: BTreeMap<ResourceId, Resource>, said: impl Iterator<Item = Relationship>) -> Self {
        let known = |r: &Relationship| resources.contains_key(&r.source) && resources.contains_key(&r.target);
        let relationships = said.filter(known).collect();
        Self { resources, relationships }
    }

    pub(in crate::store) fn check_known(&self, id: &ResourceId) -> Result<()> {
        if self.resources.contains_key(id) { Ok(()) } else { Err(not_found(id.as_str())) }
    }

    pub(in crate::store) fn summary(&self, id: &ResourceId) -> Option<ResourceSummary> {
        let resource = self.resources.get(id)?;
        Some(ResourceSummary {
            id: resource.id.clone(),
            resource_type: resource.resource_type.clone(),
            name: resource.name.clone(),
        })
    }

    pub(in crate::store) fn resolve(&self, reference: &str) -> Result<ResourceId> {
        if let Some((id, _)) = self.resources.get_key_value(reference) {
            return Ok(id.clone());
        }
        let ids = |fits: &dyn Fn(&Resource) -> bool| -> Vec<ResourceId> {
            self.resources.values().filter(|resource| fits(resource)).map(|resource| resource.id.clone()).collect()
        };
        let mut candidates = ids(&|resource| resource.arn() == Some(reference));
        if candidates.is_empty() {
            candidates = ids(&|resource| resource.name.as_deref() == Some(reference));
        }
        match candidates.as_slice() {
            [] => Err(not_found(reference)),
            [id] => Ok(id.clone()),
            many => Err(Error::Conflict {
                reference: reference.to_owned(),
                candidates: many.iter().take(MAX_CANDIDATES).map(ResourceId::to_string).collect(),
            }),
        }
    }

    pub(in crate::store) fn list(self, filter: &Filter, request: &PageRequest) -> Result<ResourcePage> {
        let search = Search::new(filter);
        let fitting: Vec<_> = self.resources.into_values().filter(|resource| search.fits(resource)).collect();
        let page = page(fitting, request, |resource| resource.id.clone(), |resource, after| resource.id > *after)?;
        Ok(ResourcePage { resources: page.items, total: page.total, next_cursor: page.next_cursor })
    }

    pub(in crate::store) fn relationships(
        &self,
        id: &ResourceId,
        direction: Direction,
        kinds: &[RelationshipKind],
    ) -> Result<Vec<Neighbor>> {
        self.check_known(id)?;
        let asked = |relationship: &&Relationship| kinds.is_empty() || kinds.contains(&relationship.kind);
        let neighbors = |seen_as: Direction| -> Vec<Neighbor> {
            if direction != Direction::Both && direction != seen_as {
                return Vec::new();
            }
            let mut ends: BTreeSet<(&RelationshipKind, &ResourceId)> = BTreeSet::new();
            for relationship in self.relationships.iter().filter(asked) {
                let Relationship { source, kind, target } = relationship;
                match seen_as {
                    Direction::Incoming if target == id => ends.insert((kind, source)),
                    Direction::Outgoing if source == id => ends.insert((kind, target)),
                    _ => false,
                };
            }
            ends.into_iter()
                .filter_map(|(kind, end)| {
                    Some(Neighbor { kind: kind.clone(), direction: seen_as, related_resource: self.summary(end)? })
                })
                .collect()
        };
        Ok([neighbors(Direction::Incoming), neighbors(Direction::Outgoing)].concat())
    }

    pub(in crate::store) fn statistics(&self) -> Statistics {
        let mut counts = Statistics {
            total_resources: self.resources.len() as u64,
            total_relationships: self.relationships.len() as u64,
            ..Statistics::default()
        };
        let count = |of: &mut BTreeMap<String, u64>, name: &str| *of.entry(name.to_owned()).or_default() += 1;
        for resource in self.resources.values() {
            count(&mut counts.by_provider, resource.provider.as_str());
            count(&mut counts.by_type, resource.resource_type.as_str());
            count(&mut counts.by_region, &resource.region);
            if let Some(status) = &resource.status {
                count(&mut counts.by_status, status.as_str());
            }
        }
        for relationship in &self.relationships {
            count(&mut counts.by_relationship, relationship.kind.as_str());
        }
        counts
    }
}

fn not_found(id: &str) -> Error {
    Error::NotFound { what: "resource", id: id.to_owned() }
}
