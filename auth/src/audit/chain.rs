//! The chain: each record's hash is made of its place, the hash before and its text.

use std::fmt;

use aws_lc_rs::{digest, hmac};

use super::event::AuditEvent;
use crate::error::{Error, Result};
use crate::secret::Secret;

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

    /// The text of an event: one line of JSON with its members in the order of their names, which is what is hashed and kept.
    ///
    /// # Errors
    /// [`Error::Invalid`] where `changes` holds a number that is not whole, which databases do not give back as it was.
    pub fn text(event: &AuditEvent) -> Result<String> {
        todo!()
    }

    /// The event of such a text.
    ///
    /// # Errors
    /// [`Error::Internal`] where it is none.
    pub fn event(text: &str) -> Result<AuditEvent> {
        todo!()
    }

    /// The hash of the record at this place.
    #[must_use]
    pub fn hash(&self, previous: &[u8; 32], sequence: u64, text: &str) -> [u8; 32] {
        todo!()
    }
}
