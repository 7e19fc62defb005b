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
            Some(TokenKind::Identifier | TokenKind::EscapedIdentifier) => forbidden("CALL of a procedure"),
            _ => None,
        },
        TokenKind::Keyword(Keyword::Detach) if kind == Some(TokenKind::Keyword(Keyword::Delete)) => forbidden("DELETE"),
        TokenKind::Keyword(keyword) if writes(keyword) && kind.is_some_and(starts_operand) => forbidden(keyword.as_str()),
        TokenKind::Keyword(Keyword::Is) => {
            let negated = kind == Some(TokenKind::Keyword(Keyword::Not));
            let predicate = if negated { tokens.get(index + 2) } else { next };
            match word(predicate).as_str() {
                "::" | "TYPED" => unsupported("IS with a type"),
                "NORMALIZED" | "NFC" | "NFD" | "NFKC" | "NFKD" => unsupported("IS NORMALIZED"),
                _ => None,
            }
        }
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
    matches!(keyword, Keyword::Create | Keyword::Merge | Keyword::Set | Keyword::Delete | Keyword::Remove)
}

const fn starts_operand(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::LeftParen | TokenKind::Identifier | TokenKind::EscapedIdentifier)
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

#[cfg(test)]
mod tests {
    use super::super::testing::{read, refused};
    use super::*;

    #[test]
    fn what_writes_administers_or_calls_is_forbidden_at_its_place() {
        let texts = [
            ("CREATE (n)", "CREATE", 1),
            ("MATCH (n) MERGE (n)-[:A]->(m) RETURN n", "MERGE", 11),
            ("MATCH (n) SET n.x = 1", "SET", 11),
            ("MATCH (n) DETACH DELETE n", "DELETE", 11),
            ("MATCH (n) REMOVE n.x", "REMOVE", 11),
            ("MATCH (n) WHERE EXISTS { MATCH (n) DELETE n } RETURN n", "DELETE", 36),
            ("MATCH (n) INSERT (:A)", "INSERT", 11),
            ("LOAD CSV FROM 'file:///a' AS line RETURN line", "LOAD CSV", 1),
            ("USE other MATCH (n) RETURN n", "USE", 1),
            ("CALL db.labels()", "CALL of a procedure", 1),
            ("MATCH (n) CALL db.labels() YIELD label RETURN label", "CALL of a procedure", 11),
            ("SHOW DATABASES", "SHOW", 1),
            ("DROP INDEX x", "DROP", 1),
            ("CREATE INDEX FOR (n:A) ON (n.x)", "CREATE", 1),
            ("RETURN 1; MATCH (n) DETACH DELETE n", "DELETE", 21),
        ];
        for (text, clause, column) in texts {
            let expected = Error::Forbidden { what: clause.into(), position: Position { line: 1, column } };
            assert_eq!(refused(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_known_is_unsupported_at_its_place() {
        let texts = [
            ("MATCH (n) CALL { WITH n RETURN 1 AS x } RETURN x", 11),
            ("MATCH (n) CALL (n) { RETURN 1 AS x } RETURN x", 11),
            ("MATCH (n) FOREACH (x IN [1] | SET n.x = x)", 11),
            ("MATCH (n) WHERE n.x IS :: INTEGER RETURN n", 21),
            ("MATCH (n) RETURN n.x IS NOT NORMALIZED", 22),
            ("MATCH ((a)-[:R]->(b)){1,3} RETURN a", 7),
            ("MATCH WALK (a)-->(b) RETURN a", 7),
            ("MATCH ANY (a)-->(b) RETURN a", 7),
        ];
        for (text, column) in texts {
            let error = refused(text);
            let expected = Position { line: 1, column };
            assert!(matches!(&error, Error::Unsupported { position, .. } if *position == expected), "{text}: {error:?}");
        }
    }

    #[test]
    fn names_like_clauses_are_only_names() {
        read("MATCH (n:Create)-[:DELETE|SET]->(m) RETURN n.set AS remove, m.`merge` AS `call`, 'CREATE (n)' AS s");
    }
}
