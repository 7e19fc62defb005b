//! What the store holds: what each scope says, and every change.

use std::collections::{BTreeMap, BTreeSet};

use super::view::View;
use crate::model::{ChangeKind, Relationship, Resource, ResourceId, Scope, TaskId, Timestamp};
use crate::store::ScopeState;
use crate::store::precedence::owner_rank;

/// Everything, in plain collections.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    /// When each scope was last completed.
    pub(super) completed: BTreeMap<Scope, Timestamp>,
    /// What each owner says of a resource; a resource is present while it has an owner.
    pub(super) claims: BTreeMap<ResourceId, BTreeMap<Scope, Resource>>,
    /// Since when each present resource is there.
    pub(super) first_seen: BTreeMap<ResourceId, Timestamp>,
    /// Who says each relationship.
    pub(super) relationships: BTreeMap<Relationship, BTreeSet<Scope>>,
    /// Every change, oldest first.
    pub(super) events: Vec<Event>,
    /// The time of the last change ever made.
    pub(super) latest: Option<Timestamp>,
    /// Since when `events` is complete; nothing where nothing was pruned.
    pub(super) history_since: Option<Timestamp>,
}

/// One change.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) at: Timestamp,
    pub(super) task_id: TaskId,
    pub(super) kind: ChangeKind,
    pub(super) subject: Subject,
}

/// What changed. At one time each subject changes once.
#[derive(Debug, Clone)]
pub(super) enum Subject {
    /// A resource as it is shown; one of the two is there.
    Resource { id: ResourceId, before: Option<Box<Resource>>, after: Option<Box<Resource>> },
    /// That a scope says a relationship.
    Relationship { scope: Scope, relationship: Relationship },
}

impl Graph {
    /// The owners of a resource with what they say, the shown one first.
    pub(super) fn owners(&self, id: &ResourceId) -> Vec<(&Scope, &Resource)> {
        let mut owners: Vec<_> = self.claims.get(id).into_iter().flatten().collect();
        owners.sort_by_cached_key(|(scope, says)| owner_rank(scope, says));
        owners
    }

    /// A present resource, with all that a store fills in.
    pub(super) fn shown(&self, id: &ResourceId) -> Option<Resource> {
        let owners = self.owners(id);
        let (_, says) = owners.first()?;
        let mut shown = (*says).clone();
        shown.first_discovered = self.first_seen.get(id).copied();
        shown.last_discovered = owners.iter().filter_map(|(scope, _)| self.completed.get(*scope)).max().copied();
        Some(shown)
    }

    /// The graph as it is.
    pub(super) fn present(&self) -> View {
        let resources = self.claims.keys().filter_map(|id| Some((id.clone(), self.shown(id)?))).collect();
        View::new(resources, self.relationships.keys().cloned())
    }

    /// The graph as it was at a time: the present with every later change undone, last one first.
    pub(super) fn past(&self, time: Timestamp) -> View {
        let mut resources = self.present().resources;
        let mut said = self.relationships.clone();
        for event in self.events.iter().rev().take_while(|event| event.at > time) {
            match &event.subject {
                Subject::Resource { id, before: Some(before), .. } => drop(resources.insert(id.clone(), (**before).clone())),
                Subject::Resource { id, before: None, .. } => drop(resources.remove(id)),
                Subject::Relationship { scope, relationship } => {
                    let scopes = said.entry(relationship.clone()).or_default();
                    if event.kind == ChangeKind::Removed {
                        scopes.insert(scope.clone());
                    } else {
                        scopes.remove(scope);
                    }
                }
            }
        }
        resources.values_mut().for_each(|resource| resource.last_discovered = None);
        View::new(resources, said.into_iter().filter(|(_, scopes)| !scopes.is_empty()).map(|(relationship, _)| relationship))
    }

    /// Every scope that was completed or owns something, in the order of its text.
    pub(super) fn scope_states(&self) -> Vec<ScopeState> {
        let mut owned: BTreeMap<&Scope, u64> = self.completed.keys().map(|scope| (scope, 0)).collect();
        for scope in self.claims.values().flat_map(BTreeMap::keys) {
            *owned.entry(scope).or_default() += 1;
        }
        let mut states: Vec<_> = owned
            .into_iter()
            .map(|(scope, resources)| ScopeState {
                scope: scope.clone(),
                completed_at: self.completed.get(scope).copied(),
                resources,
            })
            .collect();
        states.sort_by_cached_key(|state| state.scope.to_string());
        states
    }
}
