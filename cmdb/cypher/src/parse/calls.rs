//! Subqueries in CALL, which the parser does not know, taken out of the text around them.

use std::collections::BTreeMap;
use std::ops::Range;

use open_cypher::{Keyword, Token, TokenKind};

use super::source::Source;

/// What stands in the text in place of a subquery: it needs what stood there least, and reads.
const STAND_IN: &str = "WITH *";

/// The subqueries of a text by the places of their calls.
pub(super) type Calls<'t> = BTreeMap<usize, (Call, Source<'t>)>;

/// A query that holds no subquery in CALL any more.
pub(super) struct Piece {
    /// Its place in the whole text.
    pub(super) base: usize,
    pub(super) text: String,
    /// How it is called; nothing for the text itself.
    pub(super) call: Option<Call>,
}

/// How a subquery is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    /// Where in the whole text the call begins, and where the stand-in is.
    pub(super) place: usize,
    /// Whether a row for which the subquery gives none is kept.
    pub(super) optional: bool,
    pub(super) imports: Imports,
}

/// Which variables a subquery sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Imports {
    /// Those of the WITH that it begins with.
    Leading,
    /// All: `CALL (*)`.
    All,
    /// `CALL (a, b)`: the names, and their places in the whole text.
    Named(Vec<(String, Range<usize>)>),
}

/// Takes the subqueries in CALL out of each other: the text itself is the first piece.
pub(super) fn apart(text: &str, tokens: &[Token]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut open = vec![(0..tokens.len(), 0..text.len(), None)];
    while let Some((range, bytes, call)) = open.pop() {
        let mut piece = text.get(bytes.clone()).unwrap_or_default().to_owned();
        let mut index = range.start;
        while index < range.end {
            let Some(found) = call_at(tokens, index, range.end) else {
                index += 1;
                continue;
            };
            let (Some(first), Some(brace), Some(last)) =
                (tokens.get(found.first), tokens.get(found.brace), tokens.get(found.last))
            else {
                break;
            };
            let place = first.span.start - bytes.start..last.span.end - bytes.start;
            let stand_in = format!("{STAND_IN:width$}", width = place.len());
            piece.replace_range(place, &stand_in);
            let call = Call {
                place: first.span.start,
                optional: first.kind == TokenKind::Keyword(Keyword::Optional),
                imports: imports(text, tokens.get(found.first..found.brace).unwrap_or_default()),
            };
            open.push((found.brace + 1..found.last, brace.span.end..last.span.start, Some(call)));
            index = found.last + 1;
        }
        pieces.push(Piece { base: bytes.start, text: piece, call });
    }
    pieces
}

/// What the tokens before the brace import.
fn imports(text: &str, tokens: &[Token]) -> Imports {
    let Some(bracket) = tokens.iter().position(|token| token.kind == TokenKind::LeftParen) else { return Imports::Leading };
    let inside = tokens.get(bracket + 1..).unwrap_or_default();
    if inside.first().is_some_and(|token| token.kind == TokenKind::Star) {
        return Imports::All;
    }
    let names = inside.iter().filter(|token| !matches!(token.kind, TokenKind::Comma | TokenKind::RightParen));
    Imports::Named(names.map(|token| (name(token, text), token.span.range())).collect())
}

fn name(token: &Token, text: &str) -> String {
    let written = token.text(text).unwrap_or_default();
    if token.kind == TokenKind::EscapedIdentifier {
        return written.trim_matches('`').replace("``", "`");
    }
    written.to_owned()
}

/// The tokens of `OPTIONAL CALL (variables) { .. }`: its first, the opening brace and the closing one.
struct Found {
    first: usize,
    brace: usize,
    last: usize,
}

fn call_at(tokens: &[Token], index: usize, end: usize) -> Option<Found> {
    let kind = |index: usize| tokens.get(index).filter(|_| index < end).map(|token| token.kind);
    let call = if kind(index) == Some(TokenKind::Keyword(Keyword::Optional)) { index + 1 } else { index };
    if kind(call) != Some(TokenKind::Keyword(Keyword::Call)) {
        return None;
    }
    let mut brace = call + 1;
    if kind(brace) == Some(TokenKind::LeftParen) {
        brace += 1;
        while matches!(
            kind(brace),
            Some(
                TokenKind::Identifier | TokenKind::EscapedIdentifier | TokenKind::Keyword(_) | TokenKind::Comma | TokenKind::Star
            )
        ) {
            brace += 1;
        }
        if kind(brace) != Some(TokenKind::RightParen) {
            return None;
        }
        brace += 1;
    }
    let mut depth = 0_usize;
    for last in brace..end {
        match kind(last) {
            Some(TokenKind::LeftBrace) => depth += 1,
            Some(TokenKind::RightBrace) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return (last > brace).then_some(Found { first: index, brace, last });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::bounds;
    use super::*;

    #[test]
    fn subqueries_are_taken_out_with_what_they_import() {
        let text = "CALL { RETURN 1 AS a } OPTIONAL CALL (a, `b``c`) { CALL (*) { RETURN 2 } RETURN 3 } RETURN a";
        let pieces = apart(text, &bounds::significant(text));
        let found: Vec<_> = pieces.iter().map(|piece| (piece.base, piece.text.as_str())).collect();
        let outer = format!("{:22} {:60} RETURN a", "WITH *", "WITH *");
        let inner = format!(" {:21} RETURN 3 ", "WITH *");
        assert_eq!(found, [(0, &*outer), (50, &*inner), (61, " RETURN 2 "), (6, " RETURN 1 AS a ")]);
        let calls: Vec<_> = pieces.into_iter().filter_map(|piece| piece.call).collect();
        let names = Imports::Named(vec![("a".into(), 38..39), ("b`c".into(), 41..47)]);
        assert_eq!(
            calls,
            [
                Call { place: 23, optional: true, imports: names },
                Call { place: 51, optional: false, imports: Imports::All },
                Call { place: 0, optional: false, imports: Imports::Leading },
            ]
        );
    }
}
