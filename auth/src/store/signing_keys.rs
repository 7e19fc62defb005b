//! The keys that tokens are signed with.

use async_trait::async_trait;

use crate::error::Result;
use crate::time::Timestamp;

/// Where a key is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyState {
    /// Published, so that everybody knows it when it begins to sign.
    Next,
    /// Signs.
    Active,
    /// Signs no more; what it signed is still good.
    Retired,
}

impl KeyState {
    /// The word that stores have for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Active => "active",
            Self::Retired => "retired",
        }
    }
}

/// A key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKeyRecord {
    /// The `kid` of its tokens.
    pub kid: String,
    /// The `alg` of its tokens.
    pub algorithm: String,
    /// Where it is in its life.
    pub state: KeyState,
    /// The private key, sealed.
    pub sealed_key: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it came into its state.
    pub changed_at: Timestamp,
}

/// Keeps signing keys.
#[async_trait]
pub trait SigningKeyStore {
    /// Every key, oldest first.
    async fn signing_keys(&self) -> Result<Vec<SigningKeyRecord>>;

    /// Adds the first two keys, unless there is any; whether they were added. Of several at once, one is `true`.
    async fn begin_signing_keys(&self, active: &SigningKeyRecord, next: &SigningKeyRecord) -> Result<bool>;

    /// Retires the active key, makes the next one active and adds another next one, if the active key still is `active`;
    /// whether it was. Of several at once, one is `true`.
    async fn rotate_signing_keys(&self, active: &str, next: &SigningKeyRecord, now: Timestamp) -> Result<bool>;

    /// Forgets keys that were retired before this time; how many.
    async fn forget_signing_keys(&self, before: Timestamp) -> Result<u64>;
}
