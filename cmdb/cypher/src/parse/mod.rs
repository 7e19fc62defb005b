//! From text to tree.

mod bounds;
mod calls;
mod lower;
mod reads_only;
mod refused;
mod source;
#[cfg(test)]
mod testing;

use calls::Calls;
use source::Source;

use crate::error::Result;
use crate::limits::TextLimits;
use crate::tree::Query;

/// Reads and checks a query.
pub(crate) fn parse(text: &str, limits: &TextLimits) -> Result<Query> {
    let tokens = bounds::tokens(text, limits)?;
    let mut pieces = calls::apart(text, &tokens).into_iter();
    let whole = Source::piece(text, 0, pieces.next().map_or_else(String::new, |piece| piece.text))?;
    let mut calls = Calls::new();
    for piece in pieces {
        let source = Source::piece(text, piece.base, piece.text)?;
        calls.extend(piece.call.map(|call| (call.place, (call, source))));
    }
    lower::query(&whole, &calls)
}

/// See [`guard::check`](crate::guard::check).
pub(crate) fn check_reads_only(text: &str, limits: &TextLimits) -> Result<()> {
    reads_only::check(text, limits)
}
