//! A service with an administrator, and what the tests ask of it.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dharmagraph_auth::password::{HashPolicy, PasswordHasher, PolicyHasher, Verdict};
use dharmagraph_auth::policy::Principal;
use dharmagraph_auth::service::{
    AuthService, AuthServiceBuilder, AuthSettings, Caller, Credentials, FirstUser, Login, SignedIn, Signup,
};
use dharmagraph_auth::store::MemoryStore;
use dharmagraph_auth::testkit::ManualClock;
use dharmagraph_auth::{Error, MasterKey, Refusal, Result, Secret, Store};

pub(crate) const EMAIL: &str = "ada@example.com";
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// What happens elsewhere in the meantime.
type Meanwhile = Box<dyn FnOnce() + Send>;

/// Hashes cheaply, and counts how often a password was looked at.
pub(crate) struct CountingHasher {
    hasher: PolicyHasher,
    checks: AtomicUsize,
    meanwhile: Mutex<Option<Meanwhile>>,
}

impl fmt::Debug for CountingHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CountingHasher").field("checks", &self.checks).finish_non_exhaustive()
    }
}

impl CountingHasher {
    pub(crate) fn new() -> Arc<Self> {
        let hasher = PolicyHasher::weak(HashPolicy::Argon2id { memory_kib: 8, passes: 1, lanes: 1 }).unwrap();
        Arc::new(Self { hasher, checks: AtomicUsize::new(0), meanwhile: Mutex::default() })
    }

    pub(crate) fn checks(&self) -> usize {
        self.checks.load(Ordering::SeqCst)
    }

    /// Does this once the next password was looked at, and before anybody knows of it.
    pub(crate) fn meanwhile(&self, other: impl Future<Output = ()> + Send + 'static) {
        let other = move || tokio::runtime::Handle::current().block_on(other);
        *self.meanwhile.lock().unwrap() = Some(Box::new(other));
    }
}

impl PasswordHasher for CountingHasher {
    fn hash(&self, password: &Secret) -> Result<Secret> {
        self.hasher.hash(password)
    }

    fn verify(&self, password: &Secret, hash: &Secret) -> Result<Verdict> {
        self.checks.fetch_add(1, Ordering::SeqCst);
        let verdict = self.hasher.verify(password, hash);
        let meanwhile = self.meanwhile.lock().unwrap().take();
        meanwhile.into_iter().for_each(|other| other());
        verdict
    }
}

/// A service and what it stands on.
pub(crate) struct House {
    pub(crate) service: AuthService,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) hasher: Arc<CountingHasher>,
    pub(crate) master: MasterKey,
}

pub(crate) fn settings() -> AuthSettings {
    AuthSettings { answer_grid: Duration::ZERO, signup: true, ..AuthSettings::new("dharmagraph", "tests") }
}

impl House {
    /// An empty house.
    pub(crate) async fn empty(settings: AuthSettings) -> Self {
        let store = Arc::new(MemoryStore::new());
        let clock = Arc::new(ManualClock::default());
        let hasher = CountingHasher::new();
        let master = MasterKey::generate().unwrap();
        let service = AuthService::builder(Arc::clone(&store) as Arc<dyn Store>, settings, master.clone())
            .clock(Arc::clone(&clock) as Arc<dyn dharmagraph_auth::Clock>)
            .hasher(Arc::clone(&hasher) as Arc<dyn PasswordHasher>)
            .open()
            .await
            .unwrap();
        Self { service, store, clock, hasher, master }
    }

    /// A house with an administrator, `ada@example.com`.
    pub(crate) async fn new() -> Self {
        let house = Self::empty(settings()).await;
        house.bootstrap().await;
        house
    }

    pub(crate) async fn bootstrap(&self) -> SignedIn {
        let token = self.service.begin_bootstrap().await.unwrap().unwrap();
        let first = FirstUser { token, user: signup(EMAIL, "ada") };
        self.service.bootstrap(first, &Caller::default()).await.unwrap()
    }

    pub(crate) async fn login(&self, email: &str, password: &str) -> Result<SignedIn> {
        self.service.login(login(email, password), &caller("192.0.2.1")).await
    }

    /// Another process over the same store, with something set otherwise.
    pub(crate) async fn beside(&self, with: impl FnOnce(AuthServiceBuilder) -> AuthServiceBuilder) -> AuthService {
        let store = Arc::clone(&self.store) as Arc<dyn Store>;
        let builder = AuthService::builder(store, settings(), self.master.clone())
            .clock(Arc::clone(&self.clock) as Arc<dyn dharmagraph_auth::Clock>)
            .hasher(Arc::clone(&self.hasher) as Arc<dyn PasswordHasher>);
        with(builder).open().await.unwrap()
    }

    /// Who has this token.
    pub(crate) async fn principal(&self, signed_in: &SignedIn) -> Result<Principal> {
        self.service.authenticate(&Credentials::Bearer(signed_in.token.clone())).await
    }

    /// A viewer, signed in.
    pub(crate) async fn viewer(&self, name: &str) -> SignedIn {
        self.service.signup(signup(&format!("{name}@example.com"), name), &Caller::default()).await.unwrap()
    }
}

pub(crate) fn signup(email: &str, username: &str) -> Signup {
    Signup { email: email.to_owned(), username: username.to_owned(), password: Secret::new(PASSWORD), full_name: None }
}

pub(crate) fn login(email: &str, password: &str) -> Login {
    Login { email: email.to_owned(), password: Secret::new(password), totp: None }
}

pub(crate) fn caller(address: &str) -> Caller {
    Caller { ip_address: Some(address.parse().unwrap()), ..Caller::default() }
}

/// Why somebody was refused.
#[track_caller]
pub(crate) fn refusal<T: std::fmt::Debug>(answer: Result<T>) -> Refusal {
    match answer {
        Err(Error::Unauthenticated { reason }) => reason,
        other => panic!("not refused: {other:?}"),
    }
}
