//! With what passwords are hashed from now on.

use super::bounds::{OutOfBounds, check_argon2id, check_argon2id_floor, check_bcrypt};
use crate::error::{Error, Result};

/// With what passwords are hashed from now on. Hashes that are weaker are still read, and replaced at the next sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HashPolicy {
    /// Argon2id version 1.3 (RFC 9106), with a salt of 16 bytes and an output of 32.
    Argon2id {
        /// Memory of one hash: 7,168 KiB to 256 MiB.
        memory_kib: u32,
        /// Passes over the memory. Memory times passes is 35,840 KiB to 1 GiB.
        passes: u32,
        /// Lanes, 1 to 16. They are filled one after the other, so that more of them take no more threads.
        lanes: u32,
    },
    /// bcrypt, written as `$2b$`, for installations whose other programs read these hashes. It has no room for passwords of
    /// more than 72 bytes or with a zero byte: they are refused.
    Bcrypt {
        /// Doublings of the work, 10 to 14.
        cost: u32,
    },
}

impl Default for HashPolicy {
    /// Argon2id with 19 MiB, two passes and one lane: the minimum of the OWASP Password Storage Cheat Sheet.
    fn default() -> Self {
        Self::Argon2id { memory_kib: 19_456, passes: 2, lanes: 1 }
    }
}

impl HashPolicy {
    /// Whether it is neither too weak nor more than a stored hash may ask for.
    ///
    /// The floor is that of the OWASP cheat sheet, whose settings trade memory for passes: 46 MiB once, 19 MiB twice, 12 MiB
    /// three times, 9 MiB four times and 7 MiB five times all pass.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the setting and its bounds.
    pub fn check(self) -> Result<()> {
        self.check_ceiling()?;
        match self {
            Self::Argon2id { memory_kib, passes, .. } => check_argon2id_floor(memory_kib, passes),
            Self::Bcrypt { .. } => Ok(()),
        }
        .map_err(Self::refuse)
    }

    /// Whether a hash that it writes could be read back.
    pub(super) fn check_ceiling(self) -> Result<()> {
        match self {
            Self::Argon2id { memory_kib, passes, lanes } => check_argon2id(memory_kib, passes, lanes),
            Self::Bcrypt { cost } => check_bcrypt(cost),
        }
        .map_err(Self::refuse)
    }

    fn refuse(bound: OutOfBounds) -> Error {
        Error::invalid(format!("password hash {}", bound.what), bound.expected, bound.found.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn argon2id(memory_kib: u32, passes: u32, lanes: u32) -> HashPolicy {
        HashPolicy::Argon2id { memory_kib, passes, lanes }
    }

    #[test]
    fn the_settings_of_owasp_pass() {
        for (memory_kib, passes) in [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)] {
            argon2id(memory_kib, passes, 1).check().unwrap();
        }
        for cost in 10..=14 {
            HashPolicy::Bcrypt { cost }.check().unwrap();
        }
        HashPolicy::default().check().unwrap();
    }

    #[test]
    fn too_little_and_too_much_are_refused() {
        for policy in [
            argon2id(7_167, 6, 1),
            argon2id(19_456, 1, 1),
            argon2id(19_456, 0, 1),
            argon2id(19_456, 2, 0),
            argon2id(19_456, 2, 17),
            argon2id(262_145, 1, 1),
            argon2id(262_144, 5, 1),
            argon2id(u32::MAX, u32::MAX, u32::MAX),
            argon2id(0, 2, 1),
            HashPolicy::Bcrypt { cost: 9 },
            HashPolicy::Bcrypt { cost: 15 },
            HashPolicy::Bcrypt { cost: u32::MAX },
        ] {
            assert!(matches!(policy.check(), Err(Error::Invalid { .. })), "{policy:?}");
        }
    }
}
