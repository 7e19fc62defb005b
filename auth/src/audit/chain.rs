//! The chain: each record's hash is made of its place, the hash before and its text.

use std::fmt;

use aws_lc_rs::hmac;

use super::event::AuditEvent;
use super::text as canonical;
use crate::error::Result;

/// Makes the hashes of the chain: HMAC-SHA-256 (RFC 2104) with a key that the database does not hold, so that whoever can
/// write there cannot make a chain of its own.
///
/// The message is `previous hash (32 bytes) || place (8 bytes, big-endian) || text`, where the first record's previous hash
/// is all zeros. Only the text has no fixed length, and it is last: no two records have the same message.
#[derive(Clone)]
pub struct AuditChain(hmac::Key);

impl fmt::Debug for AuditChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditChain(..)")
    }
}

/// An event in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its place, from 1 on.
    pub sequence: u64,
    /// What happened.
    pub event: AuditEvent,
    /// Its hash.
    pub hash: [u8; 32],
}

/// A record as its store has it, to be verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place.
    pub sequence: u64,
    /// The text that was hashed.
    pub text: String,
    /// The event that the store's other columns tell of, which queries see.
    ///
    /// A column that the database itself changes is none of these: where it sets a reference to a user to NULL when the user
    /// goes, the store has the id in a column of its own, too, and gives that one.
    pub columns: AuditEvent,
    /// Its hash.
    pub hash: [u8; 32],
}

impl AuditChain {
    /// The hash before the first record's.
    pub const START: [u8; 32] = [0; 32];

    /// A chain with a key of 32 bytes.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The text of an event, which is what is hashed and kept: one line of JSON without spaces, its members in the order of
    /// their names at every depth, whatever features `serde_json` was built with. What the event does not tell has no member.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) where the event cannot be read back as it is from every store: a number in
    /// `changes` that is not whole, a text with U+0000, an id that is no UUID in lower case, a field that is longer than
    /// [`AuditEvent`] says, more than 32 lists and objects in each other, or more than 65,536 bytes in all.
    pub fn text(event: &AuditEvent) -> Result<String> {
        canonical::write(event)
    }

    /// The event of such a text.
    ///
    /// # Errors
    /// [`Error::Internal`](crate::Error::Internal) where it is not, byte for byte, what [`AuditChain::text`] makes of an event.
    pub fn event(text: &str) -> Result<AuditEvent> {
        canonical::read(text)
    }

    /// The hash of the record at this place.
    #[must_use]
    pub fn hash(&self, previous: &[u8; 32], sequence: u64, text: &str) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(previous);
        context.update(&sequence.to_be_bytes());
        context.update(text.as_bytes());
        let mut hash = [0; 32];
        hash.copy_from_slice(context.sign().as_ref());
        hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with Python: `hmac.new(bytes(range(32)), b"\xab" * 32 + (7).to_bytes(8, "big") + b"text", "sha256")`.
    const KNOWN: &str = "2115be59614f5be199ba89705a478d370dc1f568c0782b3445b3902eac3d60cb";

    #[test]
    fn the_hash_is_the_hmac_that_the_documentation_tells_of() {
        let key: [u8; 32] = std::array::from_fn(|index| u8::try_from(index).unwrap());
        let hash = AuditChain::new(&key).hash(&[0xab; 32], 7, "text");
        assert_eq!(hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), KNOWN);
    }

    #[test]
    fn every_part_of_the_message_changes_the_hash() {
        let chain = AuditChain::new(&[1; 32]);
        let hash = chain.hash(&[2; 32], 3, "text");
        assert_ne!(hash, AuditChain::new(&[9; 32]).hash(&[2; 32], 3, "text"));
        assert_ne!(hash, chain.hash(&[9; 32], 3, "text"));
        assert_ne!(hash, chain.hash(&[2; 32], 9, "text"));
        assert_ne!(hash, chain.hash(&[2; 32], 3, "Text"));
    }

    #[test]
    fn debug_shows_nothing_of_the_key() {
        assert_eq!(format!("{:?}", AuditChain::new(&[7; 32])), "AuditChain(..)");
    }
}
