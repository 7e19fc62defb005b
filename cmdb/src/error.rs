//! What can go wrong, in the words of this crate.

use std::error::Error as StdError;
use std::time::Duration;

/// Result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Any error, kept as the source of one of ours.
pub type BoxError = Box<dyn StdError + Send + Sync + 'static>;

/// What went wrong. The vendor's own error, where there is one, is the [`source`](StdError::source).
///
/// Messages say what was expected, what came and, where it helps, what to do. They never hold a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing has this name.
    #[error("{what} `{id}` was not found")]
    NotFound {
        /// What was looked for: `resource`, `task`, `provider`.
        what: &'static str,
        /// The name that was asked for.
        id: String,
    },
    /// The caller's input cannot be used.
    #[error("invalid {what}: expected {expected}, found {found}")]
    Invalid {
        /// Which input, as the caller names it.
        what: String,
        /// What would have been accepted.
        expected: String,
        /// What came.
        found: String,
    },
    /// A Cypher query cannot be understood or computed.
    #[error("invalid query: {message}")]
    Query {
        /// What was expected and what came, and where in the query's text.
        message: String,
    },
    /// The name stands for more than one resource.
    #[error("`{reference}` is the name of {} resources; use one of their ids: {}", candidates.len(), candidates.join(", "))]
    Conflict {
        /// The name that was asked for.
        reference: String,
        /// The ids that it may stand for, at most 20.
        candidates: Vec<String>,
    },
    /// The name already stands for something else.
    #[error("the {what} `{id}` is taken: {advice}")]
    Taken {
        /// What kind of name: `task id`, `idempotency key`.
        what: &'static str,
        /// The name.
        id: String,
        /// What has it, and what to do.
        advice: String,
    },
    /// The caller may not do this.
    #[error("{what} is not allowed: {reason}")]
    Forbidden {
        /// What was tried.
        what: String,
        /// Why not, and what would be allowed.
        reason: String,
    },
    /// The input or the answer is larger than a limit.
    #[error("{what} exceeds the limit of {limit}")]
    LimitExceeded {
        /// What is too large.
        what: String,
        /// The limit.
        limit: u64,
    },
    /// It took longer than it may.
    #[error("{what} was stopped after {} ms, the longest that it may take", limit.as_millis())]
    Timeout {
        /// What took so long.
        what: String,
        /// The limit.
        limit: Duration,
    },
    /// This build or backend cannot do it at all; see [`Capability`](crate::Capability).
    #[error("{what} is not supported by {backend}")]
    Unsupported {
        /// The operation.
        what: String,
        /// Who cannot do it.
        backend: String,
    },
    /// A provider's API refused or failed.
    #[error("{service}: {code}: {message}")]
    Provider {
        /// The service that was called, for instance `ec2`.
        service: String,
        /// The provider's own error code, for instance `AccessDenied`; `Unreachable`, `Timeout` or `BadResponse`
        /// where no answer of the provider could be read.
        code: String,
        /// The provider's message.
        message: String,
        /// Whether the same call may succeed later.
        retryable: bool,
    },
    /// A store or another dependency failed.
    #[error("{backend} failed to {operation}: {source}")]
    Backend {
        /// Backend name, for instance `embedded`.
        backend: &'static str,
        /// Operation, in the imperative.
        operation: &'static str,
        /// Whether the same call may succeed later.
        retryable: bool,
        /// The vendor's error.
        source: BoxError,
    },
    /// The data directory belongs to another running process.
    #[error("the data directory {path} is in use by another process")]
    Locked {
        /// The directory or file.
        path: String,
    },
}

/// The stable class of an [`Error`]; HTTP statuses, Python exceptions and Node codes derive from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Nothing has this name.
    NotFound,
    /// The input cannot be used.
    Invalid,
    /// The name is not unique, or the state does not allow it.
    Conflict,
    /// The caller may not do this.
    Forbidden,
    /// A limit was exceeded.
    LimitExceeded,
    /// It took longer than it may.
    Timeout,
    /// Not supported by this build or backend.
    Unsupported,
    /// A dependency failed.
    Backend,
}

impl ErrorKind {
    /// The code that every surface shows, for instance `NOT_FOUND`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotFound => "NOT_FOUND",
            Self::Invalid => "INVALID",
            Self::Conflict => "CONFLICT",
            Self::Forbidden => "FORBIDDEN",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::Timeout => "TIMEOUT",
            Self::Unsupported => "UNSUPPORTED",
            Self::Backend => "BACKEND",
        }
    }
}

impl Error {
    /// An [`Error::Invalid`].
    pub fn invalid(what: impl Into<String>, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Invalid { what: what.into(), expected: expected.into(), found: found.into() }
    }

    /// An [`Error::Backend`] that a later try may not meet again.
    pub fn backend(backend: &'static str, operation: &'static str, source: impl Into<BoxError>) -> Self {
        Self::Backend { backend, operation, retryable: false, source: source.into() }
    }

    /// The class of this error.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound { .. } => ErrorKind::NotFound,
            Self::Invalid { .. } | Self::Query { .. } => ErrorKind::Invalid,
            Self::Conflict { .. } | Self::Taken { .. } => ErrorKind::Conflict,
            Self::Forbidden { .. } => ErrorKind::Forbidden,
            Self::LimitExceeded { .. } => ErrorKind::LimitExceeded,
            Self::Timeout { .. } => ErrorKind::Timeout,
            Self::Unsupported { .. } => ErrorKind::Unsupported,
            Self::Provider { .. } | Self::Backend { .. } | Self::Locked { .. } => ErrorKind::Backend,
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
        matches!(self, Self::Backend { retryable: true, .. } | Self::Provider { retryable: true, .. } | Self::Locked { .. })
    }
}
