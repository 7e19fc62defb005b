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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::error::Error;

    const WORDS: [&str; 40] = [
        "MATCH",
        "(n)",
        "-->",
        "(m:A)",
        "-[r:R*1..2]->",
        "WHERE",
        "n.x",
        "=",
        "1",
        "AND",
        "NOT",
        "RETURN",
        "WITH",
        "AS",
        "x",
        ",",
        "*",
        "count(*)",
        "CALL",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "CREATE",
        "SET",
        "n.x = 1",
        "UNWIND",
        "UNION",
        "EXISTS",
        "ORDER BY",
        "LIMIT",
        "CASE",
        "WHEN",
        "THEN",
        "END",
        "|",
        "IN",
        ";",
    ];

    proptest! {
        #[test]
        fn what_passes_the_guard_is_not_forbidden(words in prop::collection::vec(select(&WORDS[..]), 0..24)) {
            let text = words.join(" ");
            let limits = TextLimits::default();
            let forbidden = matches!(parse(&text, &limits), Err(Error::Forbidden { .. }));
            prop_assert!(!(forbidden && check_reads_only(&text, &limits).is_ok()), "{text}");
        }

        #[test]
        fn a_text_of_any_words_behind_return_is_read_or_refused(words in prop::collection::vec(select(&WORDS[..]), 0..12)) {
            let text = format!("MATCH (n), (m) RETURN {}", words.join(" "));
            let _ = parse(&text, &TextLimits::default());
        }
    }
}
