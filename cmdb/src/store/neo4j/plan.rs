//! What a snapshot would change, given what the scopes said before.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{ChangeKind, ContentHash, Relationship, Resource, ResourceId, Scope};
use crate::store::precedence::owner_rank;
use crate::store::{HeldBack, ReconcileOptions, ReconcileReport, Snapshot};

/// What the scopes of a snapshot said before.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// By scope and id.
    pub(super) resources: BTreeMap<Scope, BTreeMap<ResourceId, ContentHash>>,
    pub(super) relationships: BTreeMap<Scope, BTreeSet<Relationship>>,
}

/// One scope's word for one resource that comes, changes or goes.
#[derive(Debug)]
pub(super) struct ClaimChange<'a> {
    pub(super) scope: &'a Scope,
    pub(super) id: ResourceId,
    /// What the scope says from now on, where it says anything.
    pub(super) says: Option<(&'a Resource, ContentHash)>,
}

/// The difference between what scopes said and what they say.
#[derive(Debug, Default)]
pub(super) struct Difference<'a> {
    pub(super) claims: Vec<ClaimChange<'a>>,
    pub(super) relationships_said: Vec<(&'a Scope, &'a Relationship)>,
    pub(super) relationships_unsaid: Vec<(&'a Scope, Relationship)>,
    pub(super) held_back: Vec<HeldBack>,
    /// How many resources the listings hold, each once.
    listed: BTreeSet<&'a ResourceId>,
}

impl<'a> Difference<'a> {
    /// Compares a snapshot with what its scopes said.
    pub(super) fn new(snapshot: &'a Snapshot, mut said: Said, options: &ReconcileOptions) -> Self {
        let mut difference = Self::default();
        for listing in &snapshot.scopes {
            let scope = &listing.scope;
            let mut owned = said.resources.remove(scope).unwrap_or_default();
            let owned_before = owned.len() as u64;
            // Where an id comes twice the last one counts.
            let listed: BTreeMap<&ResourceId, &Resource> = listing.resources.iter().map(|says| (&says.id, says)).collect();
            for (id, says) in &listed {
                let hash = says.hash();
                if owned.remove(*id) != Some(hash) {
                    difference.claims.push(ClaimChange { scope, id: (*id).clone(), says: Some((says, hash)) });
                }
            }
            difference.listed.extend(listed.keys());

            let missing = owned.len() as u64;
            let held = listing.complete && !options.accept_removals && !options.guard.allows(missing, owned_before);
            let removes = listing.complete && !held;
            if held {
                difference.held_back.push(HeldBack { scope: scope.clone(), missing, owned: owned_before });
            }
            if removes {
                difference.claims.extend(owned.into_keys().map(|id| ClaimChange { scope, id, says: None }));
            }

            let mut unsaid = said.relationships.remove(scope).unwrap_or_default();
            let says: BTreeSet<&Relationship> = listing.relationships.iter().collect();
            let new = says.into_iter().filter(|relationship| !unsaid.remove(*relationship));
            difference.relationships_said.extend(new.map(|relationship| (scope, relationship)));
            if removes {
                difference.relationships_unsaid.extend(unsaid.into_iter().map(|relationship| (scope, relationship)));
            }
        }
        difference
    }

    pub(super) fn is_empty(&self) -> bool {
        self.claims.is_empty() && self.relationships_said.is_empty() && self.relationships_unsaid.is_empty()
    }

    /// The resources whose claims change.
    pub(super) fn ids(&self) -> BTreeSet<&ResourceId> {
        self.claims.iter().map(|claim| &claim.id).collect()
    }

    /// The relationships that one more or one less scope says.
    pub(super) fn relationships(&self) -> BTreeSet<&Relationship> {
        let said = self.relationships_said.iter().map(|(_, relationship)| *relationship);
        said.chain(self.relationships_unsaid.iter().map(|(_, relationship)| relationship)).collect()
    }
}

/// Everything said of the resources and relationships that a difference touches.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// What every owner says of each resource.
    pub(super) claims: BTreeMap<ResourceId, BTreeMap<Scope, Resource>>,
    /// Each resource as it is shown.
    pub(super) shown: BTreeMap<ResourceId, Resource>,
    /// By how many scopes each relationship was said.
    pub(super) relationships: BTreeMap<Relationship, usize>,
}

/// A resource that is seen to change, or whose owners do.
#[derive(Debug)]
pub(super) struct ResourceChange {
    pub(super) id: ResourceId,
    /// What is seen to happen, if anything.
    pub(super) kind: Option<ChangeKind>,
    /// What was shown before.
    pub(super) before: Option<Resource>,
    /// Who owned it before, with the hash of what it said; the shown one first.
    pub(super) owned: Vec<(Scope, Option<ContentHash>)>,
    /// What every owner says from now on, the shown one first.
    pub(super) owners: Vec<(Scope, Resource)>,
}

/// Everything that one reconcile writes.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    pub(super) report: ReconcileReport,
    pub(super) resources: Vec<ResourceChange>,
    /// Relationships that nobody said before.
    pub(super) relationships_created: BTreeSet<&'a Relationship>,
    /// Relationships that nobody says any more.
    pub(super) relationships_removed: BTreeSet<&'a Relationship>,
}

impl<'a> Plan<'a> {
    /// Works out what a difference means for what is shown.
    pub(super) fn new(difference: &'a Difference<'a>, known: Known) -> Self {
        let mut plan = Self { resources: resource_changes(difference, known.claims, known.shown), ..Self::default() };
        let mut more: BTreeMap<&Relationship, (usize, usize)> = BTreeMap::new();
        for (_, relationship) in &difference.relationships_said {
            more.entry(relationship).or_default().0 += 1;
        }
        for (_, relationship) in &difference.relationships_unsaid {
            more.entry(relationship).or_default().1 += 1;
        }
        for (relationship, (said, unsaid)) in more {
            let before = known.relationships.get(relationship).copied().unwrap_or_default();
            let after = (before + said).saturating_sub(unsaid);
            if before == 0 && after > 0 {
                plan.relationships_created.insert(relationship);
            } else if before > 0 && after == 0 {
                plan.relationships_removed.insert(relationship);
            }
        }
        plan.report = plan.count(difference);
        plan
    }

    fn count(&self, difference: &Difference<'_>) -> ReconcileReport {
        let mut report = ReconcileReport {
            unchanged: difference.listed.len() as u64,
            relationships_created: self.relationships_created.len() as u64,
            relationships_removed: self.relationships_removed.len() as u64,
            held_back: difference.held_back.clone(),
            ..ReconcileReport::default()
        };
        for change in &self.resources {
            match change.kind {
                Some(ChangeKind::Created) => report.created += 1,
                Some(ChangeKind::Updated) => report.updated += 1,
                Some(ChangeKind::Removed) => report.removed += 1,
                None => continue,
            }
            report.unchanged -= u64::from(difference.listed.contains(&change.id));
        }
        report
    }
}

fn resource_changes(
    difference: &Difference<'_>,
    mut claims: BTreeMap<ResourceId, BTreeMap<Scope, Resource>>,
    mut shown: BTreeMap<ResourceId, Resource>,
) -> Vec<ResourceChange> {
    let mut changed: BTreeMap<&ResourceId, Vec<&ClaimChange<'_>>> = BTreeMap::new();
    for claim in &difference.claims {
        changed.entry(&claim.id).or_default().push(claim);
    }
    let mut changes = Vec::with_capacity(changed.len());
    for (id, changed) in changed {
        let before = shown.remove(id);
        let mut owners = claims.remove(id).unwrap_or_default();
        let owned = ranked(&owners).into_iter().map(|(scope, says)| (scope.clone(), says.content_hash)).collect();
        for claim in changed {
            match claim.says {
                Some((says, hash)) => drop(owners.insert(claim.scope.clone(), as_said(says, hash))),
                None => drop(owners.remove(claim.scope)),
            }
        }
        let owners: Vec<_> = ranked(&owners).into_iter().map(|(scope, says)| (scope.clone(), says.clone())).collect();
        let kind = match (&before, owners.first()) {
            (None, Some(_)) => Some(ChangeKind::Created),
            (Some(_), None) => Some(ChangeKind::Removed),
            (Some(before), Some((_, after))) if before.content_hash != after.content_hash => Some(ChangeKind::Updated),
            _ => None,
        };
        changes.push(ResourceChange { id: id.clone(), kind, before, owned, owners });
    }
    changes
}

/// The owners of a resource, the one that is shown first.
fn ranked(owners: &BTreeMap<Scope, Resource>) -> Vec<(&Scope, &Resource)> {
    let mut ranked: Vec<_> = owners.iter().collect();
    ranked.sort_by_cached_key(|(scope, says)| owner_rank(scope, says));
    ranked
}

/// A resource as its owner says it: without what a store fills in, but for the hash.
pub(super) fn as_said(says: &Resource, hash: ContentHash) -> Resource {
    Resource { first_discovered: None, last_discovered: None, content_hash: Some(hash), ..says.clone() }
}
