//! A query's text, read by the parser.

use open_cypher::ast::{Program, QueryKind, RegularQuery, StatementKind};
use open_cypher::{DiagnosticCode, ParseErrors, Span, Token, TokenKind};

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
    /// The text, with spaces in place of EXPLAIN and PROFILE, so that every place in it stays what it was.
    text: String,
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
        let position = |offset: usize| Position::of(whole, base + offset);
        if tokens.is_empty() {
            return Err(Error::Query { message: "expected a query, found no text".into(), position: position(0) });
        }
        match open_cypher::parse(&text) {
            Ok(parsed) => Ok(Self { whole, base, text, mode, tokens, program: parsed.program }),
            Err(errors) => Err(refused::find(&text, &tokens, &position).unwrap_or_else(|| explain(&text, &errors, &position))),
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
        Position::of(self.whole, self.base + span.start)
    }

    /// An [`Error::Query`] about a part of the text.
    pub(super) fn error(&self, span: Span, message: impl Into<String>) -> Error {
        Error::Query { message: message.into(), position: self.position(span) }
    }

    /// An [`Error::Unsupported`] about a part of the text.
    pub(super) fn unsupported(&self, span: Span, what: impl Into<String>) -> Error {
        Error::Unsupported { what: what.into(), position: self.position(span) }
    }

    /// The text of a part.
    pub(super) fn slice(&self, span: Span) -> &str {
        span.text(&self.text).unwrap_or_default()
    }

    /// Whether two parts say the same in the same words; spaces and comments do not count.
    pub(super) fn same(&self, left: Span, right: Span) -> bool {
        let (left, right) = (self.tokens_of(left), self.tokens_of(right));
        left.len() == right.len()
            && left.iter().zip(right).all(|(left, right)| {
                left.kind == right.kind
                    && (matches!(left.kind, TokenKind::Keyword(_)) || self.slice(left.span) == self.slice(right.span))
            })
    }

    fn tokens_of(&self, span: Span) -> &[Token] {
        let from = self.tokens.partition_point(|token| token.span.start < span.start);
        let to = self.tokens.partition_point(|token| token.span.end <= span.end);
        self.tokens.get(from..to).unwrap_or_default()
    }
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
fn explain(text: &str, errors: &ParseErrors, position: &dyn Fn(usize) -> Position) -> Error {
    let Some(first) = errors.diagnostics().first() else {
        return Error::Query { message: "expected a query".into(), position: position(0) };
    };
    let after = text.get(..first.primary_span.start).unwrap_or_default().trim_end();
    let message = if first.code == DiagnosticCode::ExtraToken && after.ends_with(';') {
        "expected one statement, found a second one behind the semicolon".to_owned()
    } else {
        first.message.clone()
    };
    Error::Query { message, position: position(first.primary_span.start) }
}
