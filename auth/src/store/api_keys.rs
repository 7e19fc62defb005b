//! API keys.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::users::User;
use crate::error::Result;
use crate::id::UserId;
use crate::policy::Permission;
use crate::time::Timestamp;

/// An API key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyRecord {
    /// The part of the key that is no secret.
    pub id: String,
    /// Who made it; it never may more than this user.
    pub user: UserId,
    /// What the user calls it.
    pub name: String,
    /// SHA-256 of the secret part, which has 256 random bits and so needs no salt and no slow hash.
    pub secret_hash: [u8; 32],
    /// What it may do, of what its user may.
    pub scopes: BTreeSet<Permission>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its time is over, if ever.
    pub expires_at: Option<Timestamp>,
    /// When it was last used; may lag by a minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

/// Keeps API keys.
#[async_trait]
pub trait ApiKeyStore {
    /// Adds a key.
    async fn insert_api_key(&self, key: &ApiKeyRecord) -> Result<()>;

    /// The key of this id and its user, as they are now, revoked or not.
    async fn api_key(&self, id: &str) -> Result<Option<(ApiKeyRecord, User)>>;

    /// A user's keys that are not revoked, newest first.
    async fn api_keys(&self, user: &UserId) -> Result<Vec<ApiKeyRecord>>;

    /// Revokes a key of this user; whether there was one to revoke.
    async fn revoke_api_key(&self, user: &UserId, id: &str, now: Timestamp) -> Result<bool>;

    /// Notes that a key was used; never moves its time back.
    async fn touch_api_key(&self, id: &str, now: Timestamp) -> Result<()>;
}
