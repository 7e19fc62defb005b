//! How large a text may be before anything walks it.
//!
//! The parser keeps its own stack, but whoever walks or drops the tree that it makes uses the thread's. So the depth of that
//! tree is counted on the tokens first, as an operator-precedence parser would count it, without building anything.

mod level;
mod readings;
mod walk;
mod words;

use open_cypher::Token;

use self::walk::Walk;
use self::words::looks_around;
use crate::error::{Error, Result};
use crate::limits::TextLimits;

/// How many tokens the parser may look at. At each clause, bracket, label and key it looks along the others to tell what it
/// is, so that its time grows with the product of both; so many take it about a tenth of a second.
const READINGS: usize = 64 << 20;

/// The tokens of a text without spaces and comments, if it is neither too large nor nested too deeply.
pub(super) fn tokens(text: &str, limits: &TextLimits) -> Result<Vec<Token>> {
    if text.len() > limits.bytes {
        return Err(Error::Limit { what: "the length of the query's text, in bytes,", limit: limits.bytes as u64 });
    }
    let tokens = significant(text);
    Walk::new(limits.nesting).check(&tokens)?;
    let looking_around = tokens.iter().filter(|token| looks_around(token.kind)).count();
    if looking_around.saturating_mul(tokens.len()) > READINGS {
        let limit = READINGS.checked_div(tokens.len()).unwrap_or(READINGS);
        return Err(Error::Limit { what: "the number of clauses, brackets, labels and keys", limit: limit as u64 });
    }
    Ok(tokens)
}

/// The tokens of a text without spaces and comments.
pub(super) fn significant(text: &str) -> Vec<Token> {
    open_cypher::lex(text).tokens.into_iter().filter(|token| !token.is_trivia()).collect()
}

#[cfg(test)]
mod tests {
    use super::walk::NESTED_PATTERNS;
    use super::*;

    fn refused(text: &str) -> Option<&'static str> {
        match tokens(text, &TextLimits::default()) {
            Err(Error::Limit { what, .. }) => Some(what),
            Err(other) => panic!("{other:?}"),
            Ok(_) => None,
        }
    }

    #[test]
    fn what_nests_is_refused_beyond_the_limit() {
        let deep = [
            "(",
            "[",
            "{a: ",
            "NOT ",
            "-",
            "+ ",
            "CASE ",
            "CASE WHEN true THEN ",
            "f(",
            "EXISTS { RETURN ",
            "1 + (",
            "NOT match = (",
            "a OR b XOR c AND NOT d = e + f * -(",
            "[x IN ",
            "a STARTS WITH (",
            "NOT x STARTS WITH (",
            "{a: NOT match = ",
        ];
        for open in deep {
            assert_eq!(refused(&format!("RETURN {}1", open.repeat(200))).map(|_| ()), Some(()), "{open}");
        }
    }

    #[test]
    fn what_leans_is_refused_beyond_a_longer_limit() {
        for term in ["+ 1 ", "AND a ", "OR a ", "= a ", ".a", "[0]", "[0..1]", "{.a}", "- match ", "IS NULL AND a "] {
            assert_eq!(refused(&format!("RETURN 1 {}", term.repeat(100))), None, "{term}");
            assert_eq!(refused(&format!("RETURN 1 {}", term.repeat(2_000))).map(|_| ()), Some(()), "{term}");
        }
    }

    #[test]
    fn chains_in_brackets_add_up() {
        let chain = "1 + ".repeat(300);
        assert_eq!(refused(&format!("RETURN {chain} 1, {chain} 1, ({chain} 1)")), None);
        assert!(refused(&format!("RETURN {chain} ({chain} 1)")).is_some());
    }

    #[test]
    fn patterns_nest_less_than_brackets() {
        let nested = |depth| format!("RETURN {}1{}", "[(a)-->(b) | ".repeat(depth), "]".repeat(depth));
        assert_eq!(refused(&nested(NESTED_PATTERNS)), None);
        assert_eq!(refused(&nested(NESTED_PATTERNS + 1)), Some("the nesting of patterns in expressions"));
    }

    #[test]
    fn what_the_parser_would_read_again_and_again_is_refused() {
        let nested =
            |inner: &str, depth| format!("RETURN {}1{}", "[(a)-->(b) | ".repeat(depth), format!("{inner}]").repeat(depth));
        assert_eq!(refused(&nested(" + size(collect)", 3)), None);
        let names = " + count + exists + collect + case * count * exists - any / all";
        assert!(refused(&nested(names, 4)).is_some());
        let pipes = |count| format!("{}]", " | 1".repeat(count));
        let split = |count| format!("RETURN {}1{}", "[(a)-->(b) WHERE ".repeat(4), pipes(count).repeat(4));
        assert_eq!(refused(&split(3)), None);
        assert!(refused(&split(60)).is_some());
        assert!(refused(&format!("RETURN 1{}", ", match + 1".repeat(5_000))).is_some());
    }

    #[test]
    fn long_lists_of_values_pass_but_not_as_many_brackets() {
        assert_eq!(refused(&format!("MATCH (n) WHERE n.id IN [{}'a'] RETURN n", "'a', ".repeat(12_000))), None);
        assert!(refused(&format!("RETURN [{}1]", "(a:B), ".repeat(8_000))).is_some());
    }

    #[test]
    fn many_unions_and_long_texts_are_refused() {
        assert_eq!(refused(&format!("RETURN 1{}", " UNION RETURN 1".repeat(200))), Some("the number of UNIONs"));
        assert!(refused(&" ".repeat(64 * 1024 + 1)).is_some());
    }

    #[test]
    fn brackets_that_do_not_match_hide_nothing() {
        assert!(refused(&"(((]]]".repeat(100)).is_some());
    }
}
