//! One's sessions.

use std::net::IpAddr;

use serde::Serialize;

use super::AuthService;
use super::profile::Profile;
use crate::audit::{AuditAction, Caller};
use crate::error::{Error, Result};
use crate::id::SessionId;
use crate::policy::Principal;
use crate::store::Session;
use crate::time::Timestamp;

/// A session as its user sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SessionView {
    /// Its id.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// When it began.
    pub created_at: Timestamp,
    /// When its tokens were last issued.
    pub last_used_at: Timestamp,
    /// When it is over.
    pub expires_at: Timestamp,
    /// Where it began.
    pub ip_address: Option<IpAddr>,
    /// With what program.
    pub user_agent: Option<String>,
}

impl AuthService {
    /// The principal's user.
    ///
    /// # Errors
    /// [`Error::Backend`].
    pub async fn profile(&self, principal: &Principal) -> Result<Profile> {
        Ok(self.own_user(principal).await?.into())
    }

    /// The principal's sessions that go on, newest first.
    ///
    /// # Errors
    /// [`Error::Backend`].
    pub async fn sessions(&self, principal: &Principal) -> Result<Vec<SessionView>> {
        let sessions = self.store().sessions(&principal.user, self.now()).await?;
        Ok(sessions.into_iter().map(|session| view(session, principal.session())).collect())
    }

    /// Ends the session that asks, or all of the principal's. Its tokens are refused from now on.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for an API key, which has no session; [`Error::Backend`].
    pub async fn logout(&self, principal: &Principal, all: bool, caller: &Caller) -> Result<()> {
        let now = self.now();
        let session = self.own_session(principal, "to sign out")?;
        let event = self.event_by(principal, AuditAction::Logout, "session", caller).on(session.as_str());
        let (user, session) = (principal.user.clone(), session.clone());
        self.to_the_end(async move |service| {
            let ended = if all {
                service.store().end_sessions(&user, None, now).await?
            } else {
                u64::from(service.store().end_session(&user, &session, now).await?)
            };
            service.record(event.with("sessions_ended", ended)).await.map(drop)
        })
        .await
    }

    /// Ends one of the principal's sessions.
    ///
    /// # Errors
    /// [`Error::NotFound`] for one that is not its own or has ended, [`Error::Forbidden`] for an API key,
    /// [`Error::Backend`].
    pub async fn end_session(&self, principal: &Principal, id: &SessionId, caller: &Caller) -> Result<()> {
        self.own_session(principal, "to end a session")?;
        let event = self.event_by(principal, AuditAction::SessionEnd, "session", caller).on(id.as_str());
        let (user, id) = (principal.user.clone(), id.clone());
        self.to_the_end(async move |service| {
            if !service.store().end_session(&user, &id, service.now()).await? {
                return Err(Error::NotFound { what: "session", id: id.to_string() });
            }
            service.record(event).await.map(drop)
        })
        .await
    }

    /// The session that asks: an API key can do nothing that concerns credentials.
    pub(super) fn own_session<'a>(&self, principal: &'a Principal, what: &str) -> Result<&'a SessionId> {
        principal.session().ok_or_else(|| Error::Forbidden {
            what: what.to_owned(),
            reason: "an API key cannot do this; sign in and use the token".to_owned(),
        })
    }
}

fn view(session: Session, current: Option<&SessionId>) -> SessionView {
    SessionView {
        current: current == Some(&session.id),
        id: session.id,
        created_at: session.created_at,
        last_used_at: session.issued_at,
        expires_at: session.expires_at,
        ip_address: session.ip_address,
        user_agent: session.user_agent,
    }
}
