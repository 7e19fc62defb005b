//! Depth and length, counted along the tokens.

use open_cypher::{Keyword, Token, TokenKind};

use super::level::{Bracket, Level};
use super::words::{ends_expression, is_relationship, is_subquery, rank};
use crate::error::{Error, Result};

/// So many operators of one rank, joined from left to right, may follow each other for each level of nesting allowed.
/// They lean to the left in the tree, which costs less per operator than nesting does.
const CHAIN_PER_NESTING: usize = 4;

/// Patterns inside patterns inside expressions. The parser reads each again for every reading of the one around it, so
/// that its time doubles with each.
pub(super) const NESTED_PATTERNS: usize = 8;

/// How much nesting a subquery in braces stands for: clauses lie between its brace and the expressions in it.
const SUBQUERY_WEIGHT: usize = 4;

/// Counts as it walks along the tokens.
pub(super) struct Walk {
    nesting: usize,
    levels: Vec<Level>,
    unions: usize,
    /// Keywords of clauses that stand where a name does.
    false_clauses: usize,
}

impl Walk {
    pub(super) fn new(nesting: usize) -> Self {
        Self { nesting, levels: vec![Level::new(Bracket::Text, 0)], unions: 0, false_clauses: 0 }
    }

    pub(super) fn check(mut self, tokens: &[Token]) -> Result<()> {
        for (index, token) in tokens.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|index| tokens.get(index)).map(|token| token.kind);
            let after = tokens.get(index + 1).map(|token| token.kind);
            self.token(before, token.kind, after)?;
        }
        while self.levels.len() > 1 {
            self.close()?;
        }
        let chain = self.top().chain();
        self.check_chain(chain)?;
        let false_ends = self.unions + self.false_clauses;
        self.top().readings.check(false_ends as u64)
    }

    fn token(&mut self, before: Option<TokenKind>, kind: TokenKind, after: Option<TokenKind>) -> Result<()> {
        use TokenKind as T;
        let operand = self.top().operand;
        self.top().readings.token(before, kind, after);
        if before == Some(T::Dot) && matches!(kind, T::Keyword(_)) {
            self.top().operand = true;
            return Ok(());
        }
        match kind {
            T::LeftParen => self.open(Bracket::Round, 1)?,
            T::LeftBracket => self.open(Bracket::Square, 1)?,
            // Behind a closing bracket it is that of `CALL (variables) {`.
            T::LeftBrace if is_subquery(before) || before == Some(T::RightParen) => {
                self.open(Bracket::Braces, SUBQUERY_WEIGHT)?
            }
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
                } else if !matches!(before, None | Some(T::Keyword(_) | T::LeftBrace | T::Semicolon)) {
                    self.false_clauses += 1;
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
        match closed.bracket {
            Bracket::Case => {
                top.holds_pattern |= closed.holds_pattern;
                top.readings.add(closed.readings);
            }
            _ if closed.holds_pattern => top.readings.add_pattern(&closed.readings),
            _ => top.readings.add(closed.readings),
        }
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
