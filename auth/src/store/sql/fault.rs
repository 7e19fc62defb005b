//! How an operation on a database fails.

#[cfg(feature = "postgres")]
use std::borrow::Cow;

use sqlx::error::ErrorKind;

use crate::error::Error;
use crate::id::UserId;

/// Why an operation failed.
#[derive(Debug)]
pub(in crate::store) enum Fault {
    /// The database says so.
    Database(sqlx::Error),
    /// This crate says so.
    Own(Error),
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Own(error)
    }
}

impl Fault {
    /// The database's own code.
    #[cfg(feature = "postgres")]
    pub(in crate::store) fn code(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Database(sqlx::Error::Database(refusal)) => refusal.code(),
            _ => None,
        }
    }

    /// The same, but [`Error::Conflict`] where something is taken: what the database's message names, or else `other`.
    pub(in crate::store) fn taken(self, named: &[(&str, &str)], other: &str) -> Self {
        match &self {
            Self::Database(sqlx::Error::Database(refusal)) if refusal.is_unique_violation() => {
                let named = named.iter().find(|(name, _)| refusal.message().contains(name));
                Self::Own(Error::taken(named.map_or(other, |(_, what)| what)))
            }
            _ => self,
        }
    }

    /// The same, but [`Error::NotFound`] where the record is of a user whom nobody knows.
    pub(in crate::store) fn of_user(self, id: &UserId) -> Self {
        match &self {
            Self::Database(sqlx::Error::Database(refusal))
                if matches!(refusal.kind(), ErrorKind::ForeignKeyViolation | ErrorKind::NotNullViolation) =>
            {
                Self::Own(Error::NotFound { what: "user", id: id.to_string() })
            }
            _ => self,
        }
    }

    /// The error for the caller of an operation. `retryable` tells of a database's own refusals.
    pub(in crate::store) fn into_error(
        self,
        backend: &'static str,
        operation: &'static str,
        retryable: impl FnOnce(&str) -> bool,
    ) -> Error {
        let source = match self {
            Self::Own(error) => return error,
            Self::Database(error) => error,
        };
        let retryable = match &source {
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed => true,
            sqlx::Error::Database(refusal) => refusal.code().is_some_and(|code| retryable(&code)),
            _ => false,
        };
        Error::Backend { backend, operation, retryable, source: Box::new(source) }
    }
}
