//! Queries for the tests of this module.

use crate::error::{Error, Position};
use crate::limits::TextLimits;
use crate::tree::{Clause, Projection, Query};

/// The tree of a text that is right.
pub(crate) fn read(text: &str) -> Query {
    super::parse(text, &TextLimits::default()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Why a text is refused.
pub(crate) fn refused(text: &str) -> Error {
    match super::parse(text, &TextLimits::default()) {
        Ok(query) => panic!("{text} was not refused: {query:?}"),
        Err(error) => error,
    }
}

/// The clauses of the first part.
pub(crate) fn clauses(query: &Query) -> &[Clause] {
    &query.body.parts[0].clauses
}

/// The last projection of the first part.
pub(crate) fn projection(query: &Query) -> &Projection {
    match clauses(query).last() {
        Some(Clause::Project(projection)) => projection,
        other => panic!("{other:?}"),
    }
}

/// Checks that texts are wrong for the reasons given beside them, on the first line at these columns.
pub(crate) fn all_wrong(texts: &[(&str, u32, &str)]) {
    for (text, column, reason) in texts {
        match refused(text) {
            Error::Query { message, position } => {
                assert!(message.contains(reason), "{text}: {message}");
                assert_eq!(position, Position { line: 1, column: *column }, "{text}: {message}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}
