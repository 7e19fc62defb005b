//! From text to tree.

mod bounds;
mod lower;
mod reads_only;
mod refused;
mod source;
#[cfg(test)]
mod testing;

use crate::error::Result;
use crate::limits::TextLimits;
use crate::tree::Query;

/// Reads and checks a query.
pub(crate) fn parse(text: &str, limits: &TextLimits) -> Result<Query> {
    lower::query(&source::Source::read(text, limits)?)
}

/// See [`guard::check`](crate::guard::check).
pub(crate) fn check_reads_only(text: &str, limits: &TextLimits) -> Result<()> {
    reads_only::check(text, limits)
}
