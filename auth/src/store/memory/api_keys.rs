//! API keys in memory.

use async_trait::async_trait;

use super::MemoryStore;
use crate::error::{Error, Result};
use crate::id::UserId;
use crate::store::{ApiKeyRecord, ApiKeyStore, User, accept};
use crate::time::Timestamp;

#[async_trait]
impl ApiKeyStore for MemoryStore {
    async fn insert_api_key(&self, key: &ApiKeyRecord) -> Result<()> {
        accept::api_key(key)?;
        let mut state = self.state();
        state.owner(&key.user)?;
        if state.api_keys.contains_key(&key.id) {
            return Err(Error::taken("API key id"));
        }
        state.api_keys.insert(key.id.clone(), key.clone());
        Ok(())
    }

    async fn api_key(&self, id: &str) -> Result<Option<(ApiKeyRecord, User)>> {
        let state = self.state();
        let Some(key) = state.api_keys.get(id).cloned() else { return Ok(None) };
        let user = state.owner(&key.user)?.clone();
        Ok(Some((key, user)))
    }

    async fn api_keys(&self, user: &UserId) -> Result<Vec<ApiKeyRecord>> {
        let state = self.state();
        let kept = |key: &&ApiKeyRecord| key.user == *user && key.revoked_at.is_none();
        let mut keys: Vec<ApiKeyRecord> = state.api_keys.values().filter(kept).cloned().collect();
        keys.sort_by(|one, other| (other.created_at, &other.id).cmp(&(one.created_at, &one.id)));
        Ok(keys)
    }

    async fn revoke_api_key(&self, user: &UserId, id: &str, now: Timestamp) -> Result<bool> {
        match self.state().api_keys.get_mut(id) {
            Some(key) if key.user == *user && key.revoked_at.is_none() => {
                key.revoked_at = Some(now);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    async fn touch_api_key(&self, id: &str, now: Timestamp) -> Result<()> {
        if let Some(key) = self.state().api_keys.get_mut(id) {
            key.last_used_at = key.last_used_at.max(Some(now));
        }
        Ok(())
    }
}
