//! All of it together: sign up, sign in, refresh, sign out, and who is asking.

mod administration;
mod api_keys;
mod authenticate;
mod bootstrap;
mod caller;
mod events;
mod keys;
mod limits;
mod login;
mod new_user;
mod password;
mod profile;
mod second_factor;
mod sessions;
mod settings;
mod tokens;
mod upkeep;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use serde_json::Value;

pub use administration::{NewUser, UserUpdate};
pub use api_keys::{ApiKeyRequest, NewApiKey};
pub use bootstrap::FirstUser;
pub use caller::Credentials;
pub use login::Login;
pub use new_user::Signup;
pub use profile::Profile;
pub use second_factor::Enrolment;
pub use sessions::SessionView;
pub use settings::{AuthSettings, TryLimits};
pub use tokens::SignedIn;
pub use upkeep::Upkeep;

use crate::audit::AuditChain;
pub use crate::audit::Caller;
#[cfg(doc)]
use crate::error::Error;
use crate::error::Result;
use crate::password::{BreachedPasswords, HashingPool, NoBreachList, PasswordHasher, PolicyHasher};
use crate::policy::{Authorizer, Object, Permission, Policy, Principal};
use crate::seal::MasterKey;
use crate::store::Store;
use crate::time::{Clock, SystemClock, Timestamp};
use crate::token::{Issuer, Verifier};

/// Who may come in, over any [`Store`]. Cheap to clone.
///
/// - Whoever is refused is told [`Error::Unauthenticated`] and nothing else, alike for each reason; the reason is in the audit
///   trail.
/// - A store that fails lets nobody in.
/// - What is acknowledged was recorded in the audit trail before. What changes something is done and recorded to the end, also
///   where the future that asked for it is dropped, as servers do when a caller hangs up.
/// - Users, roles and sessions are read at each request: what an administrator changes holds from then on.
#[derive(Debug, Clone)]
pub struct AuthService {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Arc<dyn Store>,
    settings: AuthSettings,
    policy: Policy,
    breached: Arc<dyn BreachedPasswords>,
    clock: Arc<dyn Clock>,
    pool: HashingPool,
    master: MasterKey,
    chain: AuditChain,
    keys: keys::KeyRing,
    issuer: Issuer,
    verifier: Verifier,
    /// How long the last look at a password took, in microseconds: a locked account's answer takes as long.
    last_check: AtomicU64,
}

/// Puts an [`AuthService`] together.
#[derive(Debug)]
pub struct AuthServiceBuilder {
    store: Arc<dyn Store>,
    settings: AuthSettings,
    master: MasterKey,
    policy: Policy,
    hasher: Option<Arc<dyn PasswordHasher>>,
    breached: Arc<dyn BreachedPasswords>,
    clock: Arc<dyn Clock>,
}

impl AuthService {
    /// Begins with a store, the settings and the installation's key; the rest has defaults.
    #[must_use]
    pub fn builder(store: Arc<dyn Store>, settings: AuthSettings, master: MasterKey) -> AuthServiceBuilder {
        AuthServiceBuilder {
            store,
            settings,
            master,
            policy: Policy::built_in(),
            hasher: None,
            breached: Arc::new(NoBreachList),
            clock: Arc::new(SystemClock),
        }
    }

    /// What an installation decided.
    #[must_use]
    pub fn settings(&self) -> &AuthSettings {
        &self.inner.settings
    }

    /// The roles and rules.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.inner.policy
    }

    /// The public keys, as a JWK set (RFC 7517).
    ///
    /// # Errors
    /// [`Error::Backend`].
    pub async fn jwks(&self) -> Result<Value> {
        Ok(self.inner.keys.current(self.store(), self.now()).await?.jwks())
    }

    /// Lets a principal do something, to an object where there is one, or not.
    ///
    /// # Errors
    /// [`Error::Forbidden`] with the reason, and [`Error::NotFound`] for another tenant's object. The audit trail has it.
    pub async fn require(
        &self,
        principal: &Principal,
        permission: &Permission,
        object: Option<&Object>,
        caller: &Caller,
    ) -> Result<()> {
        let decision = self.inner.policy.decide(principal, permission, object);
        if decision.allowed() {
            return Ok(());
        }
        self.record_denial(principal, permission, object, &decision, caller).await?;
        decision.require(if object.is_some() { "resource" } else { "this tenant" })
    }

    fn store(&self) -> &dyn Store {
        &*self.inner.store
    }

    fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }
}

impl AuthServiceBuilder {
    /// Other roles and rules than the built-in ones.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Another way to hash passwords than [`AuthSettings::hashing`] says.
    #[must_use]
    pub fn hasher(mut self, hasher: Arc<dyn PasswordHasher>) -> Self {
        self.hasher = Some(hasher);
        self
    }

    /// Passwords that are known to have been stolen.
    #[must_use]
    pub fn breached_passwords(mut self, breached: Arc<dyn BreachedPasswords>) -> Self {
        self.breached = breached;
        self
    }

    /// Another clock than the system's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Reads the signing keys, or makes them, and is ready.
    ///
    /// # Errors
    /// [`Error::Invalid`] for settings that do not hold together, [`Error::Backend`] where the store fails and
    /// [`Error::Internal`] where the store was made with another master key.
    pub async fn open(self) -> Result<AuthService> {
        self.settings.check()?;
        let hasher = match self.hasher {
            Some(hasher) => hasher,
            None => Arc::new(PolicyHasher::new(self.settings.hashing)?),
        };
        let issuer = Issuer::new(&self.settings.tokens)?;
        let verifier = Verifier::new(&self.settings.tokens)?;
        let pool = HashingPool::new(hasher, self.settings.hashing_limits)?;
        let keys = keys::KeyRing::open(&*self.store, &self.master, self.settings.algorithm, self.clock.now()).await?;
        let inner = Inner {
            chain: self.master.audit_chain()?,
            store: self.store,
            settings: self.settings,
            policy: self.policy,
            breached: self.breached,
            clock: self.clock,
            pool,
            master: self.master,
            keys,
            issuer,
            verifier,
            last_check: AtomicU64::new(0),
        };
        Ok(AuthService { inner: Arc::new(inner) })
    }
}
