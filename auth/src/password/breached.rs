//! Passwords that are known from breaches.

use std::fmt;

use async_trait::async_trait;

use crate::error::Result;
use crate::secret::Secret;

/// Tells passwords that are known from breaches. Asked when a password is set, never when one is verified.
#[async_trait]
pub trait BreachedPasswords: Send + Sync + fmt::Debug {
    /// Whether the list has this password.
    ///
    /// # Errors
    /// [`Error::Backend`](crate::Error::Backend) when the list cannot be read: the password is not set then.
    async fn contains(&self, password: &Secret) -> Result<bool>;
}

/// No list: it has no password.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoBreachList;

#[async_trait]
impl BreachedPasswords for NoBreachList {
    async fn contains(&self, _password: &Secret) -> Result<bool> {
        Ok(false)
    }
}
