//! Which texts may be sent on to another engine.

use crate::error::Result;
use crate::limits::TextLimits;
use crate::parse;

/// Looks at a query's text only, and lets through what reads: one statement, no writing clause, no procedure, no file, no
/// other graph, no administration. Subqueries in CALL braces pass, if what they hold does. Says nothing of names and types.
///
/// # Errors
/// [`Error::Forbidden`](crate::Error::Forbidden); [`Error::Query`](crate::Error::Query) and
/// [`Error::Unsupported`](crate::Error::Unsupported) for a text of which it cannot be told;
/// [`Error::Limit`](crate::Error::Limit) for one that is too large or nested too deeply.
pub fn check(text: &str, limits: &TextLimits) -> Result<()> {
    parse::check_reads_only(text, limits)
}
