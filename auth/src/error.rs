//! What can go wrong, in the words of this crate.

use std::error::Error as StdError;
use std::time::Duration;

/// Result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Any error, kept as the source of one of ours.
pub type BoxError = Box<dyn StdError + Send + Sync + 'static>;

/// What went wrong. The vendor's own error, where there is one, is the [`source`](StdError::source).
///
/// Messages say what was expected, what came and, where it helps, what to do, but for [`Error::Unauthenticated`], which says
/// nothing to whoever is not let in. They never hold a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nobody was let in. The reason is for the audit trail and the log, never for the caller.
    #[error("the credentials were not accepted")]
    Unauthenticated {
        /// Why.
        reason: Refusal,
    },
    /// The token was ours, and its time is over.
    #[error("the token has expired; refresh it or sign in again")]
    TokenExpired,
    /// Known, but not allowed.
    #[error("{what} is not allowed: {reason}")]
    Forbidden {
        /// What was tried.
        what: String,
        /// Which rule denies it, or that none allows it.
        reason: String,
    },
    /// Nothing has this name, in the caller's tenant.
    #[error("{what} `{id}` was not found")]
    NotFound {
        /// What was looked for: `user`, `session`, `API key`.
        what: &'static str,
        /// The name that was asked for.
        id: String,
    },
    /// The name is taken, or the state does not allow it.
    #[error("{what}: {advice}")]
    Conflict {
        /// What is in the way.
        what: String,
        /// What to do.
        advice: String,
    },
    /// The caller's input cannot be used.
    #[error("invalid {what}: expected {expected}, found {found}")]
    Invalid {
        /// Which input, as the caller names it.
        what: String,
        /// What would have been accepted.
        expected: String,
        /// What came; never the secret itself.
        found: String,
    },
    /// Too many tries, or too much to hash at once.
    #[error("too many requests; try again in {} s", retry_after.as_secs().max(1))]
    RateLimited {
        /// When it may be tried again.
        retry_after: Duration,
    },
    /// A store failed: nobody is let in.
    #[error("{backend} failed to {operation}: {source}")]
    Backend {
        /// Backend name, for instance `postgres`.
        backend: &'static str,
        /// Operation, in the imperative.
        operation: &'static str,
        /// Whether the same call may succeed later.
        retryable: bool,
        /// The vendor's error.
        source: BoxError,
    },
    /// Something that cannot be: a key that does not sign, data that nobody but this crate writes and that cannot be read.
    #[error("{what}")]
    Internal {
        /// What was found, for the log.
        what: String,
    },
}

/// Why somebody was not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// The token is not well formed, was changed, is of another kind or for somebody else.
    Token,
    /// The API key is not well formed, or nobody has it.
    ApiKey,
    /// The API key was revoked, or its time is over.
    ApiKeyEnded,
    /// Nobody has this e-mail address.
    UnknownUser,
    /// The password is another.
    WrongPassword,
    /// The account takes no more tries for now.
    Locked,
    /// The account was switched off.
    Disabled,
    /// A second factor is needed, was wrong, or was used before.
    SecondFactor,
    /// The session was ended.
    SessionEnded,
    /// A refresh token was used again; its session is over.
    TokenReused,
    /// Nothing was presented.
    Missing,
    /// The one-time token is another, or was used.
    Bootstrap,
}

impl Refusal {
    /// The word that logs and the audit trail have for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::ApiKey => "api_key",
            Self::ApiKeyEnded => "api_key_ended",
            Self::UnknownUser => "unknown_user",
            Self::WrongPassword => "wrong_password",
            Self::Locked => "locked",
            Self::Disabled => "disabled",
            Self::SecondFactor => "second_factor",
            Self::SessionEnded => "session_ended",
            Self::TokenReused => "token_reused",
            Self::Missing => "missing",
            Self::Bootstrap => "bootstrap",
        }
    }
}

/// The stable class of an [`Error`]; HTTP statuses, Python exceptions and Node codes derive from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Nobody was let in.
    Unauthenticated,
    /// The token's time is over.
    TokenExpired,
    /// Known, but not allowed.
    Forbidden,
    /// Nothing has this name.
    NotFound,
    /// The name is taken, or the state does not allow it.
    Conflict,
    /// The input cannot be used.
    Invalid,
    /// Too many requests.
    RateLimited,
    /// A dependency failed.
    Backend,
    /// The crate itself failed.
    Internal,
}

impl ErrorKind {
    /// The code that every surface shows, for instance `UNAUTHENTICATED`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::TokenExpired => "TOKEN_EXPIRED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::Conflict => "CONFLICT",
            Self::Invalid => "INVALID",
            Self::RateLimited => "RATE_LIMITED",
            Self::Backend => "BACKEND",
            Self::Internal => "INTERNAL",
        }
    }
}

impl Error {
    /// An [`Error::Invalid`]. `found` must not be a secret.
    pub fn invalid(what: impl Into<String>, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Invalid { what: what.into(), expected: expected.into(), found: found.into() }
    }

    /// An [`Error::Unauthenticated`].
    #[must_use]
    pub const fn refused(reason: Refusal) -> Self {
        Self::Unauthenticated { reason }
    }

    /// An [`Error::Internal`].
    pub fn internal(what: impl Into<String>) -> Self {
        Self::Internal { what: what.into() }
    }

    /// The class of this error.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Unauthenticated { .. } => ErrorKind::Unauthenticated,
            Self::TokenExpired => ErrorKind::TokenExpired,
            Self::Forbidden { .. } => ErrorKind::Forbidden,
            Self::NotFound { .. } => ErrorKind::NotFound,
            Self::Conflict { .. } => ErrorKind::Conflict,
            Self::Invalid { .. } => ErrorKind::Invalid,
            Self::RateLimited { .. } => ErrorKind::RateLimited,
            Self::Backend { .. } => ErrorKind::Backend,
            Self::Internal { .. } => ErrorKind::Internal,
        }
    }

    /// The code of [`Error::kind`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.kind().code()
    }

    /// Whether the same call may succeed if it is made again later.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::Backend { retryable: true, .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_nothing_of_its_reason() {
        let texts = [Refusal::UnknownUser, Refusal::WrongPassword, Refusal::Locked, Refusal::Disabled]
            .map(|reason| Error::refused(reason).to_string());
        assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    }
}
