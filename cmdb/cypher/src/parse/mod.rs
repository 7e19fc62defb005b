//! From text to tree.

use crate::error::{Error, Position, Result};
use crate::limits::TextLimits;
use crate::tree::Query;

/// Reads and checks a query.
pub(crate) fn parse(text: &str, limits: &TextLimits) -> Result<Query> {
    let _ = limits;
    Err(Error::Unsupported { what: "everything".into(), position: Position::of(text, 0) })
}

/// See [`guard::check`](crate::guard::check).
pub(crate) fn check_reads_only(text: &str, limits: &TextLimits) -> Result<()> {
    let _ = limits;
    Err(Error::Unsupported { what: "everything".into(), position: Position::of(text, 0) })
}
