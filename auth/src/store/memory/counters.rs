//! Counters in memory.

use std::collections::btree_map::Entry;

use async_trait::async_trait;

use super::MemoryStore;
use super::state::Window;
use crate::error::Result;
use crate::store::{CounterStore, Limit, Take, accept};
use crate::time::Timestamp;

#[async_trait]
impl CounterStore for MemoryStore {
    async fn take(&self, key: &str, limit: Limit, now: Timestamp) -> Result<Take> {
        accept::text("counter", key)?;
        let begun = Window { count: 1, until: now.after(limit.window) };
        match self.state().counters.entry(key.to_owned()) {
            Entry::Occupied(mut kept) if now < kept.get().until => {
                let window = kept.get_mut();
                if window.count >= limit.count.max(1) {
                    return Ok(Take::Refused { until: window.until });
                }
                window.count += 1;
            }
            entry => {
                entry.insert_entry(begun);
            }
        }
        Ok(Take::Granted)
    }

    async fn give_back(&self, key: &str, now: Timestamp) -> Result<()> {
        if let Some(window) = self.state().counters.get_mut(key).filter(|window| now < window.until) {
            window.count = window.count.saturating_sub(1);
        }
        Ok(())
    }

    async fn clear_counter(&self, key: &str) -> Result<()> {
        self.state().counters.remove(key);
        Ok(())
    }

    async fn forget_counters(&self, before: Timestamp) -> Result<u64> {
        Ok(self.state().counters.extract_if(.., |_, window| window.until < before).count() as u64)
    }
}
