//! What hashes passwords.

use std::fmt;

use crate::error::Result;
use crate::secret::Secret;

/// Whether a password is the one of a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is another.
    Mismatch,
    /// It is the one.
    Match,
    /// It is the one, and its hash is weaker than the policy: hash it again while it is known.
    MatchNeedsRehash,
}

impl Verdict {
    /// Whether the password is the one of the hash.
    #[must_use]
    pub const fn is_match(self) -> bool {
        matches!(self, Self::Match | Self::MatchNeedsRehash)
    }
}

/// Hashes passwords. Slow by design, and blocking: never call one from async code but through a
/// [`HashingPool`](super::HashingPool).
///
/// Passwords count byte for byte: nothing is trimmed, cut or normalised.
pub trait PasswordHasher: Send + Sync + fmt::Debug {
    /// Hashes a password with a new salt.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) where the algorithm would not take every byte of the password into account.
    fn hash(&self, password: &Secret) -> Result<Secret>;

    /// Whether the password is the one of the hash. A password that could not have been hashed is a mismatch, and found to be
    /// one with the same work as any other.
    ///
    /// # Errors
    /// [`Error::Internal`](crate::Error::Internal), at once and with no work done, where the hash cannot be read or asks for
    /// more memory or time than any hash may.
    fn verify(&self, password: &Secret, hash: &Secret) -> Result<Verdict>;
}
