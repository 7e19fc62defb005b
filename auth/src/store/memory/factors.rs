//! Second factors in memory.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::MemoryStore;
use super::state::Factors;
use crate::error::Result;
use crate::id::UserId;
use crate::store::{FactorStore, TotpRecord};
use crate::time::Timestamp;

#[async_trait]
impl FactorStore for MemoryStore {
    async fn enrol_totp(&self, user: &UserId, sealed_secret: &[u8], _now: Timestamp) -> Result<bool> {
        let mut state = self.state();
        state.owner(user)?;
        if state.factors.get(user).is_some_and(|factors| factors.totp.confirmed_at.is_some()) {
            return Ok(false);
        }
        let totp = TotpRecord { sealed_secret: sealed_secret.to_vec(), confirmed_at: None, last_step: None };
        state.factors.insert(user.clone(), Factors { totp, recovery: BTreeSet::new() });
        Ok(true)
    }

    async fn totp(&self, user: &UserId) -> Result<Option<TotpRecord>> {
        Ok(self.state().factors.get(user).map(|factors| factors.totp.clone()))
    }

    async fn confirm_totp(
        &self,
        user: &UserId,
        sealed_secret: &[u8],
        step: u64,
        recovery_hashes: &[[u8; 32]],
        now: Timestamp,
    ) -> Result<bool> {
        match self.state().factors.get_mut(user) {
            Some(factors) if factors.totp.confirmed_at.is_none() && factors.totp.sealed_secret == sealed_secret => {
                factors.totp.confirmed_at = Some(now);
                factors.totp.last_step = Some(step);
                factors.recovery = recovery_hashes.iter().copied().collect();
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    async fn use_totp_step(&self, user: &UserId, step: u64) -> Result<bool> {
        match self.state().factors.get_mut(user) {
            Some(factors) if factors.totp.confirmed_at.is_some() && factors.totp.last_step < Some(step) => {
                factors.totp.last_step = Some(step);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    async fn use_recovery_code(&self, user: &UserId, hash: &[u8; 32], _now: Timestamp) -> Result<bool> {
        Ok(self.state().factors.get_mut(user).is_some_and(|factors| factors.recovery.remove(hash)))
    }

    async fn recovery_codes_left(&self, user: &UserId) -> Result<u32> {
        let left = self.state().factors.get(user).map_or(0, |factors| factors.recovery.len());
        Ok(u32::try_from(left).unwrap_or(u32::MAX))
    }

    async fn remove_totp(&self, user: &UserId) -> Result<bool> {
        Ok(self.state().factors.remove(user).is_some())
    }
}
