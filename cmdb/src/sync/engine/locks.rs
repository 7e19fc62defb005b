//! One task at a time for each scope.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

use crate::model::Scope;

/// A lock for each scope that a task syncs or waits for.
#[derive(Debug, Default)]
pub(super) struct ScopeLocks(Mutex<BTreeMap<Scope, Weak<Turn<()>>>>);

/// The right to sync some scopes, until it is dropped.
#[derive(Debug)]
#[must_use]
pub(super) struct ScopesHeld {
    _turns: Vec<OwnedMutexGuard<()>>,
}

impl ScopeLocks {
    /// Waits until no other task syncs any of these scopes. All tasks lock in the order of the scopes, so that no two
    /// wait for each other.
    pub(super) async fn hold(&self, scopes: &BTreeSet<Scope>) -> ScopesHeld {
        let mut turns = Vec::with_capacity(scopes.len());
        for scope in scopes {
            let turn = self.turn(scope);
            turns.push(turn.lock_owned().await);
        }
        ScopesHeld { _turns: turns }
    }

    fn turn(&self, scope: &Scope) -> Arc<Turn<()>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turn) = known.get(scope).and_then(Weak::upgrade) {
            return turn;
        }
        known.retain(|_, turn| turn.strong_count() > 0);
        let turn = Arc::new(Turn::new(()));
        known.insert(scope.clone(), Arc::downgrade(&turn));
        turn
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;
    use crate::model::Provider;

    fn scopes(names: &[&str]) -> BTreeSet<Scope> {
        names.iter().map(|name| Scope::new(Provider::AWS, "1", "eu-west-1", *name)).collect()
    }

    #[tokio::test]
    async fn tasks_that_share_a_scope_take_turns_and_others_do_not_wait() {
        let locks = ScopeLocks::default();
        let first = locks.hold(&scopes(&["a", "b"])).await;
        let other = locks.hold(&scopes(&["c"])).await;
        let wanted = scopes(&["b", "c"]);
        let mut later = std::pin::pin!(locks.hold(&wanted));
        assert!((&mut later).now_or_never().is_none());
        drop(first);
        assert!((&mut later).now_or_never().is_none());
        drop(other);
        assert!((&mut later).now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_scope_that_nobody_holds_takes_no_memory() {
        let locks = ScopeLocks::default();
        drop(locks.hold(&scopes(&["a", "b"])).await);
        let _held = locks.hold(&scopes(&["c"])).await;
        assert_eq!(locks.0.lock().unwrap().len(), 1);
    }
}
