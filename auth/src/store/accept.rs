//! What text a store takes: the same for all, so that accounts can move from one to another.

use super::{ApiKeyRecord, Session, SigningKeyRecord, User};
use crate::error::{Error, Result};
use crate::id::{Tenant, UserId};

/// Refuses text with the character NUL, which PostgreSQL does not keep (its documentation, section 8.3).
pub(crate) fn text(what: &str, text: &str) -> Result<()> {
    match text.find('\0') {
        None => Ok(()),
        Some(place) => Err(Error::invalid(what, "text without the character NUL", format!("one at byte {place}"))),
    }
}

/// Whether this is how a user's id is written: a UUID in lower case with hyphens. No other text names a user.
pub(crate) fn is_user_id(id: &UserId) -> bool {
    uuid::Uuid::try_parse(id.as_str()).is_ok_and(|uuid| uuid.hyphenated().to_string() == id.as_str())
}

/// Refuses a user that cannot be kept.
pub(crate) fn user(user: &User) -> Result<()> {
    if !is_user_id(&user.id) {
        return Err(Error::invalid("user id", "a UUID in lower case with hyphens", "something else"));
    }
    text("tenant", user.tenant.as_str())?;
    text("e-mail address", &user.email)?;
    text("user name", &user.username)?;
    text("full name", user.full_name.as_deref().unwrap_or_default())?;
    text("password hash", user.password_hash.expose())
}

/// Refuses a session that cannot be kept.
pub(crate) fn session(session: &Session) -> Result<()> {
    text("session id", session.id.as_str())?;
    text("token id", session.current.as_str())?;
    text("token id", session.previous.as_ref().map_or("", |token| token.as_str()))?;
    text("user agent", session.user_agent.as_deref().unwrap_or_default())
}

/// Refuses an API key that cannot be kept.
pub(crate) fn api_key(key: &ApiKeyRecord) -> Result<()> {
    text("API key id", &key.id)?;
    text("API key name", &key.name)
}

/// Refuses a signing key that cannot be kept.
pub(crate) fn signing_key(key: &SigningKeyRecord) -> Result<()> {
    text("kid", &key.kid)?;
    text("algorithm", &key.algorithm)
}

impl Error {
    /// What every store says where a name is taken.
    pub(crate) fn taken(what: &str) -> Self {
        Self::Conflict { what: format!("the {what} is taken"), advice: "choose another one".to_owned() }
    }

    /// What every store says where a change would take a tenant's last administrator.
    pub(crate) fn last_administrator(tenant: &Tenant) -> Self {
        Self::Conflict {
            what: format!("the tenant `{tenant}` would have no active administrator"),
            advice: "make somebody else ADMIN first".to_owned(),
        }
    }
}
