//! One API key, as its holder has it.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};

use super::checksum;
use crate::error::{Error, Refusal, Result};
use crate::random;
use crate::secret::Secret;

/// What every key begins with, so that secret scanners and people know one when they see it.
const PREFIX: &str = "dgk_";

/// Characters of the part that is no secret: 95 bits, by which the key is looked up.
const ID_LENGTH: usize = 16;

/// Characters of the secret part: the fewest of base62 that hold 256 bits.
const SECRET_LENGTH: usize = 43;

/// Where the secret begins: after the prefix, the id and a `_`.
const SECRET_AT: usize = PREFIX.len() + ID_LENGTH + 1;

/// Where the checksum of all before it begins.
const CHECKSUM_AT: usize = SECRET_AT + SECRET_LENGTH;

/// Characters of a key.
const LENGTH: usize = CHECKSUM_AT + checksum::LENGTH;

/// An API key as its holder has it: `dgk_`, an id of 16 characters, `_`, a secret of 43 and a CRC-32 of 6, all in base62.
///
/// The store keeps the id and [`ApiKey::secret_hash`]; the text is shown once and cannot be had again.
#[derive(Clone)]
pub struct ApiKey(Secret);

impl ApiKey {
    /// A new one.
    ///
    /// # Errors
    /// [`Error::Internal`] when the system gives no random bytes.
    pub fn generate() -> Result<Self> {
        // Room for all at once: a text that grows leaves parts of itself behind in memory.
        let mut text = String::with_capacity(LENGTH);
        text.push_str(PREFIX);
        text.push_str(&random::text(ID_LENGTH)?);
        text.push('_');
        text.push_str(Secret::new(random::text(SECRET_LENGTH)?).expose());
        let checksum = checksum::of(&text);
        text.extend(checksum.map(char::from));
        Ok(Self(Secret::new(text)))
    }

    /// Reads what a caller presented, exactly: nothing is trimmed.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] with [`Refusal::ApiKey`] when the prefix, the length, the alphabet or the checksum is
    /// wrong; no store need be asked for such a key.
    pub fn parse(text: &str) -> Result<Self> {
        if is_well_formed(text) { Ok(Self(Secret::new(text))) } else { Err(Error::refused(Refusal::ApiKey)) }
    }

    /// Whether a credential means to be an API key rather than a token; [`ApiKey::parse`] says whether it is one.
    #[must_use]
    pub fn looks_like(credential: &str) -> bool {
        credential.starts_with(PREFIX)
    }

    /// The part that is no secret, by which the store finds the key.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.expose()[PREFIX.len()..SECRET_AT - 1]
    }

    /// SHA-256 of the secret part. It has 256 random bits: neither salt nor a slow hash would make it harder to guess.
    #[must_use]
    pub fn secret_hash(&self) -> [u8; 32] {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, &self.0.expose().as_bytes()[SECRET_AT..CHECKSUM_AT]).as_ref());
        hash
    }

    /// Whether its secret is the one with this hash; takes the same time wherever they differ.
    #[must_use]
    pub fn matches(&self, secret_hash: &[u8; 32]) -> bool {
        verify_slices_are_equal(&self.secret_hash(), secret_hash).is_ok()
    }

    /// Its text, to be shown once.
    #[must_use]
    pub fn to_secret(&self) -> Secret {
        self.0.clone()
    }
}

impl fmt::Debug for ApiKey {
    /// The id alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKey").field("id", &self.id()).finish_non_exhaustive()
    }
}

fn is_well_formed(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(PREFIX) else { return false };
    text.len() == LENGTH
        && rest.bytes().enumerate().all(|(at, byte)| if at == ID_LENGTH { byte == b'_' } else { byte.is_ascii_alphanumeric() })
        && checksum::of(&text[..CHECKSUM_AT]) == text.as_bytes()[CHECKSUM_AT..]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_refused(text: &str) -> bool {
        matches!(ApiKey::parse(text), Err(Error::Unauthenticated { reason: Refusal::ApiKey }))
    }

    #[test]
    fn a_key_reads_back_and_matches_its_own_hash_alone() {
        let (key, other) = (ApiKey::generate().unwrap(), ApiKey::generate().unwrap());
        let read = ApiKey::parse(key.to_secret().expose()).unwrap();
        assert_eq!(read.id(), key.id());
        assert_eq!(key.id().len(), 16);
        assert_eq!(key.to_secret().expose().len(), 70);
        assert!(read.matches(&key.secret_hash()));
        assert!(!read.matches(&other.secret_hash()));
    }

    #[test]
    fn every_change_of_one_byte_is_refused() {
        let text = ApiKey::generate().unwrap().to_secret();
        for at in 0..text.expose().len() {
            for byte in *b"0Az_-\0 " {
                let mut changed = text.expose().as_bytes().to_vec();
                if changed[at] == byte {
                    continue;
                }
                changed[at] = byte;
                assert!(is_refused(std::str::from_utf8(&changed).unwrap()), "byte {at}");
            }
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let text = ApiKey::generate().unwrap().to_secret();
        let text = text.expose();
        for length in 0..text.len() {
            assert!(is_refused(&text[..length]), "{length}");
        }
        for text in [format!(" {text}"), format!("{text}\n"), format!("{text}0"), text.replace("dgk_", "DGK_"), "é".repeat(35)] {
            assert!(is_refused(&text));
        }
        // A text with a right checksum that is not of the alphabet.
        let mut forged = format!("dgk_{}_{}", "-".repeat(16), "a".repeat(43));
        forged.extend(checksum::of(&forged).map(char::from));
        assert!(is_refused(&forged));
    }

    #[test]
    fn a_key_is_told_from_a_token_by_its_beginning() {
        assert!(ApiKey::looks_like(ApiKey::generate().unwrap().to_secret().expose()));
        assert!(ApiKey::looks_like("dgk_"));
        assert!(!ApiKey::looks_like("eyJhbGciOiJFZERTQSJ9.e30.c2ln"));
        assert!(!ApiKey::looks_like(""));
    }

    #[test]
    fn debug_shows_the_id_and_nothing_of_the_secret() {
        let key = ApiKey::generate().unwrap();
        assert_eq!(format!("{key:?}"), format!("ApiKey {{ id: \"{}\", .. }}", key.id()));
    }

    proptest! {
        #[test]
        fn any_text_is_refused_and_none_panics(text in "(dgk_)?\\PC{0,80}|dgk_[0-9A-Za-z]{16}_[0-9A-Za-z]{49}") {
            prop_assert!(is_refused(&text));
        }
    }
}
