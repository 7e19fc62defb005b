//! The keys of an issuer.

use serde_json::{Value, json};

use crate::error::Result;
use crate::jose::jws::choose;
use crate::jose::{SigningKey, VerifyingKey, check_together};

/// The keys of an issuer, which never change: a rotation makes another set.
///
/// The active key signs. The next one is published before it signs, so that whoever fetches the document knows it in time, and
/// verifies already, so that a machine that has not heard of a rotation takes the tokens of one that has. Retired keys verify until
/// whoever holds them drops them.
#[derive(Debug, Clone)]
pub struct KeySet {
    active: SigningKey,
    next: Option<SigningKey>,
    verifying: Vec<VerifyingKey>,
}

impl KeySet {
    /// Puts keys together.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) when two have one `kid`, or HMAC secrets lie beside public keys.
    pub fn new(active: SigningKey, next: Option<SigningKey>, retired: Vec<VerifyingKey>) -> Result<Self> {
        let mut verifying = vec![active.verifying_key()];
        verifying.extend(next.as_ref().map(SigningKey::verifying_key));
        verifying.extend(retired);
        check_together(&verifying)?;
        Ok(Self { active, next, verifying })
    }

    /// The key that signs.
    #[must_use]
    pub const fn active(&self) -> &SigningKey {
        &self.active
    }

    /// The key that will sign.
    #[must_use]
    pub const fn next(&self) -> Option<&SigningKey> {
        self.next.as_ref()
    }

    /// The key of this name, whatever its state.
    #[must_use]
    pub fn key(&self, kid: &str) -> Option<&VerifyingKey> {
        choose(&self.verifying, Some(kid))
    }

    /// The key that a token's header means: the one that it names, or the only one.
    pub(crate) fn choose(&self, kid: Option<&str>) -> Option<&VerifyingKey> {
        choose(&self.verifying, kid)
    }

    /// The JWK set to publish: the active key, the next one and the retired ones, never a secret.
    ///
    /// Retired keys are in it for as long as they are in this set, because others verify too: one that starts, or fetches the
    /// document anew, after a rotation would otherwise refuse every token that was issued before it.
    #[must_use]
    pub fn jwks(&self) -> Value {
        json!({"keys": self.verifying.iter().filter_map(VerifyingKey::to_jwk).collect::<Vec<_>>()})
    }
}
