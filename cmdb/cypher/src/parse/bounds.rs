//! How large a text may be before anything walks it.
//!
//! The parser keeps its own stack, but whoever walks or drops the tree that it makes uses the thread's. So the depth of that
//! tree is counted on the tokens first, as an operator-precedence parser would count it, without building anything.

mod level;

use open_cypher::{Keyword, Token, TokenKind};

use self::level::{Bracket, Level};
use crate::error::{Error, Result};
use crate::limits::TextLimits;

/// So many operators of one rank, joined from left to right, may follow each other for each level of nesting allowed.
/// They lean to the left in the tree, which costs less per operator than nesting does.
const CHAIN_PER_NESTING: usize = 4;

/// Patterns inside patterns inside expressions. The parser reads each again for every reading of the one around it, so
/// that its time doubles with each.
const NESTED_PATTERNS: usize = 8;

/// How much nesting a subquery in braces stands for: clauses lie between its brace and the expressions in it.
const SUBQUERY_WEIGHT: usize = 4;

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

/// Counts as it walks along the tokens.
struct Walk {
    nesting: usize,
    levels: Vec<Level>,
    unions: usize,
}

impl Walk {
    fn new(nesting: usize) -> Self {
        Self { nesting, levels: vec![Level::new(Bracket::Text, 0)], unions: 0 }
    }

    fn check(mut self, tokens: &[Token]) -> Result<()> {
        for (index, token) in tokens.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|index| tokens.get(index)).map(|token| token.kind);
            let after = tokens.get(index + 1).map(|token| token.kind);
            self.token(before, token.kind, after)?;
        }
        while self.levels.len() > 1 {
            self.close()?;
        }
        let chain = self.top().chain();
        self.check_chain(chain)
    }

    fn token(&mut self, before: Option<TokenKind>, kind: TokenKind, after: Option<TokenKind>) -> Result<()> {
        use TokenKind as T;
        let operand = self.top().operand;
        if before == Some(T::Dot) && matches!(kind, T::Keyword(_)) {
            self.top().operand = true;
            return Ok(());
        }
        match kind {
            T::LeftParen => self.open(Bracket::Round, 1)?,
            T::LeftBracket => self.open(Bracket::Square, 1)?,
            T::LeftBrace if is_subquery(before) => self.open(Bracket::Braces, SUBQUERY_WEIGHT)?,
            T::LeftBrace => self.open(Bracket::Braces, 1)?,
            T::Keyword(Keyword::Case) => self.open(Bracket::Case, 1)?,
            T::RightParen => self.close_at(Bracket::Round)?,
            T::RightBracket => self.close_at(Bracket::Square)?,
            T::RightBrace => self.close_at(Bracket::Braces)?,
            T::Keyword(Keyword::End) if self.top().bracket == Bracket::Case => self.close_at(Bracket::Case)?,
            T::Comma | T::Semicolon => self.end_segment()?,
            T::Keyword(Keyword::Union) => {
                self.unions += 1;
                if self.unions > self.nesting {
                    return Err(Error::Limit { what: "the number of UNIONs", limit: self.nesting as u64 });
                }
                self.end_segment()?;
            }
            T::Keyword(Keyword::With) if matches!(before, Some(T::Keyword(Keyword::Starts | Keyword::Ends))) => {}
            T::Keyword(keyword) if ends_expression(keyword) => {
                // In front of an operand it may be a name, so what waits for that operand still does.
                if operand {
                    self.end_segment()?;
                }
            }
            T::Dot | T::Pipe | T::Ampersand => self.top().lean(),
            T::Keyword(Keyword::Not) => self.push_prefix(4)?,
            T::Plus | T::Minus if !operand => self.push_prefix(11)?,
            _ => match rank(kind) {
                Some(rank) => self.push_infix(rank)?,
                None => self.top().operand = true,
            },
        }
        if before == Some(T::RightParen)
            && (kind == T::LeftArrow || (matches!(kind, T::Minus | T::Less) && is_relationship(after)))
        {
            self.top().holds_pattern = true;
        }
        Ok(())
    }

    fn top(&mut self) -> &mut Level {
        let last = self.levels.len().saturating_sub(1);
        &mut self.levels[last]
    }

    fn open(&mut self, bracket: Bracket, weight: usize) -> Result<()> {
        let top = self.top();
        if top.operand && matches!(bracket, Bracket::Square | Bracket::Braces) {
            top.lean();
        }
        let depth = top.depth() + weight;
        self.levels.push(Level::new(bracket, depth));
        self.check_depth()
    }

    fn close_at(&mut self, bracket: Bracket) -> Result<()> {
        while self.levels.len() > 1 && self.top().bracket == Bracket::Case && bracket != Bracket::Case {
            self.close()?;
        }
        if self.levels.len() > 1 && self.top().bracket == bracket { self.close() } else { Ok(()) }
    }

    fn close(&mut self) -> Result<()> {
        let Some(closed) = self.levels.pop() else { return Ok(()) };
        let chain = closed.chain();
        self.check_chain(chain)?;
        let patterns = closed.nested_patterns + usize::from(closed.holds_pattern);
        if patterns > NESTED_PATTERNS {
            return Err(Error::Limit { what: "the nesting of patterns in expressions", limit: NESTED_PATTERNS as u64 });
        }
        let top = self.top();
        top.operand = true;
        top.nested_patterns = top.nested_patterns.max(patterns);
        top.inner_chain = top.inner_chain.max(chain);
        Ok(())
    }

    fn end_segment(&mut self) -> Result<()> {
        let chain = self.top().chain();
        self.check_chain(chain)?;
        self.top().end_segment();
        Ok(())
    }

    fn push_prefix(&mut self, rank: u8) -> Result<()> {
        self.top().pending.push(rank);
        self.check_depth()
    }

    fn push_infix(&mut self, rank: u8) -> Result<()> {
        let top = self.top();
        while top.pending.last().is_some_and(|pending| *pending >= rank) {
            top.pending.pop();
        }
        top.pending.push(rank);
        top.lean();
        self.check_depth()
    }

    fn check_depth(&mut self) -> Result<()> {
        let (depth, nesting) = (self.top().depth(), self.nesting);
        if depth <= nesting {
            return Ok(());
        }
        Err(Error::Limit { what: "the nesting of brackets, operators and subqueries", limit: nesting as u64 })
    }

    fn check_chain(&self, chain: usize) -> Result<()> {
        let limit = self.nesting.saturating_mul(CHAIN_PER_NESTING);
        if chain <= limit {
            return Ok(());
        }
        Err(Error::Limit { what: "the number of operators that follow each other", limit: limit as u64 })
    }
}

fn is_subquery(before: Option<TokenKind>) -> bool {
    let subqueries = [Keyword::Exists, Keyword::Count, Keyword::Collect, Keyword::Call];
    matches!(before, Some(TokenKind::Keyword(keyword)) if subqueries.contains(&keyword))
}

const fn is_relationship(after: Option<TokenKind>) -> bool {
    matches!(after, Some(TokenKind::LeftBracket | TokenKind::Minus | TokenKind::RightArrow))
}

/// Whether the parser looks along the other tokens here.
const fn looks_around(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::LeftParen | TokenKind::LeftBracket | TokenKind::Colon)
        || matches!(kind, TokenKind::Keyword(keyword) if ends_expression(keyword) || matches!(keyword, Keyword::Is))
}

/// Whether a keyword behind an operand ends the expression.
const fn ends_expression(keyword: Keyword) -> bool {
    use Keyword as K;
    matches!(
        keyword,
        K::As
            | K::Asc
            | K::Ascending
            | K::By
            | K::Call
            | K::Create
            | K::Delete
            | K::Desc
            | K::Descending
            | K::Detach
            | K::Else
            | K::Limit
            | K::Match
            | K::Merge
            | K::Offset
            | K::Optional
            | K::Order
            | K::Remove
            | K::Return
            | K::Set
            | K::Skip
            | K::Then
            | K::Unwind
            | K::When
            | K::Where
            | K::With
            | K::Yield
    )
}

/// How tightly an infix operator binds, from 1.
const fn rank(kind: TokenKind) -> Option<u8> {
    use TokenKind as T;
    Some(match kind {
        T::Keyword(Keyword::Or) => 1,
        T::Keyword(Keyword::Xor) => 2,
        T::Keyword(Keyword::And) => 3,
        T::Equal | T::NotEqual | T::Less | T::LessEqual | T::Greater | T::GreaterEqual => 5,
        T::Keyword(Keyword::In | Keyword::Contains | Keyword::Starts | Keyword::Ends | Keyword::Is) | T::RegexMatch => 6,
        T::DoublePipe => 7,
        T::Plus | T::Minus | T::LeftArrow | T::RightArrow => 8,
        T::Star | T::Slash | T::Percent => 9,
        T::Caret => 10,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
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
