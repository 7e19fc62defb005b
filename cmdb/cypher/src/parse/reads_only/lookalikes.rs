//! Texts that two parsers may read differently.
//!
//! A text is vouched for by how this parser reads it, and run by how the other engine does. Where Neo4j's lexer is known to
//! differ, one text could hide a clause from one of them, so such texts are refused.

use open_cypher::{Token, TokenKind};

use crate::error::{Error, Position, Result};

/// Refuses a text that may hide something.
pub(super) fn refuse(text: &str, tokens: &[Token]) -> Result<()> {
    let ambiguous = |what: &str, offset| Err(Error::Unsupported { what: what.to_owned(), position: Position::of(text, offset) });
    if let Some(offset) = hidden_escape(text) {
        return ambiguous("an escape of a character that is neither a letter nor a digit", offset);
    }
    if let Some(offset) = lone_carriage_return(text) {
        return ambiguous("a carriage return that ends no line", offset);
    }
    for token in tokens {
        let inner = token.span.text(text).unwrap_or_default();
        if token.kind == TokenKind::EscapedIdentifier && inner.contains('\\') {
            return ambiguous("a backslash in a name", token.span.start);
        }
    }
    let mut end = 0;
    for start in tokens.iter().map(|token| token.span.start).chain([text.len()]) {
        let between = text.get(end..start).unwrap_or_default();
        if let Some(offset) = nested_comment(between) {
            return ambiguous("a comment inside a comment", end + offset);
        }
        end = tokens.get(tokens.partition_point(|token| token.span.start < start)).map_or(start, |token| token.span.end);
    }
    Ok(())
}

/// A `\u` escape of what could end a string, name or comment: Neo4j decodes escapes everywhere, before it looks for those.
fn hidden_escape(text: &str) -> Option<usize> {
    text.match_indices("\\u").chain(text.match_indices("\\U")).find_map(|(offset, _)| {
        let digits = text.get(offset + 1..)?.trim_start_matches(['u', 'U']);
        let hidden = [4, 6].into_iter().any(|length| {
            let code = digits.get(..length).and_then(|digits| u32::from_str_radix(digits, 16).ok());
            code.is_some_and(|code| !char::from_u32(code).is_some_and(char::is_alphanumeric))
        });
        hidden.then_some(offset)
    })
}

fn lone_carriage_return(text: &str) -> Option<usize> {
    text.match_indices('\r').map(|(offset, _)| offset).find(|offset| !matches!(text.as_bytes().get(offset + 1), Some(b'\n')))
}

/// A block comment that opens another one: Neo4j ends it at the first end.
fn nested_comment(between: &str) -> Option<usize> {
    open_cypher::lex(between).tokens.into_iter().find_map(|token| {
        let inside = token.span.text(between)?.strip_prefix("/*")?;
        (token.kind == TokenKind::BlockComment && inside.contains("/*")).then_some(token.span.start)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(text: &str) -> bool {
        let tokens = crate::parse::bounds::significant(text);
        refuse(text, &tokens).is_err()
    }

    #[test]
    fn what_another_lexer_may_read_otherwise_is_refused() {
        for text in [
            r"RETURN '\u0027 CREATE (n) //'",
            r"RETURN '\uu0027'",
            r"RETURN '\\u0027'",
            "// \\u000a CREATE (n)\nRETURN 1",
            r"MATCH (`a\` ) CREATE (m) //`) RETURN 1",
            "/* /* */ CREATE (n) // */ */ RETURN 1",
            "RETURN 1 /* /* */ */",
            "// a\rCREATE (n)\nRETURN 1",
        ] {
            assert!(is_refused(text), "{text}");
        }
    }

    #[test]
    fn letters_windows_lines_and_comments_pass() {
        for text in [
            r"RETURN '\u00e9\u0041'",
            r"RETURN 'C:\\users\\new'",
            "RETURN 1\r\n// RETURN 2 /* */\r\n",
            "/* a */ /* b */ RETURN '/* /* */'",
            "RETURN 'a\\'b' AS `c``d`",
        ] {
            assert!(!is_refused(text), "{text}");
        }
    }
}
