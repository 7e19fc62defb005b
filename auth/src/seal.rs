//! Secrets at rest: sealed with a key that the database does not hold.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::audit::AuditChain;
use crate::error::{Error, Result};
use crate::random;
use crate::secret::Secret;

/// The installation's own key, of 256 bits, from which every other is derived (HKDF-SHA-256, RFC 5869): one for each kind of
/// secret that is kept, and one for the audit chain. It belongs beside the database, never in it.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

/// What a sealed secret is for. One that was sealed for something else, or for another record, does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    SigningKey,
    Totp,
}

impl Purpose {
    const fn label(self) -> &'static str {
        match self {
            Self::SigningKey => "dharmagraph signing key",
            Self::Totp => "dharmagraph totp secret",
        }
    }
}

impl MasterKey {
    /// A new one.
    ///
    /// # Errors
    /// [`Error::Internal`] when the system gives no random bytes.
    pub fn generate() -> Result<Self> {
        Ok(Self(Zeroizing::new(random::bytes()?)))
    }

    /// Reads [`MasterKey::to_text`].
    ///
    /// # Errors
    /// [`Error::Invalid`] where it is not 32 bytes in base64url without padding.
    pub fn from_text(text: &Secret) -> Result<Self> {
        let text = text.expose().trim_ascii();
        let mut bytes = Zeroizing::new([0; 32]);
        match URL_SAFE_NO_PAD.decode_slice(text, &mut *bytes) {
            Ok(32) => Ok(Self(bytes)),
            _ => Err(Error::invalid("master key", "32 bytes in base64url, 43 characters", format!("{} characters", text.len()))),
        }
    }

    /// Its text: base64url, 43 characters.
    #[must_use]
    pub fn to_text(&self) -> Secret {
        Secret::new(URL_SAFE_NO_PAD.encode(*self.0))
    }

    /// The chain of the installation's audit trail.
    ///
    /// # Errors
    /// [`Error::Internal`] when no key can be derived.
    pub fn audit_chain(&self) -> Result<AuditChain> {
        Ok(AuditChain::new(&*self.derive("dharmagraph audit chain")?))
    }

    /// Seals a secret of the record `id`: AES-256-GCM (NIST SP 800-38D), the random nonce first.
    pub(crate) fn seal(&self, purpose: Purpose, id: &str, secret: &[u8]) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE_LEN] = random::bytes()?;
        let mut sealed = Zeroizing::new(secret.to_vec());
        let key = self.cipher(purpose)?;
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(id.as_bytes()), &mut *sealed)
            .map_err(|_| Error::internal("a secret could not be sealed"))?;
        Ok([&nonce[..], &sealed[..]].concat())
    }

    /// Opens what [`MasterKey::seal`] made for the same purpose and record.
    pub(crate) fn open(&self, purpose: Purpose, id: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let refuse = || {
            Error::internal(format!(
                "the {} `{id}` does not open with this master key; was the key or the database replaced?",
                purpose.label()
            ))
        };
        let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>().ok_or_else(refuse)?;
        let mut text = Zeroizing::new(text.to_vec());
        let key = self.cipher(purpose)?;
        let length = key
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(id.as_bytes()), &mut text)
            .map_err(|_| refuse())?
            .len();
        text.truncate(length);
        Ok(text)
    }

    fn cipher(&self, purpose: Purpose) -> Result<LessSafeKey> {
        let key = self.derive(purpose.label())?;
        let key = UnboundKey::new(&AES_256_GCM, &*key).map_err(|_| Error::internal("no key for sealing"))?;
        Ok(LessSafeKey::new(key))
    }

    fn derive(&self, label: &str) -> Result<Zeroizing<[u8; 32]>> {
        struct Bytes32;
        impl KeyType for Bytes32 {
            fn len(&self) -> usize {
                32
            }
        }
        let mut derived = Zeroizing::new([0; 32]);
        Salt::new(HKDF_SHA256, &[])
            .extract(&*self.0)
            .expand(&[label.as_bytes()], Bytes32)
            .and_then(|key| key.fill(&mut *derived))
            .map_err(|_| Error::internal("no key could be derived"))?;
        Ok(derived)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_for_its_purpose_record_and_key_alone() {
        let key = MasterKey::generate().unwrap();
        let sealed = key.seal(Purpose::Totp, "ada", b"secret").unwrap();
        assert_eq!(*key.open(Purpose::Totp, "ada", &sealed).unwrap(), b"secret");
        assert!(key.open(Purpose::Totp, "eve", &sealed).is_err());
        assert!(key.open(Purpose::SigningKey, "ada", &sealed).is_err());
        assert!(MasterKey::generate().unwrap().open(Purpose::Totp, "ada", &sealed).is_err());
        for length in 0..sealed.len() {
            assert!(key.open(Purpose::Totp, "ada", &sealed[..length]).is_err());
        }
    }

    #[test]
    fn a_master_key_reads_back_from_its_text() {
        let key = MasterKey::generate().unwrap();
        assert_eq!(*MasterKey::from_text(&key.to_text()).unwrap().0, *key.0);
        for text in ["", "short", &"A".repeat(42), &"A".repeat(44), &"+".repeat(43)] {
            assert!(MasterKey::from_text(&Secret::new(text)).is_err(), "{text}");
        }
    }
}
