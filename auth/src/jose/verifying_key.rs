//! Keys that verify.

use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::jose::algorithm::{Algorithm, Family};
use crate::jose::engine::{PublicKey, Verifier};
use crate::jose::jwk::{Jwk, Operation};
use crate::jose::{base64url, ed25519, pem, rsa};

/// The longest name of a key, in bytes.
const MAXIMUM_KID: usize = 256;

/// The longest HMAC secret, in bytes.
const MAXIMUM_SECRET: usize = 4096;

/// A public key, or an HMAC secret, with its one algorithm: checked and parsed once, shared by its clones. `Debug` shows its name
/// and algorithm alone.
///
/// Refused are RSA keys of fewer than 2048 or more than 8192 bits, with an exponent that is even or less than 65537, with a small
/// factor or of the generator of CVE-2017-15361; points that are not on the curve or of small order; HMAC secrets that are shorter
/// than the hash.
#[derive(Clone)]
pub struct VerifyingKey(Arc<Inner>);

struct Inner {
    kid: String,
    algorithm: Algorithm,
    verifier: Verifier,
    public: Option<PublicKey>,
}

impl VerifyingKey {
    /// Reads a public JWK, or an HMAC one. It must have a `kid`, and an `alg` unless its curve has only one; `use`, `key_ops`,
    /// `kty` and `crv` must fit. Private members are refused: whoever sends them has published their key.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming what is wrong.
    pub fn from_jwk(json: &str) -> Result<Self> {
        Self::from_parsed_jwk(&Jwk::parse(json)?)
    }

    /// Reads a public key in PEM (`PUBLIC KEY`, or PKCS#1's `RSA PUBLIC KEY`).
    ///
    /// # Errors
    /// [`Error::Invalid`] naming what is wrong, also when the key is of another family than the algorithm.
    pub fn from_pem(algorithm: Algorithm, kid: &str, pem: &str) -> Result<Self> {
        let public = pem::public_key(algorithm, pem)
            .ok_or_else(|| invalid(kid, format!("one PEM block `PUBLIC KEY` with a key for {algorithm}"), "another text"))?;
        Self::from_public(algorithm, kid, public)
    }

    /// Takes an HMAC secret.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is shorter than the algorithm's hash (RFC 7518 section 3.2), longer than 4096 bytes, or one byte
    /// repeated; also when the algorithm is no HMAC.
    pub fn from_secret(algorithm: Algorithm, kid: &str, secret: &[u8]) -> Result<Self> {
        check_secret(kid, secret)?;
        Self::from_jwk_secret(algorithm, kid, secret)
    }

    /// The `kid` of its signatures.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.0.kid
    }

    /// The one algorithm that it verifies.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.0.algorithm
    }

    /// Whether this key signed the message. Of an HMAC, the time tells nothing.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verifier.verify(message, signature)
    }

    /// The public JWK; `None` for HMAC, which has nothing that may be published.
    #[must_use]
    pub fn to_jwk(&self) -> Option<Value> {
        let encode = |bytes: &[u8]| base64url::encode(bytes);
        let (kid, alg) = (self.kid(), self.algorithm().as_str());
        let crv = self.algorithm().curve().map(|(name, _)| name);
        Some(match self.0.public.as_ref()? {
            PublicKey::Rsa { modulus, exponent } => {
                json!({"kty": "RSA", "use": "sig", "alg": alg, "kid": kid, "n": encode(modulus), "e": encode(exponent)})
            }
            PublicKey::Ec { x, y } => {
                json!({"kty": "EC", "use": "sig", "alg": alg, "kid": kid, "crv": crv, "x": encode(x), "y": encode(y)})
            }
            PublicKey::Ed { x } => json!({"kty": "OKP", "use": "sig", "alg": alg, "kid": kid, "crv": crv, "x": encode(x)}),
        })
    }

    pub(crate) fn from_parsed_jwk(jwk: &Jwk) -> Result<Self> {
        jwk.allows(Operation::Verify)?;
        let algorithm = jwk.algorithm();
        if algorithm.is_symmetric() {
            return Self::from_jwk_secret(algorithm, jwk.kid(), jwk.secret()?.expose());
        }
        jwk.refuse_private_members()?;
        Self::from_public(algorithm, jwk.kid(), jwk.public_key()?)
    }

    /// A JWK's secret is held to RFC 7518's length alone: published test keys are runs of zeros.
    fn from_jwk_secret(algorithm: Algorithm, kid: &str, secret: &[u8]) -> Result<Self> {
        check_kid(kid)?;
        let (least, length) = (algorithm.hash_length(), secret.len());
        if !(least..=MAXIMUM_SECRET).contains(&length) {
            return Err(invalid(kid, format!("a secret of {least} to {MAXIMUM_SECRET} bytes"), format!("{length} bytes")));
        }
        let verifier = Verifier::from_secret(algorithm, secret)
            .ok_or_else(|| invalid(kid, "HS256, HS384 or HS512 for a secret", algorithm.as_str()))?;
        Ok(Self(Arc::new(Inner { kid: kid.to_owned(), algorithm, verifier, public: None })))
    }

    pub(crate) fn from_public(algorithm: Algorithm, kid: &str, public: PublicKey) -> Result<Self> {
        check_kid(kid)?;
        check_public(algorithm, kid, &public)?;
        let verifier = Verifier::from_public(algorithm, &public).ok_or_else(|| {
            invalid(kid, format!("a public key for {algorithm}"), "another key, or a point that is not on the curve")
        })?;
        Ok(Self(Arc::new(Inner { kid: kid.to_owned(), algorithm, verifier, public: Some(public) })))
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey").field("kid", &self.kid()).field("algorithm", &self.algorithm()).finish_non_exhaustive()
    }
}

/// An [`Error::Invalid`] about a key.
pub(crate) fn invalid(kid: &str, expected: impl Into<String>, found: impl Into<String>) -> Error {
    let kid: String = kid.chars().take(80).collect();
    Error::invalid(format!("key `{kid}`"), expected, found)
}

/// Names are visible ASCII, so that they can be logged.
pub(crate) fn check_kid(kid: &str) -> Result<()> {
    if (1..=MAXIMUM_KID).contains(&kid.len()) && kid.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(Error::invalid("kid", format!("1 to {MAXIMUM_KID} visible ASCII characters"), format!("{} bytes", kid.len())))
}

/// Refuses what somebody forgot to fill in.
pub(crate) fn check_secret(kid: &str, secret: &[u8]) -> Result<()> {
    match secret.split_first() {
        Some((first, rest)) if rest.iter().any(|byte| byte != first) => Ok(()),
        _ => Err(invalid(kid, "a random secret", "an empty one, or one byte repeated")),
    }
}

fn check_public(algorithm: Algorithm, kid: &str, public: &PublicKey) -> Result<()> {
    match (algorithm.family(), public) {
        (Family::Rsa, PublicKey::Rsa { modulus, exponent }) => match rsa::weakness(modulus, exponent) {
            None => Ok(()),
            Some(weakness) => {
                Err(invalid(kid, "an RSA key of 2048 to 8192 bits with an odd exponent from 65537 to 2^33", weakness))
            }
        },
        (Family::Ec, PublicKey::Ec { x, y }) => check_length(algorithm, kid, &[x, y]),
        (Family::Ed, PublicKey::Ed { x }) => {
            check_length(algorithm, kid, &[x])?;
            match <&[u8; 32]>::try_from(x.as_slice()) {
                Ok(point) if !ed25519::has_small_order(point) => Ok(()),
                _ => Err(invalid(kid, "a point of large order", "one of small order")),
            }
        }
        _ => Err(invalid(kid, format!("a key for {algorithm}"), "one of another family")),
    }
}

fn check_length(algorithm: Algorithm, kid: &str, coordinates: &[&Vec<u8>]) -> Result<()> {
    let Some((curve, length)) = algorithm.curve() else { return Ok(()) };
    match coordinates.iter().find(|coordinate| coordinate.len() != length) {
        None => Ok(()),
        Some(other) => Err(invalid(kid, format!("{length} bytes, as {curve} has"), format!("{} bytes", other.len()))),
    }
}
