//! What the open listings hold so far.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Relationship, Resource, Scope};
use crate::store::ScopeSnapshot;

/// A buffer for each scope that was asked for and has not ended. What comes for any other scope is not taken.
#[derive(Debug)]
pub(super) struct Listings(BTreeMap<Scope, ScopeSnapshot>);

impl Listings {
    pub(super) fn new(scopes: &BTreeSet<Scope>) -> Self {
        let empty = |scope: &Scope| {
            let (resources, relationships) = (Vec::new(), Vec::new());
            (scope.clone(), ScopeSnapshot { scope: scope.clone(), resources, relationships, complete: false })
        };
        Self(scopes.iter().map(empty).collect())
    }

    pub(super) fn resource(&mut self, scope: &Scope, resource: Resource) {
        if let Some(listing) = self.open(scope) {
            listing.resources.push(resource);
        }
    }

    pub(super) fn relationship(&mut self, scope: &Scope, relationship: Relationship) {
        if let Some(listing) = self.open(scope) {
            listing.relationships.push(relationship);
        }
    }

    fn open(&mut self, scope: &Scope) -> Option<&mut ScopeSnapshot> {
        let listing = self.0.get_mut(scope);
        if listing.is_none() {
            tracing::warn!(%scope, "an event came for a scope that was not asked for or has ended; it is ignored");
        }
        listing
    }

    /// Closes a scope whose listing is complete; nothing where it is not open.
    pub(super) fn complete(&mut self, scope: &Scope) -> Option<ScopeSnapshot> {
        let mut listing = self.0.remove(scope)?;
        listing.complete = true;
        Some(listing)
    }

    /// Closes a scope whose listing failed and forgets what it held; says whether it was open.
    pub(super) fn discard(&mut self, scope: &Scope) -> bool {
        self.0.remove(scope).is_some()
    }

    /// Closes every scope that is still open; gives them.
    pub(super) fn abandon(&mut self) -> Vec<Scope> {
        std::mem::take(&mut self.0).into_keys().collect()
    }
}
