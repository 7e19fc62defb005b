//! Sets of keys.

use serde_json::Value;

use crate::error::{Error, Result};
use crate::jose::json;
use crate::jose::jwk::Jwk;
use crate::jose::verifying_key::{VerifyingKey, invalid};

/// The longest set, in bytes.
const MAXIMUM_LENGTH: usize = 256 * 1024;

/// The most keys of a set.
const MAXIMUM_KEYS: usize = 64;

/// Keys that somebody published (RFC 7517 section 5), each strict as [`VerifyingKey::from_jwk`] is.
#[derive(Debug, Clone)]
pub struct JwkSet(Vec<VerifyingKey>);

impl JwkSet {
    /// Reads `{"keys": [..]}`. One key that is refused makes the set refused: a set that is half understood would let a mistake, or
    /// somebody between, choose which half.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming what is wrong: no keys or over 64, a key that is weak or for something else, two keys with one
    /// `kid`, secrets beside public keys.
    pub fn parse(json: &str) -> Result<Self> {
        if json.len() > MAXIMUM_LENGTH {
            return Err(Error::invalid("JWK set", format!("at most {MAXIMUM_LENGTH} bytes"), format!("{} bytes", json.len())));
        }
        let other = || Error::invalid("JWK set", "one JSON object with `keys`, an array of objects", "another text");
        let Some(Value::Array(keys)) = json::object(json.as_bytes()).and_then(|mut set| set.remove("keys")) else {
            return Err(other());
        };
        if !(1..=MAXIMUM_KEYS).contains(&keys.len()) {
            return Err(Error::invalid("JWK set", format!("1 to {MAXIMUM_KEYS} keys"), format!("{}", keys.len())));
        }
        let keys = keys
            .into_iter()
            .map(|key| match key {
                Value::Object(members) => VerifyingKey::from_parsed_jwk(&Jwk::from_members(members)?),
                _ => Err(other()),
            })
            .collect::<Result<Vec<_>>>()?;
        check_together(&keys)?;
        Ok(Self(keys))
    }

    /// The keys, as they came.
    #[must_use]
    pub fn keys(&self) -> &[VerifyingKey] {
        &self.0
    }

    /// The key of this name.
    #[must_use]
    pub fn key(&self, kid: &str) -> Option<&VerifyingKey> {
        self.0.iter().find(|key| key.kid() == kid)
    }
}

/// Whether keys may lie in one set: each has its own name, and secrets lie beside secrets alone, so that nobody who publishes the
/// set publishes a secret.
pub(crate) fn check_together(keys: &[VerifyingKey]) -> Result<()> {
    for (i, key) in keys.iter().enumerate() {
        if keys[..i].iter().any(|other| other.kid() == key.kid()) {
            return Err(invalid(key.kid(), "a `kid` of its own", "one that another key of the set has"));
        }
        if key.algorithm().is_symmetric() != keys[0].algorithm().is_symmetric() {
            return Err(invalid(key.kid(), "either secrets or public keys in one set", "both"));
        }
    }
    Ok(())
}
