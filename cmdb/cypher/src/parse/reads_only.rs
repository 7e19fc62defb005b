//! What only reads, whatever it means.

use crate::error::Result;
use crate::limits::TextLimits;

pub(super) fn check(text: &str, limits: &TextLimits) -> Result<()> {
    super::source::Source::read(text, limits).map(|_| ())
}
