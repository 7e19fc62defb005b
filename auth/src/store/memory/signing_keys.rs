//! Signing keys in memory.

use async_trait::async_trait;

use super::MemoryStore;
use crate::error::{Error, Result};
use crate::store::{KeyState, SigningKeyRecord, SigningKeyStore, accept};
use crate::time::Timestamp;

#[async_trait]
impl SigningKeyStore for MemoryStore {
    async fn signing_keys(&self) -> Result<Vec<SigningKeyRecord>> {
        let mut keys: Vec<SigningKeyRecord> = self.state().signing_keys.values().cloned().collect();
        keys.sort_by(|one, other| (one.created_at, &one.kid).cmp(&(other.created_at, &other.kid)));
        Ok(keys)
    }

    async fn begin_signing_keys(&self, active: &SigningKeyRecord, next: &SigningKeyRecord) -> Result<bool> {
        accept::signing_key(active)?;
        accept::signing_key(next)?;
        if active.kid == next.kid {
            return Err(Error::taken("kid"));
        }
        let mut state = self.state();
        if !state.signing_keys.is_empty() {
            return Ok(false);
        }
        for (key, state_of_key) in [(active, KeyState::Active), (next, KeyState::Next)] {
            state.signing_keys.insert(key.kid.clone(), SigningKeyRecord { state: state_of_key, ..key.clone() });
        }
        Ok(true)
    }

    async fn rotate_signing_keys(&self, active: &str, next: &SigningKeyRecord, now: Timestamp) -> Result<bool> {
        accept::signing_key(next)?;
        let mut state = self.state();
        let keys = &mut state.signing_keys;
        if keys.get(active).is_none_or(|key| key.state != KeyState::Active) {
            return Ok(false);
        }
        if keys.contains_key(&next.kid) {
            return Err(Error::taken("kid"));
        }
        for key in keys.values_mut() {
            let becomes = match key.state {
                KeyState::Next => KeyState::Active,
                KeyState::Active => KeyState::Retired,
                KeyState::Retired => continue,
            };
            key.state = becomes;
            key.changed_at = now;
        }
        keys.insert(next.kid.clone(), SigningKeyRecord { state: KeyState::Next, ..next.clone() });
        Ok(true)
    }

    async fn forget_signing_keys(&self, before: Timestamp) -> Result<u64> {
        let old = |key: &SigningKeyRecord| key.state == KeyState::Retired && key.changed_at < before;
        Ok(self.state().signing_keys.extract_if(.., |_, key| old(key)).count() as u64)
    }
}
