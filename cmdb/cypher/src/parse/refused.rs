//! Clauses that are refused, in the tree and in texts that the parser cannot read.

use open_cypher::ast::{CallTarget, ClauseKind};
use open_cypher::{Keyword, Token, TokenKind};

use crate::error::{Error, Position};

/// Words that administer or write, as the first of a statement.
const ADMINISTRATION: [&str; 14] = [
    "ALTER",
    "DEALLOCATE",
    "DENY",
    "DROP",
    "DRYRUN",
    "ENABLE",
    "GRANT",
    "REALLOCATE",
    "RENAME",
    "REVOKE",
    "SHOW",
    "START",
    "STOP",
    "TERMINATE",
];

/// The first clause in the text that is refused, whatever else is wrong with the text.
pub(super) fn find(text: &str, tokens: &[Token], position: &dyn Fn(usize) -> Position) -> Option<Error> {
    (0..tokens.len()).find_map(|index| at(text, tokens, index, position))
}

fn at(text: &str, tokens: &[Token], index: usize, position: &dyn Fn(usize) -> Position) -> Option<Error> {
    let token = tokens.get(index)?;
    let before = index.checked_sub(1).and_then(|before| tokens.get(before)).map(|token| token.kind);
    if is_name(before) {
        return None;
    }
    let next = tokens.get(index + 1);
    let position = position(token.span.start);
    let forbidden = |what: &str| Some(Error::Forbidden { what: what.to_owned(), position });
    let unsupported = |what: &str| Some(Error::Unsupported { what: what.to_owned(), position });
    let kind = next.map(|token| token.kind);
    let word = |token: Option<&Token>| token.and_then(|token| token.span.text(text)).unwrap_or_default().to_ascii_uppercase();
    match token.kind {
        TokenKind::Keyword(Keyword::Call) => match kind {
            Some(TokenKind::LeftBrace | TokenKind::LeftParen) => unsupported("a subquery in CALL"),
            Some(kind) if starts_operand(kind) => forbidden("CALL of a procedure"),
            _ => None,
        },
        TokenKind::Keyword(keyword) if writes(keyword) && kind.is_some_and(starts_operand) => forbidden(keyword.as_str()),
        TokenKind::Identifier => {
            let first = word(Some(token));
            match first.as_str() {
                "FOREACH" if kind == Some(TokenKind::LeftParen) => unsupported("FOREACH"),
                "INSERT" if kind == Some(TokenKind::LeftParen) => forbidden("INSERT"),
                "NODETACH" if kind == Some(TokenKind::Keyword(Keyword::Delete)) => forbidden("DELETE"),
                "LOAD" if word(next) == "CSV" => forbidden("LOAD CSV"),
                "USE" if index == 0 || before == Some(TokenKind::LeftBrace) => forbidden("USE"),
                name if index == 0 && ADMINISTRATION.contains(&name) => forbidden(name),
                _ => None,
            }
        }
        _ => None,
    }
}

const fn is_name(before: Option<TokenKind>) -> bool {
    matches!(
        before,
        Some(TokenKind::Dot | TokenKind::Colon | TokenKind::Ampersand | TokenKind::Bang | TokenKind::Keyword(Keyword::As))
    )
}

const fn writes(keyword: Keyword) -> bool {
    matches!(keyword, Keyword::Create | Keyword::Merge | Keyword::Set | Keyword::Delete | Keyword::Detach | Keyword::Remove)
}

const fn starts_operand(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::LeftParen | TokenKind::Identifier | TokenKind::EscapedIdentifier | TokenKind::Keyword(_))
}

/// Why a clause that does not read, or that is not known, is refused.
pub(super) fn clause(kind: &ClauseKind, position: Position) -> Error {
    let forbidden = |what: &str| Error::Forbidden { what: what.to_owned(), position };
    let unsupported = |what: &str| Error::Unsupported { what: what.to_owned(), position };
    match kind {
        ClauseKind::Create(_) => forbidden("CREATE"),
        ClauseKind::Insert(_) => forbidden("INSERT"),
        ClauseKind::Merge(_) => forbidden("MERGE"),
        ClauseKind::Delete(_) => forbidden("DELETE"),
        ClauseKind::Set(_) => forbidden("SET"),
        ClauseKind::Remove(_) => forbidden("REMOVE"),
        ClauseKind::LoadCsv(_) => forbidden("LOAD CSV"),
        ClauseKind::Use(_) => forbidden("USE"),
        ClauseKind::Foreach(_) => unsupported("FOREACH"),
        ClauseKind::Call(call) => match call.target {
            CallTarget::Subquery { .. } => unsupported("a subquery in CALL"),
            _ => forbidden("CALL of a procedure"),
        },
        ClauseKind::Let(_) => unsupported("LET"),
        ClauseKind::Select(_) => unsupported("SELECT"),
        ClauseKind::Next(_) => unsupported("NEXT"),
        ClauseKind::Filter(_) => unsupported("FILTER"),
        ClauseKind::Finish => unsupported("FINISH"),
        _ => unsupported("this clause"),
    }
}
