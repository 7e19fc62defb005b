//! Which variables are visible.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::tree::Slot;

/// The variables that can be named at one place of a query, in the order in which `*` gives them.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope(BTreeMap<Arc<str>, Slot>);

impl Scope {
    pub(super) fn get(&self, name: &str) -> Option<Slot> {
        self.0.get(name).copied()
    }

    /// Makes a variable visible, instead of another with its name.
    pub(super) fn insert(&mut self, name: &str, slot: Slot) {
        self.0.insert(name.into(), slot);
    }

    /// This scope with one variable more.
    pub(super) fn with(&self, name: &str, slot: Slot) -> Self {
        let mut scope = self.clone();
        scope.insert(name, slot);
        scope
    }

    /// This scope below another: where both know a name, the other's counts.
    pub(super) fn below(&self, other: &Self) -> Self {
        let mut scope = self.clone();
        scope.0.extend(other.0.iter().map(|(name, slot)| (Arc::clone(name), *slot)));
        scope
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Arc<str>, Slot)> {
        self.0.iter().map(|(name, slot)| (name, *slot))
    }
}
