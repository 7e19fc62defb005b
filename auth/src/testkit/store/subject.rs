//! The store that a check looks at.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::store::Store;

/// How many rounds a race takes, where the backend does not say.
const ROUNDS: u32 = 100;

/// An empty store, seen through one handle or two.
///
/// Checks of what holds between processes use both handles alike. A store whose data can be opened twice gives two that share
/// nothing but the data: two pools, for instance.
pub struct Subject {
    /// The first handle.
    pub store: Arc<dyn Store>,
    /// The second one, or the first once more.
    pub other: Arc<dyn Store>,
    /// How many rounds a race takes.
    pub rounds: u32,
    kept: Vec<Box<dyn Any + Send + Sync>>,
}

impl Subject {
    /// A store that has one handle.
    pub fn new(store: impl Store + 'static) -> Self {
        let store: Arc<dyn Store> = Arc::new(store);
        Self { other: Arc::clone(&store), store, rounds: ROUNDS, kept: Vec::new() }
    }

    /// Looks at the same data through another handle, too.
    #[must_use]
    pub fn and(self, other: impl Store + 'static) -> Self {
        Self { other: Arc::new(other), ..self }
    }

    /// Takes this many rounds in a race: fewer where each is written to a disk, more where a test is about nothing else.
    #[must_use]
    pub fn rounds(self, rounds: u32) -> Self {
        Self { rounds, ..self }
    }

    /// Keeps something as long as the store is looked at: a folder that goes away when dropped, for instance.
    #[must_use]
    pub fn keeping(mut self, kept: impl Any + Send + Sync) -> Self {
        self.kept.push(Box::new(kept));
        self
    }

    /// The handle of the caller with this number, when many call at once.
    #[must_use]
    pub fn handle(&self, number: usize) -> Arc<dyn Store> {
        Arc::clone(if number.is_multiple_of(2) { &self.store } else { &self.other })
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { store, other, rounds, kept } = self;
        f.debug_struct("Subject")
            .field("store", store)
            .field("other", other)
            .field("rounds", rounds)
            .field("kept", &kept.len())
            .finish()
    }
}
