//! Subqueries in CALL, which the parser does not know, taken out of the text around them.

use open_cypher::{Keyword, Token, TokenKind};

/// What stands in the text in place of a subquery: it needs what stood there least, and reads.
const STAND_IN: &str = "WITH *";

/// A query that holds no subquery in CALL any more.
pub(super) struct Piece {
    /// Its place in the whole text.
    pub(super) base: usize,
    pub(super) text: String,
}

/// Takes the subqueries in CALL out of each other: the text itself is the first piece.
pub(super) fn apart(text: &str, tokens: &[Token]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut open = vec![(0..tokens.len(), 0..text.len())];
    while let Some((range, bytes)) = open.pop() {
        let mut piece = text.get(bytes.clone()).unwrap_or_default().to_owned();
        let mut index = range.start;
        while index < range.end {
            let Some(call) = call_at(tokens, index, range.end) else {
                index += 1;
                continue;
            };
            let (Some(first), Some(brace), Some(last)) = (tokens.get(call.first), tokens.get(call.brace), tokens.get(call.last))
            else {
                break;
            };
            let place = first.span.start - bytes.start..last.span.end - bytes.start;
            let stand_in = format!("{STAND_IN:width$}", width = place.len());
            piece.replace_range(place, &stand_in);
            open.push((call.brace + 1..call.last, brace.span.end..last.span.start));
            index = call.last + 1;
        }
        pieces.push(Piece { base: bytes.start, text: piece });
    }
    pieces
}

/// The tokens of `OPTIONAL CALL (variables) { .. }`: its first, the opening brace and the closing one.
struct Call {
    first: usize,
    brace: usize,
    last: usize,
}

fn call_at(tokens: &[Token], index: usize, end: usize) -> Option<Call> {
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
            return (last > brace).then_some(Call { first: index, brace, last });
        }
    }
    None
}
