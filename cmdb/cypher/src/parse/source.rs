//! A query's text, read by the parser.

use open_cypher::ast::{Program, QueryKind, RegularQuery, StatementKind};
use open_cypher::{DiagnosticCode, Keyword, ParseErrors, Span, Token, TokenKind};

use super::{bounds, refused};
use crate::error::{Error, Position, Result};
use crate::limits::TextLimits;
use crate::tree::Mode;

/// A text that is one statement.
#[derive(Debug)]
pub(super) struct Source<'t> {
    /// The text of which this is a part, for places.
    whole: &'t str,
    /// Where in it this part begins.
    base: usize,
    /// This part as it was given to the parser: with spaces in place of EXPLAIN and PROFILE, and with MATCH where it may be
    /// left out.
    text: String,
    /// Where in it MATCH was put.
    inserted: Vec<usize>,
    pub(super) mode: Mode,
    /// Its tokens without spaces and comments.
    tokens: Vec<Token>,
    program: Program,
}

impl<'t> Source<'t> {
    /// Reads a text that is neither too large nor nested too deeply.
    pub(super) fn read(text: &'t str, limits: &TextLimits) -> Result<Self> {
        let tokens = bounds::tokens(text, limits)?;
        Self::parse(text, 0, text.to_owned(), tokens)
    }

    /// Reads a part of a text that is neither too large nor nested too deeply.
    pub(super) fn piece(whole: &'t str, base: usize, text: String) -> Result<Self> {
        let tokens = bounds::significant(&text);
        Self::parse(whole, base, text, tokens)
    }

    fn parse(whole: &'t str, base: usize, mut text: String, mut tokens: Vec<Token>) -> Result<Self> {
        let mode = mode(&text, &tokens);
        if mode != Mode::Run {
            let span = tokens.remove(0).span;
            text.replace_range(span.range(), &" ".repeat(span.len()));
        }
        let inserted = insert_match(&mut text, &tokens);
        if !inserted.is_empty() {
            tokens = bounds::significant(&text);
        }
        let position = |offset: usize| Position::of(whole, base + original(&inserted, offset));
        if tokens.is_empty() {
            return Err(Error::Query { message: "expected a query, found no text".into(), position: position(0) });
        }
        match open_cypher::parse(&text) {
            Ok(parsed) => Ok(Self { whole, base, text, inserted, mode, tokens, program: parsed.program }),
            Err(errors) => {
                Err(refused::find(&text, &tokens, &position).unwrap_or_else(|| explain(&text, &tokens, &errors, &position)))
            }
        }
    }

    /// The statement.
    pub(super) fn query(&self) -> Result<&RegularQuery> {
        let regular = self.program.statements.first().and_then(|statement| match &statement.kind {
            StatementKind::Query(query) => match &query.query.kind {
                QueryKind::Regular(regular) => Some(regular),
                _ => None,
            },
            _ => None,
        });
        regular.ok_or_else(|| self.error(Span::empty(0), "expected a query"))
    }

    /// Where a part of the text begins.
    pub(super) fn position(&self, span: Span) -> Position {
        Position::of(self.whole, self.base + original(&self.inserted, span.start))
    }

    /// An [`Error::Query`] about a part of the text.
    pub(super) fn error(&self, span: Span, message: impl Into<String>) -> Error {
        Error::Query { message: message.into(), position: self.position(span) }
    }

    /// An [`Error::Unsupported`] about a part of the text.
    pub(super) fn unsupported(&self, span: Span, what: impl Into<String>) -> Error {
        Error::Unsupported { what: what.into(), position: self.position(span) }
    }

    /// The text of a part, as it was written.
    pub(super) fn slice(&self, span: Span) -> &str {
        let (start, end) = (original(&self.inserted, span.start), original(&self.inserted, span.end));
        self.whole.get(self.base + start..self.base + end).unwrap_or_default()
    }

    /// Whether two parts say the same in the same words; spaces and comments do not count.
    pub(super) fn same(&self, left: Span, right: Span) -> bool {
        let (left, right) = (self.tokens_of(left), self.tokens_of(right));
        left.len() == right.len()
            && left.iter().zip(right).all(|(left, right)| {
                left.kind == right.kind
                    && (matches!(left.kind, TokenKind::Keyword(_)) || left.span.text(&self.text) == right.span.text(&self.text))
            })
    }

    fn tokens_of(&self, span: Span) -> &[Token] {
        let from = self.tokens.partition_point(|token| token.span.start < span.start);
        let to = self.tokens.partition_point(|token| token.span.end <= span.end);
        self.tokens.get(from..to).unwrap_or_default()
    }
}

/// What is put where MATCH may be left out.
const MATCH: &str = " MATCH ";

/// Puts MATCH before the patterns of `EXISTS { (a)-->(b) }` and `COUNT { .. }`, without which the parser takes their labels
/// for predicates. Gives the places, in the new text.
fn insert_match(text: &mut String, tokens: &[Token]) -> Vec<usize> {
    let mut inserted = Vec::new();
    for four in tokens.windows(4) {
        let kinds = four.iter().map(|token| token.kind).collect::<Vec<_>>();
        let [TokenKind::Keyword(Keyword::Exists | Keyword::Count), TokenKind::LeftBrace, third, fourth] = *kinds else {
            continue;
        };
        let is_path = matches!(third, TokenKind::Identifier | TokenKind::EscapedIdentifier) && fourth == TokenKind::Equal;
        if let Some(brace) = four.get(1).filter(|_| is_path || third == TokenKind::LeftParen) {
            let place = brace.span.end + inserted.len() * MATCH.len();
            text.insert_str(place, MATCH);
            inserted.push(place);
        }
    }
    inserted
}

/// The place in the text as it was written, of a place in the text that the parser was given.
fn original(inserted: &[usize], offset: usize) -> usize {
    let before = inserted.iter().take_while(|place| **place < offset);
    before.fold(offset, |original, place| original - MATCH.len().min(offset - place))
}

fn mode(text: &str, tokens: &[Token]) -> Mode {
    let word = tokens.first().and_then(|token| token.span.text(text)).unwrap_or_default();
    match () {
        () if word.eq_ignore_ascii_case("EXPLAIN") => Mode::Explain,
        () if word.eq_ignore_ascii_case("PROFILE") => Mode::Profile,
        () => Mode::Run,
    }
}

/// The parser's first complaint.
fn explain(text: &str, tokens: &[Token], errors: &ParseErrors, position: &dyn Fn(usize) -> Position) -> Error {
    let Some(first) = errors.diagnostics().first() else {
        return Error::Query { message: "expected a query".into(), position: position(0) };
    };
    let error = |message: String, offset| Error::Query { message, position: position(offset) };
    let ends = tokens.iter().position(|token| token.kind == TokenKind::Semicolon);
    if let Some(second) = ends.and_then(|end| tokens.get(end + 1)) {
        return error("expected one statement, found a second one behind the semicolon".into(), second.span.start);
    }
    let offset = first.primary_span.start;
    let found = first.primary_span.text(text).unwrap_or_default();
    if first.code != DiagnosticCode::UnexpectedToken || found.is_empty() {
        return error(first.message.clone(), offset);
    }
    let expected = first.message.split_once("; expected ").map(|(_, expected)| expected);
    error(
        match expected.filter(|expected| expected.matches('`').count() <= MOST_EXPECTED * 2) {
            Some(expected) => format!("expected {expected}, found `{found}`"),
            None => format!("`{found}` cannot stand here"),
        },
        offset,
    )
}

/// So many alternatives are told; a longer list helps nobody.
const MOST_EXPECTED: usize = 6;

#[cfg(test)]
mod tests {
    use super::super::testing::{all_wrong, read, refused};
    use crate::error::{Error, Position};
    use crate::tree::Mode;

    #[test]
    fn explain_and_profile_are_modes() {
        assert_eq!(read("RETURN 1").mode, Mode::Run);
        assert_eq!(read("explain RETURN 1").mode, Mode::Explain);
        assert_eq!(read("// comment\nPROFILE\nRETURN 1").mode, Mode::Profile);
    }

    #[test]
    fn columns_are_named_as_they_were_written() {
        let query = read("EXPLAIN MATCH (n) RETURN  n . a,COUNT{(n)-->(:B)} , n, `n`.`b c` AS `d e`, 1+ /* one */ 2");
        let names: Vec<&str> = query.columns.iter().map(|name| &**name).collect();
        assert_eq!(names, ["n . a", "COUNT{(n)-->(:B)}", "n", "d e", "1+ /* one */ 2"]);
    }

    #[test]
    fn places_are_those_of_the_text_as_it_was_written() {
        all_wrong(&[
            ("MATCH (n) WHERE EXISTS { (n)-->(:B) } RETURN m", 46, "m is not defined"),
            ("PROFILE RETURN m", 16, "m is not defined"),
            ("RETURN 'é' = m", 14, "m is not defined"),
        ]);
    }

    #[test]
    fn what_the_parser_expected_is_told_shortly() {
        all_wrong(&[
            ("RETURN 1 RETURN 2", 10, "RETURN"),
            ("MATCH (n RETURN n", 7, "unclosed delimiter `(`"),
            ("RETURN 1; RETURN 2", 11, "one statement"),
            ("RETURN )", 8, "`)` cannot stand here"),
            ("", 1, "no text"),
            ("EXPLAIN", 1, "no text"),
        ]);
    }

    #[test]
    fn a_place_is_told_in_lines_and_characters() {
        let Error::Query { position, .. } = refused("MATCH (n)\nRETURN 'ä', x") else { panic!("expected a wrong name") };
        assert_eq!(position, Position { line: 2, column: 13 });
    }
}
