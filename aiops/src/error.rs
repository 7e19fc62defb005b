//! What can go wrong, in the words of this crate.

/// Result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a model could not be fitted, read or asked.
///
/// Messages say what was expected and what came.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A parameter is outside its range.
    #[error("invalid parameter {name}: expected {expected}, found {found}")]
    Parameter {
        /// Its name.
        name: &'static str,
        /// Its range, in words.
        expected: &'static str,
        /// What was given.
        found: String,
    },
    /// The data cannot be used.
    #[error("invalid {what}: expected {expected}, found {found}")]
    Data {
        /// Which part of the data, as the caller names it: a feature, a series, a row.
        what: String,
        /// What would have been accepted.
        expected: String,
        /// What came.
        found: String,
    },
    /// There is too little of it.
    #[error("{what} has {found} points; at least {needed} are needed")]
    TooShort {
        /// What is too short.
        what: String,
        /// How many points are needed.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// There is more of it than is worked on at once.
    #[error("{what} has {found}; at most {limit} are worked on at once")]
    TooMuch {
        /// What there is too much of, with its unit: `the series' points`.
        what: String,
        /// How many at most.
        limit: usize,
        /// How many there are.
        found: usize,
    },
    /// The file is not a model of this crate, was cut or changed, or is of another kind.
    #[error("not a usable model file: expected {expected}, found {found}")]
    ModelFile {
        /// What would have been accepted.
        expected: String,
        /// What came.
        found: String,
    },
    /// Nothing has this name.
    #[error("{what} `{name}` was not found")]
    NotFound {
        /// What was looked for: `model`, `version`.
        what: &'static str,
        /// The name that was asked for.
        name: String,
    },
}

/// The stable class of an [`Error`]; HTTP statuses, Python exceptions and Node codes derive from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input cannot be used.
    Invalid,
    /// A limit was exceeded.
    LimitExceeded,
    /// Nothing has this name.
    NotFound,
}

impl ErrorKind {
    /// The code that every surface shows, for instance `INVALID`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invalid => "INVALID",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::NotFound => "NOT_FOUND",
        }
    }
}

impl Error {
    /// An [`Error::Data`].
    pub fn data(what: impl Into<String>, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Data { what: what.into(), expected: expected.into(), found: found.into() }
    }

    /// The class of this error.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Parameter { .. } | Self::Data { .. } | Self::TooShort { .. } | Self::ModelFile { .. } => ErrorKind::Invalid,
            Self::TooMuch { .. } => ErrorKind::LimitExceeded,
            Self::NotFound { .. } => ErrorKind::NotFound,
        }
    }

    /// The code of [`Error::kind`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.kind().code()
    }

    /// Whether the same call may succeed if it is made again later: never, since nothing here depends on the time.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        false
    }
}
