//! Who is asking, once known.

use std::collections::BTreeSet;

use crate::id::{SessionId, Tenant, TokenId, UserId};
use crate::policy::{Permission, RoleName};

/// Who is asking, once known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The user.
    pub user: UserId,
    /// The tenant that it belongs to: nothing of another is seen or changed.
    pub tenant: Tenant,
    /// The name that it signs in with.
    pub username: String,
    /// Its roles, built-in and custom.
    pub roles: BTreeSet<RoleName>,
    /// What the credential may do of what the roles may; `None` where it may all of it.
    pub scopes: Option<BTreeSet<Permission>>,
    /// How it showed who it is.
    pub credential: Credential,
}

/// How somebody showed who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Credential {
    /// With an access token.
    Token {
        /// The session that it belongs to.
        session: SessionId,
        /// The token.
        token: TokenId,
    },
    /// With an API key.
    ApiKey {
        /// The key's id.
        id: String,
    },
}

impl Principal {
    /// The session that the request belongs to; an API key has none.
    #[must_use]
    pub const fn session(&self) -> Option<&SessionId> {
        match &self.credential {
            Credential::Token { session, .. } => Some(session),
            Credential::ApiKey { .. } => None,
        }
    }
}
