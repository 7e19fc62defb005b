//! Who is asking.

use std::time::Duration;

use super::AuthService;
use super::caller::Credentials;
use crate::api_key::ApiKey;
use crate::audit::{AuditAction, Caller};
use crate::error::{Error, Refusal, Result};
use crate::policy::{Credential, Principal};
use crate::secret::Secret;
use crate::store::User;
use crate::time::Timestamp;
use crate::token::TokenKind;

/// A key's time of last use is written when it is this old.
const LAST_USED: Duration = Duration::from_secs(60);

impl AuthService {
    /// Who is asking. The session or key and the user are read from the store: what was ended, revoked or switched off is not
    /// let in.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`], [`Error::TokenExpired`], [`Error::Backend`].
    pub async fn authenticate(&self, credentials: &Credentials) -> Result<Principal> {
        let now = self.now();
        match credentials {
            Credentials::Bearer(token) => self.authenticate_token(token, now).await,
            Credentials::ApiKey(key) => self.authenticate_key(key, now).await,
        }
    }

    /// Denies one access token from now on, until its own time is over.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a token that would not be let in anyway, [`Error::Backend`].
    pub async fn deny_token(&self, token: &Secret, caller: &Caller) -> Result<()> {
        let claims = self.verify(token, TokenKind::Access, self.now()).await?;
        self.store().deny_token(&claims.id, claims.expires_at.after(self.settings().tokens.leeway)).await?;
        let event = self.event(AuditAction::TokenDeny, "token", caller).of(&claims.tenant).on(claims.id.as_str());
        // Whoever holds the token may be somebody else than its user.
        let event = event.with("session", claims.session.as_str()).with("subject", claims.subject.as_str());
        self.record(event).await.map(drop)
    }

    async fn authenticate_token(&self, token: &Secret, now: Timestamp) -> Result<Principal> {
        let claims = self.verify(token, TokenKind::Access, now).await?;
        let Some(state) = self.store().session(&claims.session, &claims.id, now).await? else {
            return Err(Error::refused(Refusal::SessionEnded));
        };
        if state.user.id != claims.subject || state.user.tenant != claims.tenant || state.denied {
            return Err(Error::refused(Refusal::Token));
        }
        if state.session.ended_at.is_some() || state.session.expires_at <= now {
            return Err(Error::refused(Refusal::SessionEnded));
        }
        let credential = Credential::Token { session: claims.session, token: claims.id };
        active(principal(&state.user, credential), &state.user)
    }

    async fn authenticate_key(&self, text: &Secret, now: Timestamp) -> Result<Principal> {
        let key = ApiKey::parse(text.expose())?;
        let Some((record, user)) = self.store().api_key(key.id()).await? else {
            return Err(Error::refused(Refusal::ApiKey));
        };
        if !key.matches(&record.secret_hash) {
            return Err(Error::refused(Refusal::ApiKey));
        }
        if record.revoked_at.is_some() || record.expires_at.is_some_and(|over| over <= now) {
            return Err(Error::refused(Refusal::ApiKeyEnded));
        }
        if record.last_used_at.is_none_or(|used| now.since(used) >= LAST_USED) {
            self.store().touch_api_key(&record.id, now).await?;
        }
        let principal = principal(&user, Credential::ApiKey { id: record.id });
        active(Principal { scopes: Some(record.scopes), ..principal }, &user)
    }
}

fn principal(user: &User, credential: Credential) -> Principal {
    Principal {
        user: user.id.clone(),
        tenant: user.tenant.clone(),
        username: user.username.clone(),
        roles: user.roles(),
        scopes: None,
        credential,
    }
}

fn active(principal: Principal, user: &User) -> Result<Principal> {
    if user.active { Ok(principal) } else { Err(Error::refused(Refusal::Disabled)) }
}
