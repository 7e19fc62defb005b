//! Counts within a window that slides over the times of a log.

use std::collections::HashMap;
use std::hash::Hash;

use super::log::Entry;

/// How often each key is among the entries of a window; both ends move forward only, so that a log costs time in proportion to
/// its length.
#[derive(Debug)]
pub(super) struct Distinct<K> {
    counts: HashMap<K, u32>,
}

impl<K: Eq + Hash> Distinct<K> {
    pub(super) fn new() -> Self {
        Self { counts: HashMap::new() }
    }

    pub(super) fn enter(&mut self, key: K) {
        *self.counts.entry(key).or_default() += 1;
    }

    pub(super) fn leave(&mut self, key: &K) {
        if let Some(count) = self.counts.get_mut(key) {
            *count -= 1;
            if *count == 0 {
                self.counts.remove(key);
            }
        }
    }

    /// How many different keys there are.
    pub(super) fn len(&self) -> usize {
        self.counts.len()
    }
}

/// Moves the window's oldest place forward until at most so many milliseconds lie between it and the entry at `last`; tells
/// `leave` of each entry that is left behind.
pub(super) fn trail(entries: &[Entry], first: &mut usize, last: usize, milliseconds: i64, mut leave: impl FnMut(&Entry)) {
    while entries[last].time.saturating_sub(entries[*first].time) > milliseconds {
        leave(&entries[*first]);
        *first += 1;
    }
}
