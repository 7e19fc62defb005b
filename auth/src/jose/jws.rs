//! Signatures in compact form: `header.payload.signature` (RFC 7515 section 7.1).

use crate::error::{Error, Refusal, Result};
use crate::jose::base64url;
use crate::jose::header::Header;
use crate::jose::jwk_set::JwkSet;
use crate::jose::verifying_key::VerifyingKey;

/// The longest text that is looked at, in bytes: what servers take as a header line.
pub const MAXIMUM_LENGTH: usize = 8 * 1024;

/// The payload of a signed text, if `key` signed it: the header is strict, names the key's algorithm and, where it names a key,
/// this one.
///
/// # Errors
/// [`Error::Unauthenticated`] with [`Refusal::Token`] for everything else.
pub fn verify_compact(token: &str, key: &VerifyingKey) -> Result<Vec<u8>> {
    let compact = Compact::split(token)?;
    let header = compact.header()?;
    compact.verify(&parsed(&header)?, key)
}

/// The payload of a signed text, if the key of the set that its header names signed it. A header need not name the key of a set
/// that has one.
///
/// # Errors
/// [`Error::Unauthenticated`] with [`Refusal::Token`] for everything else.
pub fn verify_with_set(token: &str, keys: &JwkSet) -> Result<Vec<u8>> {
    let compact = Compact::split(token)?;
    let bytes = compact.header()?;
    let header = parsed(&bytes)?;
    let key = choose(keys.keys(), header.kid.as_deref()).ok_or(REFUSED)?;
    compact.verify(&header, key)
}

/// The name of the key that a text says to be signed with. Nothing is verified.
pub(crate) fn key_id(token: &str) -> Option<String> {
    let header = Compact::split(token).and_then(|compact| compact.header()).ok()?;
    Some(Header::parse(&header)?.kid?.into_owned())
}

/// The key that a header means: the one that it names, or the only one.
pub(crate) fn choose<'k>(keys: &'k [VerifyingKey], kid: Option<&str>) -> Option<&'k VerifyingKey> {
    match (kid, keys) {
        (Some(kid), keys) => keys.iter().find(|key| key.kid() == kid),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}

/// What every failure is, so that none tells more than another.
pub(crate) const REFUSED: Error = Error::refused(Refusal::Token);

pub(crate) fn parsed(header: &[u8]) -> Result<Header<'_>> {
    Header::parse(header).ok_or(REFUSED)
}

/// The three parts, still encoded.
pub(crate) struct Compact<'t> {
    signed: &'t str,
    header: &'t str,
    payload: &'t str,
    signature: &'t str,
}

impl<'t> Compact<'t> {
    /// Splits at exactly two dots.
    pub(crate) fn split(token: &'t str) -> Result<Self> {
        if token.len() > MAXIMUM_LENGTH {
            return Err(REFUSED);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(REFUSED)?;
        let (header, payload) = signed.split_once('.').ok_or(REFUSED)?;
        if payload.contains('.') {
            return Err(REFUSED);
        }
        Ok(Self { signed, header, payload, signature })
    }

    /// The header's JSON, as it came.
    pub(crate) fn header(&self) -> Result<Vec<u8>> {
        base64url::decode(self.header).ok_or(REFUSED)
    }

    /// The payload, once the signature over it is known to be `key`'s.
    pub(crate) fn verify(&self, header: &Header<'_>, key: &VerifyingKey) -> Result<Vec<u8>> {
        if header.algorithm != key.algorithm() || header.kid.as_deref().is_some_and(|kid| kid != key.kid()) {
            return Err(REFUSED);
        }
        let signature = base64url::decode(self.signature).ok_or(REFUSED)?;
        if !key.verify(self.signed.as_bytes(), &signature) {
            return Err(REFUSED);
        }
        base64url::decode(self.payload).ok_or(REFUSED)
    }
}
