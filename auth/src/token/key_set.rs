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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::{Algorithm, JwkSet};

    fn kids(keys: &KeySet) -> Vec<String> {
        let set = JwkSet::parse(&keys.jwks().to_string()).unwrap();
        set.keys().iter().map(|key| key.kid().to_owned()).collect()
    }

    #[test]
    fn a_key_is_published_before_it_signs_and_until_it_is_forgotten() {
        let [first, second, third] = [(); 3].map(|()| SigningKey::generate(Algorithm::EdDSA).unwrap());
        let before = KeySet::new(first.clone(), Some(second.clone()), Vec::new()).unwrap();
        let after = KeySet::new(second.clone(), Some(third.clone()), vec![first.verifying_key()]).unwrap();
        assert_eq!(kids(&before), [first.kid(), second.kid()]);
        assert_eq!(kids(&after), [second.kid(), third.kid(), first.kid()]);
        assert_eq!((after.active().kid(), after.next().map(SigningKey::kid)), (second.kid(), Some(third.kid())));

        let of_before = before.active().sign(b"text").unwrap();
        let of_after = after.active().sign(b"text").unwrap();
        for keys in [&before, &after] {
            assert!(keys.key(first.kid()).unwrap().verify(b"text", &of_before));
            assert!(keys.key(second.kid()).unwrap().verify(b"text", &of_after));
            assert!(keys.key("another").is_none());
        }
    }

    #[test]
    fn a_secret_is_never_published() {
        let key = SigningKey::generate(Algorithm::HS256).unwrap();
        let keys = KeySet::new(key, Some(SigningKey::generate(Algorithm::HS512).unwrap()), Vec::new()).unwrap();
        assert_eq!(keys.jwks(), json!({"keys": []}));
    }

    #[test]
    fn what_is_published_is_no_private_key() {
        let published = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA].map(|algorithm| {
            let key = SigningKey::generate(algorithm).unwrap();
            KeySet::new(key, None, Vec::new()).unwrap().jwks()["keys"][0].clone()
        });
        for jwk in published {
            for name in jwk.as_object().unwrap().keys() {
                assert!(["alg", "crv", "e", "kid", "kty", "n", "use", "x", "y"].contains(&name.as_str()), "{name}");
            }
        }
    }
}
