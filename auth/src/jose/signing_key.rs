//! Keys that sign.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair};
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::jose::algorithm::{Algorithm, Family};
use crate::jose::engine::{Signer, ecdsa};
use crate::jose::jwk::{Jwk, Operation};
use crate::jose::pem;
use crate::jose::secret_bytes::SecretBytes;
use crate::jose::verifying_key::{VerifyingKey, check_secret, invalid};
use crate::random;
use crate::secret::Secret;

/// A private key, or an HMAC secret, with its one algorithm: checked and parsed once, shared by its clones. `Debug` shows its name
/// and algorithm alone. What [`VerifyingKey`] refuses is refused here too.
#[derive(Clone)]
pub struct SigningKey(Arc<Inner>);

struct Inner {
    bytes: SecretBytes,
    signer: Signer,
    verifying: VerifyingKey,
}

impl SigningKey {
    /// Makes a new key with a random name. RSA keys have 3072 bits, which are 128 bits of strength (NIST SP 800-57); HMAC secrets
    /// are as long as the hash.
    ///
    /// # Errors
    /// [`Error::Internal`] when the system gives no random bytes.
    pub fn generate(algorithm: Algorithm) -> Result<Self> {
        let kid = random::text(22)?;
        let bytes = match algorithm.family() {
            Family::Hmac => {
                let bytes = Zeroizing::new(random::bytes::<64>()?);
                Some(SecretBytes::new(&bytes[..algorithm.hash_length()]))
            }
            Family::Rsa => RsaKeyPair::generate(KeySize::Rsa3072).ok().and_then(|pair| rsa_bytes(&pair)),
            Family::Ec => ecdsa(algorithm).and_then(|(_, signing)| ec_bytes(&EcdsaKeyPair::generate(signing).ok()?)),
            Family::Ed => Ed25519KeyPair::generate().ok().and_then(|pair| ed_bytes(&pair)),
        };
        Self::from_bytes(algorithm, &kid, bytes.ok_or_else(|| Error::internal("no key could be made"))?.expose())
    }

    /// What [`SigningKey::to_bytes`] gave: an HMAC secret, or PKCS#8 in DER.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is no key for this algorithm, or a weak one.
    pub fn from_bytes(algorithm: Algorithm, kid: &str, bytes: &[u8]) -> Result<Self> {
        let other = || invalid(kid, format!("a private key for {algorithm}"), "other bytes");
        let signer = Signer::parse(algorithm, bytes).ok_or_else(other)?;
        let verifying = if algorithm.is_symmetric() {
            VerifyingKey::from_secret(algorithm, kid, bytes)?
        } else {
            VerifyingKey::from_public(algorithm, kid, signer.public_key().ok_or_else(other)?)?
        };
        Ok(Self(Arc::new(Inner { bytes: SecretBytes::new(bytes), signer, verifying })))
    }

    /// Reads a private key in PEM: PKCS#8 (`PRIVATE KEY`), or PKCS#1's `RSA PRIVATE KEY`.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is no key for this algorithm, or a weak one.
    pub fn from_pem(algorithm: Algorithm, kid: &str, pem: &Secret) -> Result<Self> {
        let other = || invalid(kid, format!("one PEM block `PRIVATE KEY` (PKCS#8) with a key for {algorithm}"), "another text");
        let key = pem::private_key(algorithm, pem.expose()).ok_or_else(other)?;
        if algorithm.family() != Family::Rsa {
            return Self::from_bytes(algorithm, kid, key.as_bytes());
        }
        let bytes = RsaKeyPair::from_der(key.as_bytes()).ok().and_then(|pair| rsa_bytes(&pair)).ok_or_else(other)?;
        Self::from_bytes(algorithm, kid, bytes.expose())
    }

    /// Takes an HMAC secret.
    ///
    /// # Errors
    /// As [`VerifyingKey::from_secret`].
    pub fn from_secret(algorithm: Algorithm, kid: &str, secret: &[u8]) -> Result<Self> {
        if !algorithm.is_symmetric() {
            return Err(invalid(kid, "HS256, HS384 or HS512 for a secret", algorithm.as_str()));
        }
        Self::from_bytes(algorithm, kid, secret)
    }

    /// Reads a private JWK, or an HMAC one, as [`VerifyingKey::from_jwk`] reads public ones. RSA keys must have all of their
    /// numbers (`d`, `p`, `q`, `dp`, `dq`, `qi`).
    ///
    /// # Errors
    /// [`Error::Invalid`] naming what is wrong.
    pub fn from_jwk(json: &Secret) -> Result<Self> {
        let jwk = Jwk::parse(json.expose())?;
        jwk.allows(Operation::Sign)?;
        let (algorithm, kid) = (jwk.algorithm(), jwk.kid());
        let bytes = match algorithm.family() {
            Family::Hmac => {
                let secret = jwk.secret()?;
                check_secret(kid, secret.expose())?;
                Some(secret)
            }
            Family::Rsa => rsa_bytes(&jwk.rsa_key_pair()?),
            Family::Ec => ec_bytes(&jwk.ec_key_pair()?),
            Family::Ed => ed_bytes(&jwk.ed_key_pair()?),
        };
        Self::from_bytes(algorithm, kid, bytes.ok_or_else(|| Error::internal("a key could not be written"))?.expose())
    }

    /// The secret, or the private key as PKCS#8 in DER. They belong sealed.
    ///
    /// # Errors
    /// None today; a key in hardware could not answer.
    pub fn to_bytes(&self) -> Result<SecretBytes> {
        Ok(self.0.bytes.clone())
    }

    /// The `kid` of its signatures.
    #[must_use]
    pub fn kid(&self) -> &str {
        self.0.verifying.kid()
    }

    /// The one algorithm that it signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.0.verifying.algorithm()
    }

    /// The key that verifies what this one signs; of an HMAC, the same secret.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        self.0.verifying.clone()
    }

    /// Signs. ECDSA signatures are `r || s` of fixed length (RFC 7518 section 3.4).
    ///
    /// # Errors
    /// [`Error::Internal`] when the back end fails.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        self.0.signer.sign(message).ok_or_else(|| Error::internal(format!("key `{}` does not sign", self.kid())))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid()).field("algorithm", &self.algorithm()).finish_non_exhaustive()
    }
}

fn rsa_bytes(pair: &RsaKeyPair) -> Option<SecretBytes> {
    let der: Pkcs8V1Der<'static> = pair.as_der().ok()?;
    Some(SecretBytes::new(der.as_ref()))
}

fn ec_bytes(pair: &EcdsaKeyPair) -> Option<SecretBytes> {
    Some(SecretBytes::new(pair.to_pkcs8v1().ok()?.as_ref()))
}

fn ed_bytes(pair: &Ed25519KeyPair) -> Option<SecretBytes> {
    Some(SecretBytes::new(pair.to_pkcs8v1().ok()?.as_ref()))
}
