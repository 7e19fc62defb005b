//! MATCH, where a subquery that is a mere pattern leaves it out.
//!
//! `EXISTS { (a)-->(:B) }` says `EXISTS { MATCH (a)-->(:B) }`. The parser takes the short form for some patterns only, so the
//! word is put in before it reads; places in the text that it read are then told as places in the text that was written.

use open_cypher::{Keyword, Span, Token, TokenKind};

const WORD: &str = "MATCH ";

/// Where the word is put in, in places of the text as it was written.
#[derive(Debug, Default)]
pub(super) struct Implied(Vec<usize>);

impl Implied {
    /// Finds the subqueries that begin with a pattern.
    pub(super) fn find(tokens: &[Token]) -> Self {
        let begins = |kinds: &[TokenKind]| {
            use TokenKind::{Equal, EscapedIdentifier, Identifier, LeftParen};
            matches!(kinds, [LeftParen, ..] | [Identifier | EscapedIdentifier, Equal, LeftParen])
        };
        let subqueries = tokens.windows(2).enumerate().filter(|(_, pair)| {
            matches!(pair[0].kind, TokenKind::Keyword(Keyword::Exists | Keyword::Count)) && pair[1].kind == TokenKind::LeftBrace
        });
        let behind = subqueries.filter_map(|(at, _)| {
            let inside = tokens.get(at + 2..)?;
            let kinds: Vec<_> = inside.iter().take(3).map(|token| token.kind).collect();
            inside.first().filter(|_| begins(&kinds)).map(|token| token.span.start)
        });
        Self(behind.collect())
    }

    /// The text for the parser.
    pub(super) fn complete(&self, text: &str) -> String {
        let mut complete = text.to_owned();
        for place in self.0.iter().rev() {
            complete.insert_str(*place, WORD);
        }
        complete
    }

    /// What a part of the parser's text is in the text as it was written.
    pub(super) fn written(&self, span: Span) -> Span {
        Span::new(self.written_place(span.start), self.written_place(span.end))
    }

    fn written_place(&self, mut place: usize) -> usize {
        for word in &self.0 {
            if place <= *word {
                break;
            }
            place = place.saturating_sub(WORD.len()).max(*word);
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::bounds;

    #[test]
    fn the_word_is_put_in_and_places_stay_those_of_the_text() {
        let text = "RETURN EXISTS {(a)-->(:B)}, COUNT { p = (:é) }, count { (a) }, EXISTS { MATCH (a) } AS x";
        let implied = Implied::find(&bounds::significant(text));
        let complete = implied.complete(text);
        assert_eq!(
            complete,
            "RETURN EXISTS {MATCH (a)-->(:B)}, COUNT { MATCH p = (:é) }, count { MATCH (a) }, EXISTS { MATCH (a) } AS x"
        );
        for part in ["RETURN", "EXISTS {", "(a)-->(:B)", "COUNT", "p = (:é)", "count", "AS x"] {
            let span = |text: &str| text.find(part).map(|start| Span::new(start, start + part.len())).unwrap();
            assert_eq!(implied.written(span(&complete)), span(text), "{part}");
        }
    }
}
