//! The names that users, tenants, sessions and tokens go by.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::random;

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes a name that is known.
            #[must_use]
            pub fn new(name: impl Into<String>) -> Self {
                Self(name.into())
            }

            /// Its text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name!(
    /// A user: a UUID, in lower case with hyphens.
    UserId
);
name!(
    /// Who owns users and what they see. Nobody sees another tenant's.
    Tenant
);
name!(
    /// A session, which is a family of refresh tokens: 128 random bits in base64url, the `sid` of its tokens.
    SessionId
);
name!(
    /// One token: 128 random bits in base64url, its `jti`.
    TokenId
);

impl UserId {
    /// A new one.
    #[must_use]
    pub fn generate() -> Self {
        Self(uuid::Uuid::new_v4().to_string())
    }
}

impl Default for Tenant {
    /// `default`: the one tenant of an installation that has no others.
    fn default() -> Self {
        Self::new("default")
    }
}

impl SessionId {
    /// A new one.
    ///
    /// # Errors
    /// [`Error::Internal`](crate::Error::Internal) when the system gives no random bytes.
    pub fn generate() -> crate::Result<Self> {
        Ok(Self(URL_SAFE_NO_PAD.encode(random::bytes::<16>()?)))
    }
}

impl TokenId {
    /// A new one.
    ///
    /// # Errors
    /// [`Error::Internal`](crate::Error::Internal) when the system gives no random bytes.
    pub fn generate() -> crate::Result<Self> {
        Ok(Self(URL_SAFE_NO_PAD.encode(random::bytes::<16>()?)))
    }
}
