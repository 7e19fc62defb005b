//! Bringing what scopes own to what their listings say.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Event, Graph, Subject};
use crate::model::{ChangeKind, Relationship, Resource, ResourceId, Scope, TaskId, Timestamp};
use crate::store::{HeldBack, ReconcileOptions, ReconcileReport, ScopeSnapshot, Snapshot};

impl Graph {
    /// Takes a snapshot in; it was checked before.
    pub(super) fn reconcile(&mut self, snapshot: Snapshot, options: &ReconcileOptions) -> ReconcileReport {
        let at = self.latest.map_or(snapshot.at, |latest| snapshot.at.max(Timestamp::from_micros(latest.as_micros() + 1)));
        let before = self.clone();
        let mut report = ReconcileReport::default();
        let mut listed = BTreeSet::new();
        for listing in snapshot.scopes {
            listed.extend(listing.resources.iter().map(|resource| resource.id.clone()));
            self.take(listing, at, options, &mut report);
        }
        let mut changes = self.resource_changes(&before, at, &listed, &mut report);
        changes.extend(self.relationship_changes(&before, &mut report));
        self.log(at, &snapshot.task_id, changes);
        report
    }

    /// Replaces what one scope says.
    fn take(&mut self, listing: ScopeSnapshot, at: Timestamp, options: &ReconcileOptions, report: &mut ReconcileReport) {
        let ScopeSnapshot { scope, resources, relationships, complete } = listing;
        let resources: BTreeMap<ResourceId, Resource> =
            resources.into_iter().map(|resource| (resource.id.clone(), resource)).collect();
        let relationships: BTreeSet<Relationship> = relationships.into_iter().collect();

        let owned: Vec<_> =
            self.claims.iter().filter(|(_, owners)| owners.contains_key(&scope)).map(|(id, _)| id.clone()).collect();
        let missing: Vec<_> = owned.iter().filter(|id| !resources.contains_key(*id)).collect();
        let (missing_count, owned_count) = (missing.len() as u64, owned.len() as u64);
        let held = complete && !options.accept_removals && !options.guard.allows(missing_count, owned_count);
        if held {
            report.held_back.push(HeldBack { scope: scope.clone(), missing: missing_count, owned: owned_count });
        }
        if complete && !held {
            for id in missing {
                self.disown(id, &scope);
            }
            self.relationships.retain(|relationship, scopes| {
                if !relationships.contains(relationship) {
                    scopes.remove(&scope);
                }
                !scopes.is_empty()
            });
        }
        for (id, mut says) in resources {
            (says.first_discovered, says.last_discovered, says.content_hash) = (None, None, Some(says.hash()));
            self.claims.entry(id).or_default().insert(scope.clone(), says);
        }
        for relationship in relationships {
            self.relationships.entry(relationship).or_default().insert(scope.clone());
        }
        if complete {
            let completed = self.completed.entry(scope).or_insert(at);
            *completed = at.max(*completed);
        }
    }

    fn disown(&mut self, id: &ResourceId, scope: &Scope) {
        if let Some(owners) = self.claims.get_mut(id) {
            owners.remove(scope);
            if owners.is_empty() {
                self.claims.remove(id);
            }
        }
    }

    /// Compares every shown resource with what was shown before.
    fn resource_changes(
        &mut self,
        before: &Self,
        at: Timestamp,
        listed: &BTreeSet<ResourceId>,
        report: &mut ReconcileReport,
    ) -> Vec<(ChangeKind, Subject)> {
        let ids: BTreeSet<ResourceId> = before.claims.keys().chain(self.claims.keys()).cloned().collect();
        let mut changes = Vec::new();
        for id in ids {
            let was = before.shown(&id).map(undated);
            if was.is_none() {
                self.first_seen.insert(id.clone(), at);
            }
            let is = self.shown(&id).map(undated);
            let (count, kind) = match (&was, &is) {
                (None, _) => (&mut report.created, Some(ChangeKind::Created)),
                (_, None) => {
                    self.first_seen.remove(&id);
                    (&mut report.removed, Some(ChangeKind::Removed))
                }
                (Some(was), Some(is)) if was.content_hash != is.content_hash => (&mut report.updated, Some(ChangeKind::Updated)),
                _ if listed.contains(&id) => (&mut report.unchanged, None),
                _ => continue,
            };
            *count += 1;
            if let Some(kind) = kind {
                changes.push((kind, Subject::Resource { id, before: was.map(Box::new), after: is.map(Box::new) }));
            }
        }
        changes
    }

    /// Compares who says each relationship with who said it before.
    fn relationship_changes(&self, before: &Self, report: &mut ReconcileReport) -> Vec<(ChangeKind, Subject)> {
        let nobody = BTreeSet::new();
        let all: BTreeSet<&Relationship> = before.relationships.keys().chain(self.relationships.keys()).collect();
        let mut changes = Vec::new();
        for relationship in all {
            let said = before.relationships.get(relationship).unwrap_or(&nobody);
            let says = self.relationships.get(relationship).unwrap_or(&nobody);
            report.relationships_created += u64::from(said.is_empty());
            report.relationships_removed += u64::from(says.is_empty());
            for scope in said.symmetric_difference(says) {
                let kind = if says.contains(scope) { ChangeKind::Created } else { ChangeKind::Removed };
                changes.push((kind, Subject::Relationship { scope: scope.clone(), relationship: relationship.clone() }));
            }
        }
        changes
    }

    fn log(&mut self, at: Timestamp, task_id: &TaskId, changes: Vec<(ChangeKind, Subject)>) {
        if !changes.is_empty() {
            self.latest = Some(at);
        }
        let event = |(kind, subject)| Event { at, task_id: task_id.clone(), kind, subject };
        self.events.extend(changes.into_iter().map(event));
    }
}

/// A resource as history keeps it: when its scope was completed is no part of what it was.
pub(super) fn undated(mut resource: Resource) -> Resource {
    resource.last_discovered = None;
    resource
}
