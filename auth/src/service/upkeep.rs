//! What has to be done now and then.

use std::time::Duration;

use super::AuthService;
use super::keys::FRESH;
use crate::audit::{AuditAction, Caller};
use crate::error::Result;

/// Sessions are kept this long after they ended, for whoever looks into what happened.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What [`AuthService::upkeep`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Upkeep {
    /// Whether another key signs now.
    pub rotated: bool,
    /// How many rows of sessions, denials, counters and keys were forgotten.
    pub forgotten: u64,
}

impl AuthService {
    /// Rotates the signing keys when it is time, and forgets what is over. To be called every hour or so, by each process.
    ///
    /// # Errors
    /// [`Error::Backend`](crate::Error::Backend); what was done before it holds.
    pub async fn upkeep(&self) -> Result<Upkeep> {
        let now = self.now();
        let rotated = self.inner.keys.rotate(self.store(), self.settings().key_lifetime, now).await?;
        if rotated {
            self.record(self.event(AuditAction::KeyRotation, "signing_key", &Caller::default())).await?;
        }
        let tokens = &self.settings().tokens;
        // A process that has not heard of the rotation signs on with the retired key until it reads the keys again.
        let signed = tokens.refresh_lifetime.max(tokens.access_lifetime) + 2 * tokens.leeway + FRESH;
        let forgotten = self.store().forget_sessions(now.before(KEPT)).await?
            + self.store().forget_counters(now).await?
            + self.store().forget_signing_keys(now.before(signed)).await?;
        Ok(Upkeep { rotated, forgotten })
    }

    /// Rotates the signing keys now, for instance because one may have become known. Tokens that the retired keys signed are
    /// good until their time is over.
    ///
    /// # Errors
    /// [`Error::Backend`](crate::Error::Backend).
    pub async fn rotate_keys(&self) -> Result<bool> {
        let rotated = self.inner.keys.rotate(self.store(), Duration::ZERO, self.now()).await?;
        if rotated {
            self.record(self.event(AuditAction::KeyRotation, "signing_key", &Caller::default())).await?;
        }
        Ok(rotated)
    }
}
