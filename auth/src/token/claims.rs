//! What a token says.

use serde_json::{Map, Value};

use crate::id::{SessionId, Tenant, TokenId, UserId};
use crate::time::Timestamp;

/// What a token says of its holder. Issuer and audience are the policy's.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    /// Whose it is: `sub`.
    pub subject: UserId,
    /// Whose things they see: `tenant`.
    pub tenant: Tenant,
    /// The session that it belongs to: `sid`.
    pub session: SessionId,
    /// Its own name: `jti`.
    pub id: TokenId,
    /// When it was issued: `iat`. Whole seconds when written; fractions of others are read.
    pub issued_at: Timestamp,
    /// When it is over: `exp`.
    pub expires_at: Timestamp,
    /// When it begins, if not at once: `nbf`.
    pub not_before: Option<Timestamp>,
    /// Everything else, for instance roles.
    pub extra: Map<String, Value>,
}

/// The claims that have a place of their own.
pub(crate) const REGISTERED: [&str; 9] = ["aud", "exp", "iat", "iss", "jti", "nbf", "sid", "sub", "tenant"];

/// The longest name in a claim (`sub`, `tenant`, `sid`, `jti`), in bytes.
pub(crate) const MAXIMUM_NAME: usize = 256;
