//! What the service writes into the audit trail, and how others read it.

use super::AuthService;
use crate::audit::{AuditAction, AuditEvent, AuditRecord, Caller, ChainHead, ChainReport, verify_chain, verify_noted_chain};
use crate::error::{Error, Result};
use crate::policy::{Credential, Decision, Object, Permission, Principal};
use crate::store::{AuditFilter, User};

impl AuthService {
    /// Adds an event to the audit trail. It is durable when this returns.
    ///
    /// # Errors
    /// [`Error::Backend`].
    pub async fn record(&self, event: AuditEvent) -> Result<AuditRecord> {
        self.store().append_audit(&event, &self.inner.chain).await
    }

    /// Events of the principal's tenant, newest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `audit:read`, [`Error::Backend`].
    pub async fn audit(&self, principal: &Principal, filter: AuditFilter, caller: &Caller) -> Result<Vec<AuditRecord>> {
        self.require(principal, &Permission::audit_read(), None, caller).await?;
        self.store().audit(&AuditFilter { tenant: principal.tenant.clone(), ..filter }).await
    }

    /// Whether the audit trail is as it was written, and ends where it was seen to end, if that was noted.
    ///
    /// # Errors
    /// [`Error::Backend`].
    pub async fn verify_audit(&self, noted: Option<ChainHead>) -> Result<ChainReport> {
        match noted {
            Some(noted) => verify_noted_chain(self.store(), &self.inner.chain, noted).await,
            None => verify_chain(self.store(), &self.inner.chain).await,
        }
    }

    /// Does something and records it, to the end: a server forgets the request of a caller who hung up, and what was done
    /// would have no row.
    pub(super) async fn to_the_end<T, W>(&self, work: impl FnOnce(Self) -> W) -> Result<T>
    where
        T: Send + 'static,
        W: Future<Output = Result<T>> + Send + 'static,
    {
        let work = tokio::spawn(work(self.clone()));
        work.await.map_err(|error| Error::internal(format!("what was to be done and recorded ended early: {error}")))?
    }

    /// An event of now, from this caller.
    pub(super) fn event(&self, action: AuditAction, resource_type: &str, caller: &Caller) -> AuditEvent {
        AuditEvent::new(action, resource_type, self.settings().tenant.clone(), self.now()).from(caller)
    }

    /// The same, by somebody known.
    pub(super) fn event_by(
        &self,
        principal: &Principal,
        action: AuditAction,
        resource_type: &str,
        caller: &Caller,
    ) -> AuditEvent {
        let event = self.event(action, resource_type, caller).of(&principal.tenant).by(&principal.user);
        match &principal.credential {
            Credential::Token { session, .. } => event.with("session", session.as_str()),
            Credential::ApiKey { id } => event.with("api_key", id.as_str()),
        }
    }

    pub(super) async fn record_denial(
        &self,
        principal: &Principal,
        permission: &Permission,
        object: Option<&Object>,
        decision: &Decision,
        caller: &Caller,
    ) -> Result<()> {
        let mut event = self.event_by(principal, AuditAction::Denied, permission.resource_type(), caller);
        if let Some(object) = object {
            event = event.on(&object.id);
        }
        let event = event.with("permission", permission.as_str()).failed(&decision.explanation());
        self.record(event).await.map(drop)
    }
}

impl AuditEvent {
    pub(super) fn by_user(self, user: &User) -> Self {
        self.of(&user.tenant).by(&user.id)
    }
}
