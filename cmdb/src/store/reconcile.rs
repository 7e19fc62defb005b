//! What a store is told, and what it says it did.

use serde::{Deserialize, Serialize};

use crate::model::{Relationship, Resource, Scope, TaskId, Timestamp};

/// What one or more listings found.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The discovery that listed.
    pub task_id: TaskId,
    /// When; a store may move it on, so that the times of its changes never go back.
    pub at: Timestamp,
    /// The listings; a scope stands here once.
    pub scopes: Vec<ScopeSnapshot>,
}

/// What the listing of one scope found.
#[derive(Debug, Clone)]
pub struct ScopeSnapshot {
    /// What was listed.
    pub scope: Scope,
    /// Resources; where an id comes twice the last one counts.
    pub resources: Vec<Resource>,
    /// Relationships; saying one twice is saying it once.
    pub relationships: Vec<Relationship>,
    /// Whether this is all there is: only then what is missing is removed.
    pub complete: bool,
}

/// When a removal looks more like a mistake than like a change.
///
/// A scope whose complete listing would take away at least `minimum` resources, and more than `share` of what the scope
/// owns, keeps them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RemovalGuard {
    /// Share of the scope's resources, 0 to 1.
    pub share: f64,
    /// Resources.
    pub minimum: u64,
}

impl Default for RemovalGuard {
    fn default() -> Self {
        Self { share: 0.5, minimum: 20 }
    }
}

impl RemovalGuard {
    /// Whether `removed` of `owned` resources may go.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a share of counts far below 2^52")]
    pub fn allows(&self, removed: u64, owned: u64) -> bool {
        removed < self.minimum || removed as f64 <= self.share * owned as f64
    }
}

/// How to reconcile.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ReconcileOptions {
    /// Report what would change; change nothing.
    pub dry_run: bool,
    /// Let removals through that the guard would hold back.
    pub accept_removals: bool,
    /// What to hold back.
    pub guard: RemovalGuard,
}

/// What a reconcile changed, or would change.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReconcileReport {
    /// Resources that were not there before.
    pub created: u64,
    /// Resources with a changed fact.
    pub updated: u64,
    /// Resources listed as they already were.
    pub unchanged: u64,
    /// Resources that went.
    pub removed: u64,
    /// Relationships that were not there before, those with an unknown end among them.
    pub relationships_created: u64,
    /// Relationships that went.
    pub relationships_removed: u64,
    /// Scopes whose removals the guard held back.
    pub held_back: Vec<HeldBack>,
}

/// Removals that a guard held back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldBack {
    /// The scope that keeps them.
    pub scope: Scope,
    /// How many resources the listing no longer held.
    pub missing: u64,
    /// How many the scope owns.
    pub owned: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guard_holds_only_removals_that_are_both_many_and_a_large_share() {
        let guard = RemovalGuard::default();
        assert!(guard.allows(19, 19));
        assert!(!guard.allows(20, 39));
        assert!(guard.allows(20, 40));
        assert!(guard.allows(0, 0));
    }
}
