//! Hashes as they are kept, of whichever algorithm.

use super::argon2id::{self, Cost};
use super::bcrypt;
use super::hash_policy::HashPolicy;
use crate::error::{Error, Result};

/// A hash that passwords can be verified against.
pub(super) enum StoredHash {
    Argon2id(argon2id::StoredHash),
    Bcrypt(bcrypt::StoredHash),
}

impl StoredHash {
    /// Reads it, with no work done.
    pub(super) fn parse(hash: &str) -> Result<Self> {
        let stored = if hash.starts_with("$argon2") {
            argon2id::StoredHash::parse(hash).map(Self::Argon2id)
        } else if hash.starts_with("$2") {
            bcrypt::StoredHash::parse(hash).map(Self::Bcrypt)
        } else {
            Err("neither argon2id nor bcrypt".to_owned())
        };
        stored.map_err(|reason| Error::internal(format!("a stored password hash cannot be used: {reason}")))
    }

    /// Whether the password is the one of this hash.
    pub(super) fn verify(&self, password: &[u8]) -> Result<bool> {
        match self {
            Self::Argon2id(stored) => stored.verify(password).map_err(failed),
            Self::Bcrypt(stored) => stored.verify(password).map_err(failed),
        }
    }

    /// Whether the policy would write a stronger one.
    pub(super) fn is_weaker_than(&self, policy: HashPolicy) -> bool {
        match (self, policy) {
            (Self::Argon2id(stored), HashPolicy::Argon2id { memory_kib, passes, lanes }) => {
                stored.is_weaker_than(Cost { memory_kib, passes, lanes })
            }
            // A memory-hard hash that costs enough is stronger than bcrypt of any cost.
            (Self::Argon2id(stored), HashPolicy::Bcrypt { .. }) => stored.is_below_the_floor(),
            (Self::Bcrypt(_), HashPolicy::Argon2id { .. }) => true,
            (Self::Bcrypt(stored), HashPolicy::Bcrypt { cost }) => stored.cost() < cost,
        }
    }
}

/// What a library fails with although its input was checked.
pub(super) fn failed(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("a password could not be hashed: {error}"))
}
