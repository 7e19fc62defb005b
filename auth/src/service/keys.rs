//! The keys that sign, read from the store and rotated there.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use crate::error::{Error, Result};
use crate::jose::{Algorithm, SigningKey, VerifyingKey};
use crate::seal::{MasterKey, Purpose};
use crate::store::{KeyState, SigningKeyRecord, Store};
use crate::time::Timestamp;
use crate::token::KeySet;

/// Keys are read again after this long, or when a token names one that is not known.
pub(super) const FRESH: Duration = Duration::from_secs(60);
/// An unknown key's name has them read again at most this often.
const UNKNOWN: Duration = Duration::from_secs(5);

/// The keys as they were read last. Another process may rotate them: the key that signs next was known a whole key's life
/// before, so that no token is refused in between.
#[derive(Debug)]
pub(super) struct KeyRing {
    master: MasterKey,
    algorithm: Algorithm,
    loaded: RwLock<Loaded>,
}

#[derive(Debug, Clone)]
struct Loaded {
    keys: Arc<KeySet>,
    active_since: Timestamp,
    at: Timestamp,
}

impl Loaded {
    /// What was read at a time to come was read before the clock went back, who knows when.
    fn is_younger_than(&self, age: Duration, now: Timestamp) -> bool {
        self.at <= now && now.since(self.at) < age
    }
}

impl KeyRing {
    /// Reads the keys; the first process of all makes them.
    pub(super) async fn open(store: &dyn Store, master: &MasterKey, algorithm: Algorithm, now: Timestamp) -> Result<Self> {
        let mut records = store.signing_keys().await?;
        if records.is_empty() {
            let active = new_record(master, algorithm, KeyState::Active, now)?;
            let next = new_record(master, algorithm, KeyState::Next, now)?;
            store.begin_signing_keys(&active, &next).await?;
            records = store.signing_keys().await?;
        }
        check_algorithm(algorithm, &records)?;
        let loaded = RwLock::new(load(master, records, now)?);
        Ok(Self { master: master.clone(), algorithm, loaded })
    }

    /// The keys, read again where they are old.
    pub(super) async fn current(&self, store: &dyn Store, now: Timestamp) -> Result<Arc<KeySet>> {
        let loaded = self.loaded();
        if loaded.is_younger_than(FRESH, now) {
            return Ok(loaded.keys);
        }
        self.reload(store, now).await
    }

    /// The keys, read again unless that was a moment ago.
    pub(super) async fn newer(&self, store: &dyn Store, now: Timestamp) -> Result<Arc<KeySet>> {
        let loaded = self.loaded();
        if loaded.is_younger_than(UNKNOWN, now) {
            return Ok(loaded.keys);
        }
        self.reload(store, now).await
    }

    /// Rotates the keys if the active one has signed for long enough; whether it did.
    pub(super) async fn rotate(&self, store: &dyn Store, lifetime: Duration, now: Timestamp) -> Result<bool> {
        let keys = self.reload(store, now).await?;
        if now.since(self.loaded().active_since) < lifetime {
            return Ok(false);
        }
        let next = new_record(&self.master, self.algorithm, KeyState::Next, now)?;
        let rotated = store.rotate_signing_keys(keys.active().kid(), &next, now).await?;
        self.reload(store, now).await?;
        Ok(rotated)
    }

    async fn reload(&self, store: &dyn Store, now: Timestamp) -> Result<Arc<KeySet>> {
        let loaded = load(&self.master, store.signing_keys().await?, now)?;
        let keys = Arc::clone(&loaded.keys);
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = loaded;
        Ok(keys)
    }

    fn loaded(&self) -> Loaded {
        self.loaded.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Secrets never lie beside public keys, so that no public key is ever taken for a secret: which of the two an installation has
/// is decided when its first keys are made.
fn check_algorithm(algorithm: Algorithm, records: &[SigningKeyRecord]) -> Result<()> {
    for record in records {
        if record.algorithm.parse::<Algorithm>()?.is_symmetric() != algorithm.is_symmetric() {
            let expected = format!("one of the kind of {}, which the store's keys are for", record.algorithm);
            return Err(Error::invalid("signing algorithm", expected, algorithm.as_str()));
        }
    }
    Ok(())
}

fn new_record(master: &MasterKey, algorithm: Algorithm, state: KeyState, now: Timestamp) -> Result<SigningKeyRecord> {
    let key = SigningKey::generate(algorithm)?;
    let sealed_key = master.seal(Purpose::SigningKey, key.kid(), key.to_bytes()?.expose())?;
    Ok(SigningKeyRecord {
        kid: key.kid().to_owned(),
        algorithm: algorithm.as_str().to_owned(),
        state,
        sealed_key,
        created_at: now,
        changed_at: now,
    })
}

fn load(master: &MasterKey, records: Vec<SigningKeyRecord>, now: Timestamp) -> Result<Loaded> {
    let mut active = None;
    let mut next = None;
    let mut retired: Vec<VerifyingKey> = Vec::new();
    for record in records {
        let algorithm: Algorithm = record.algorithm.parse()?;
        let bytes = master.open(Purpose::SigningKey, &record.kid, &record.sealed_key)?;
        let key = SigningKey::from_bytes(algorithm, &record.kid, &bytes)?;
        match record.state {
            KeyState::Active => active = Some((key, record.changed_at)),
            KeyState::Next => next = Some(key),
            KeyState::Retired => retired.push(key.verifying_key()),
        }
    }
    let (active, active_since) = active.ok_or_else(|| Error::internal("the store has no active signing key"))?;
    let keys = Arc::new(KeySet::new(active, next, retired)?);
    Ok(Loaded { keys, active_since, at: now })
}
