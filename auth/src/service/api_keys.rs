//! One's API keys.

use std::collections::BTreeSet;

use super::AuthService;
use crate::api_key::ApiKey;
use crate::audit::{AuditAction, Caller};
use crate::error::{Error, Result};
use crate::policy::{Authorizer, Permission, Principal};
use crate::secret::Secret;
use crate::store::ApiKeyRecord;
use crate::time::Timestamp;

/// The longest name of a key, in characters.
const NAME: usize = 100;
/// How many keys a user has at most.
const KEYS: usize = 100;

/// A key to be made.
#[derive(Debug, Clone)]
pub struct ApiKeyRequest {
    /// What the user calls it.
    pub name: String,
    /// What it may do; nothing that the user may not.
    pub scopes: BTreeSet<Permission>,
    /// When its time is over, if ever.
    pub expires_at: Option<Timestamp>,
}

/// A key that was made.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// The key, which is shown this once.
    pub key: Secret,
    /// What is kept of it.
    pub record: ApiKeyRecord,
}

impl AuthService {
    /// Makes an API key for the principal.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for an API key and for scopes beyond what the principal may, [`Error::Invalid`],
    /// [`Error::Conflict`] for a user with too many, [`Error::Backend`].
    pub async fn create_api_key(&self, principal: &Principal, request: ApiKeyRequest, caller: &Caller) -> Result<NewApiKey> {
        self.own_session(principal, "to make an API key")?;
        let now = self.now();
        let ApiKeyRequest { name, scopes, expires_at } = request;
        if !(1..=NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            return Err(Error::invalid(
                "name",
                "1 to 100 characters on one line",
                format!("{} characters", name.chars().count()),
            ));
        }
        if scopes.is_empty() {
            return Err(Error::invalid("scopes", "at least one permission, for instance cmdb:read", "none"));
        }
        if expires_at.is_some_and(|over| over <= now) {
            return Err(Error::invalid("expires_at", "a time to come", "one that is past"));
        }
        let allowed = self.policy().permissions(principal);
        if let Some(beyond) = scopes.difference(&allowed).next() {
            let reason = format!("you do not have {beyond} yourself");
            return Err(Error::Forbidden { what: "to make an API key with these scopes".to_owned(), reason });
        }
        if self.store().api_keys(&principal.user).await?.len() >= KEYS {
            let advice = format!("revoke some; a user has at most {KEYS}");
            return Err(Error::Conflict { what: "too many API keys".to_owned(), advice });
        }
        let key = ApiKey::generate()?;
        let record = ApiKeyRecord {
            id: key.id().to_owned(),
            user: principal.user.clone(),
            name,
            secret_hash: key.secret_hash(),
            scopes,
            created_at: now,
            expires_at,
            last_used_at: None,
            revoked_at: None,
        };
        let scopes: Vec<&str> = record.scopes.iter().map(Permission::as_str).collect();
        let event = self.event_by(principal, AuditAction::ApiKeyCreate, "api_key", caller).on(&record.id);
        let event = event.with("name", record.name.as_str()).with("scopes", scopes);
        self.to_the_end(async move |service| {
            service.store().insert_api_key(&record).await?;
            service.record(event).await?;
            Ok(NewApiKey { key: key.to_secret(), record })
        })
        .await
    }

    /// The principal's keys that were not revoked, newest first.
    ///
    /// # Errors
    /// [`Error::Backend`].
    pub async fn api_keys(&self, principal: &Principal) -> Result<Vec<ApiKeyRecord>> {
        self.store().api_keys(&principal.user).await
    }

    /// Revokes one of the principal's keys. It is refused from now on.
    ///
    /// # Errors
    /// [`Error::NotFound`] for one that is not its own or was revoked, [`Error::Forbidden`] for an API key,
    /// [`Error::Backend`].
    pub async fn revoke_api_key(&self, principal: &Principal, id: &str, caller: &Caller) -> Result<()> {
        self.own_session(principal, "to revoke an API key")?;
        let event = self.event_by(principal, AuditAction::ApiKeyRevoke, "api_key", caller).on(id);
        let (user, id) = (principal.user.clone(), id.to_owned());
        self.to_the_end(async move |service| {
            if !service.store().revoke_api_key(&user, &id, service.now()).await? {
                return Err(Error::NotFound { what: "API key", id: id.chars().take(80).collect() });
            }
            service.record(event).await.map(drop)
        })
        .await
    }
}
