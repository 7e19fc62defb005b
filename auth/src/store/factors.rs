//! Second factors: time-based codes and recovery codes.

use async_trait::async_trait;

use crate::error::Result;
use crate::id::UserId;
use crate::time::Timestamp;

/// A user's time-based codes, as they are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TotpRecord {
    /// The shared secret, sealed.
    pub sealed_secret: Vec<u8>,
    /// When the user showed to have it; until then it is not asked for.
    pub confirmed_at: Option<Timestamp>,
    /// The newest step whose code was used.
    pub last_step: Option<u64>,
}

/// Keeps second factors.
#[async_trait]
pub trait FactorStore {
    /// Sets a secret that the user has yet to confirm, in place of another such; `false`, and nothing set, where one is
    /// confirmed.
    async fn enrol_totp(&self, user: &UserId, sealed_secret: &[u8], now: Timestamp) -> Result<bool>;

    /// A user's time-based codes.
    async fn totp(&self, user: &UserId) -> Result<Option<TotpRecord>>;

    /// Confirms the secret that waits for it, uses up the step and sets the recovery codes, by their hashes; `false`, and
    /// nothing changed, where none waits or it is not `sealed_secret`.
    async fn confirm_totp(
        &self,
        user: &UserId,
        sealed_secret: &[u8],
        step: u64,
        recovery_hashes: &[[u8; 32]],
        now: Timestamp,
    ) -> Result<bool>;

    /// Uses up a step of the confirmed secret and every step before it; `false` where this step was used up already. Of
    /// several at once, one is `true`.
    async fn use_totp_step(&self, user: &UserId, step: u64) -> Result<bool>;

    /// Uses up a recovery code; `false` where there is no such code or it was used. Of several at once, one is `true`.
    async fn use_recovery_code(&self, user: &UserId, hash: &[u8; 32], now: Timestamp) -> Result<bool>;

    /// How many recovery codes are left.
    async fn recovery_codes_left(&self, user: &UserId) -> Result<u32>;

    /// Removes the secret and the recovery codes; whether there was one.
    async fn remove_totp(&self, user: &UserId) -> Result<bool>;
}
