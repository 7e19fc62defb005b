//! What can go wrong with a query.

use std::fmt;
use std::time::Duration;

/// Result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A place in a query's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Position {
    /// The place of a byte of a text.
    #[must_use]
    pub fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
        Self { line: u32::try_from(line).unwrap_or(u32::MAX - 1) + 1, column: u32::try_from(column).unwrap_or(u32::MAX - 1) + 1 }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}", self.line, self.column)
    }
}

/// Why a query was refused or stopped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is no openCypher, or says something that cannot be: an unknown name, a type that can never fit.
    #[error("{message} ({position})")]
    Query {
        /// What was expected and what came.
        message: String,
        /// Where.
        position: Position,
    },
    /// It would write, call a procedure, load a file or administer.
    #[error("queries are read-only: {what} is not allowed ({position})")]
    Forbidden {
        /// The clause.
        what: String,
        /// Where.
        position: Position,
    },
    /// It is openCypher or Cypher that this executor does not know.
    #[error("{what} is not supported ({position})")]
    Unsupported {
        /// The construct.
        what: String,
        /// Where.
        position: Position,
    },
    /// A parameter is missing or cannot be used.
    #[error("the parameter ${name}: expected {expected}, found {found}")]
    Parameter {
        /// Its name.
        name: String,
        /// What would have been accepted.
        expected: String,
        /// What came.
        found: String,
    },
    /// A value met while the query ran cannot be used as the query wants.
    #[error("{message}")]
    Value {
        /// What was expected and what came.
        message: String,
    },
    /// The query is larger, or needs more, than it may.
    #[error("{what} exceeds the limit of {limit}")]
    Limit {
        /// What is too large.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// The query ran longer than it may.
    #[error("the query was stopped after {} ms, the longest that it may take", limit.as_millis())]
    Timeout {
        /// The limit.
        limit: Duration,
    },
    /// Whoever asked does not wait any more.
    #[error("the query was cancelled")]
    Cancelled,
}

impl Error {
    /// An [`Error::Value`].
    pub(crate) fn value(message: impl Into<String>) -> Self {
        Self::Value { message: message.into() }
    }
}
