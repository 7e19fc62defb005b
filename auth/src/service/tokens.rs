//! The two tokens of a session.

use serde_json::Map;

use super::AuthService;
use super::profile::Profile;
use crate::audit::{self, AuditAction, Caller};
use crate::error::{Error, Refusal, Result};
use crate::id::{SessionId, TokenId};
use crate::jose::jws;
use crate::secret::Secret;
use crate::store::{Presented, Rotation, Session, User};
use crate::time::Timestamp;
use crate::token::{Claims, TokenKind};

/// Characters that a session keeps of the name of a program.
const USER_AGENT: usize = 256;

/// Somebody who signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// For requests.
    pub token: Secret,
    /// For the next two tokens; can be used once.
    pub refresh_token: Secret,
    /// When `token` is over.
    pub expires_at: Timestamp,
    /// Who it is.
    pub user: Profile,
}

impl AuthService {
    /// Uses a refresh token, which can be used once; the session goes on with the answer's.
    ///
    /// The same token again within [`grace`](super::AuthSettings::grace) is answered with the same successor, since an answer
    /// can be lost. Later it is a sign that somebody else has it: the session is over.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`], [`Error::TokenExpired`], [`Error::RateLimited`] for an address that goes on with tokens of
    /// sessions that are over, [`Error::Backend`].
    pub async fn refresh(&self, refresh_token: &Secret, caller: &Caller) -> Result<SignedIn> {
        let (token, caller) = (refresh_token.clone(), caller.clone());
        self.to_the_end(async move |service| service.rotate(&token, &caller).await).await
    }

    async fn rotate(&self, refresh_token: &Secret, caller: &Caller) -> Result<SignedIn> {
        let now = self.now();
        let claims = self.verify(refresh_token, TokenKind::Refresh, now).await?;
        let presented = Presented {
            session: claims.session.clone(),
            token: claims.id.clone(),
            successor: TokenId::generate()?,
            now,
            grace: self.settings().grace,
        };
        let (refusal, action, session) = match self.store().rotate(&presented).await? {
            Rotation::Rotated(session, user) | Rotation::Repeated(session, user) if user.id == claims.subject => {
                self.record(self.event(AuditAction::Refresh, "session", caller).by_user(&user).on(session.id.as_str())).await?;
                return self.tokens(&session, user, now).await;
            }
            Rotation::Rotated(session, _) | Rotation::Repeated(session, _) => {
                (Refusal::Token, AuditAction::Refresh, Some(session))
            }
            Rotation::Reused(session) => (Refusal::TokenReused, AuditAction::TokenReuse, Some(session)),
            Rotation::Disabled(session) => (Refusal::Disabled, AuditAction::Refresh, Some(session)),
            Rotation::Ended => (Refusal::SessionEnded, AuditAction::Refresh, None),
            Rotation::Unknown => (Refusal::Token, AuditAction::Refresh, None),
        };
        if session.is_none() {
            // Such a token can be tried for days, and each try is a row.
            self.count_address("refresh", self.settings().limits.address, caller, now).await?;
        }
        let mut event = self.event(action, "session", caller).on(claims.session.as_str()).failed(refusal.as_str());
        if session.is_some() {
            event = event.of(&claims.tenant).by(&claims.subject);
        }
        self.record(event).await?;
        Err(Error::refused(refusal))
    }

    /// Begins a session and gives its first tokens.
    pub(super) async fn begin_session(&self, user: User, caller: &Caller, now: Timestamp) -> Result<(SignedIn, SessionId)> {
        let session = Session {
            id: SessionId::generate()?,
            user: user.id.clone(),
            created_at: now,
            // Tokens are over at whole seconds: a session with less than one left could not have any.
            expires_at: Timestamp::from_seconds(now.after(self.settings().tokens.session_lifetime).as_seconds()),
            current: TokenId::generate()?,
            issued_at: now,
            previous: None,
            ended_at: None,
            ip_address: caller.ip_address,
            user_agent: caller.user_agent.as_deref().map(|text| audit::cut(text, USER_AGENT)),
        };
        self.store().start_session(&session).await?;
        Ok((self.tokens(&session, user, now).await?, session.id))
    }

    /// The tokens of a session as it is. The refresh token depends on the session alone, so that a repeated use gives the
    /// same one.
    async fn tokens(&self, session: &Session, user: User, now: Timestamp) -> Result<SignedIn> {
        let policy = &self.settings().tokens;
        let keys = self.inner.keys.current(self.store(), now).await?;
        let claims = |id: TokenId, issued_at: Timestamp, lifetime| Claims {
            subject: user.id.clone(),
            tenant: user.tenant.clone(),
            session: session.id.clone(),
            id,
            issued_at,
            expires_at: issued_at.after(lifetime).min(session.expires_at),
            not_before: None,
            extra: Map::new(),
        };
        let refresh = claims(session.current.clone(), session.issued_at, policy.refresh_lifetime);
        let access = claims(TokenId::generate()?, now, policy.access_lifetime);
        Ok(SignedIn {
            token: self.inner.issuer.issue(&keys, TokenKind::Access, &access)?,
            refresh_token: self.inner.issuer.issue(&keys, TokenKind::Refresh, &refresh)?,
            expires_at: access.expires_at,
            user: user.into(),
        })
    }

    /// What a token says, if it is one of ours, of this kind, and its time has come and is not over.
    pub(super) async fn verify(&self, token: &Secret, kind: TokenKind, now: Timestamp) -> Result<Claims> {
        let text = token.expose();
        let keys = self.inner.keys.current(self.store(), now).await?;
        match self.inner.verifier.verify(&keys, text, kind, now) {
            // Another process may have rotated the keys.
            Err(Error::Unauthenticated { .. }) if jws::key_id(text).is_some_and(|kid| keys.key(&kid).is_none()) => {
                let keys = self.inner.keys.newer(self.store(), now).await?;
                self.inner.verifier.verify(&keys, text, kind, now)
            }
            answer => answer,
        }
    }
}
