//! Why a configuration cannot be used.

use std::io;
use std::path::PathBuf;

use config::ConfigError;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// The file cannot be read.
    #[error("cannot read the configuration file {}: {source}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is not TOML.
    #[error("the configuration file {origin} is not TOML: {reason}")]
    Syntax {
        /// Which file.
        origin: String,
        /// Where and why.
        reason: String,
    },
    /// There is no such key.
    #[error("unknown key `{key}` in {origin}: expected one of {}", expected.join(", "))]
    UnknownKey {
        /// The file or environment variable.
        origin: String,
        /// The key, with dots.
        key: String,
        /// What can stand there.
        expected: Vec<String>,
    },
    /// A key has a value that cannot be used.
    #[error("invalid value of `{key}` in {origin}: expected {expected}, found {found}")]
    Invalid {
        /// The file or environment variable.
        origin: String,
        /// The key, with dots.
        key: String,
        /// What would have been accepted.
        expected: String,
        /// What came.
        found: String,
    },
}

impl ConfigurationError {
    pub(super) fn invalid(
        origin: impl Into<String>,
        key: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self::Invalid { origin: origin.into(), key: key.into(), expected: expected.into(), found: found.into() }
    }

    /// The same error with the place where its key was set.
    pub(super) fn found_in(mut self, origin_of: impl Fn(&str) -> Option<String>) -> Self {
        if let Self::Invalid { origin, key, .. } = &mut self
            && let Some(place) = origin_of(key)
        {
            *origin = place;
        }
        self
    }

    /// From the reader's error; `origin_of` tells where a key was set.
    pub(super) fn from_reader(error: ConfigError, origin_of: impl Fn(&str) -> Option<String>) -> Self {
        let origin_or = |origin: Option<String>, key: &str| {
            origin.or_else(|| origin_of(key)).unwrap_or_else(|| "the configuration".to_owned())
        };
        match error {
            ConfigError::FileParse { uri, cause } => {
                Self::Syntax { origin: uri.unwrap_or_default(), reason: cause.to_string().trim_end().to_owned() }
            }
            ConfigError::Type { origin, unexpected, expected, key } => {
                let key = dotted(key);
                Self::invalid(origin_or(origin, &key), key, expected, unexpected.to_string())
            }
            ConfigError::At { error, origin, key } => {
                let key = dotted(key);
                let origin = origin_or(origin, &key);
                match error.to_string().split_once(EXPECTED) {
                    Some((expected, found)) => {
                        // Errors of the auth crate say `expected` themselves.
                        let expected = expected.rsplit_once("expected ").map_or(expected, |(_, expected)| expected);
                        Self::invalid(origin, key, expected, found)
                    }
                    None => Self::invalid(origin, key, "another value", error.to_string()),
                }
            }
            ConfigError::NotFound(key) => Self::invalid(origin_or(None, &key), key, "a value", "nothing"),
            other => Self::invalid("the configuration", "?", "another value", other.to_string()),
        }
    }
}

/// Between what was expected and what was found, in errors of values that we read ourselves.
pub(super) const EXPECTED: &str = ", found ";

/// The reader writes `list[0]member`.
fn dotted(key: Option<String>) -> String {
    key.unwrap_or_default().replace(']', "].").trim_end_matches('.').replace(".[", "[")
}
