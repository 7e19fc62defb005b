//! How often the parser reads the same tokens again.
//!
//! Where it fails, it takes a keyword for a name and reads anew, as long as that brings it further. It reads patterns inside of
//! expressions apart, again for every reading of what is around them. So its time is the product of what is ambiguous at each
//! level; a few hundred tokens could keep it busy for years.

use std::collections::HashSet;

use open_cypher::{Keyword, TokenKind};

use crate::error::{Error, Result};

/// How many tokens the parser may read, all readings together: about half a second's work.
const TOKENS_READ: u64 = 8 << 20;

/// A keyword that may be a name, with its neighbours: the parser takes those with equal ones for names together.
pub(super) type Ambiguity = (Option<TokenKind>, Keyword, Option<TokenKind>);

/// What the inside of brackets costs to read.
#[derive(Debug, Default)]
pub(super) struct Readings {
    /// Tokens, those of brackets inside too.
    tokens: u64,
    ambiguities: HashSet<Ambiguity>,
    /// Places at which the pattern of a comprehension may end.
    pipes: u64,
    /// What patterns inside cost to read once; and the tokens of brackets inside that are ambiguous, since they may belong to a
    /// pattern that is read apart.
    nested: u64,
}

impl Readings {
    pub(super) fn token(&mut self, before: Option<TokenKind>, kind: TokenKind, after: Option<TokenKind>) {
        self.tokens += 1;
        match kind {
            TokenKind::Pipe => self.pipes += 1,
            TokenKind::Keyword(keyword) if begins_expression(keyword) => _ = self.ambiguities.insert((before, keyword, after)),
            _ => {}
        }
    }

    /// Adds what brackets hold that are no patterns of their own.
    pub(super) fn add(&mut self, inner: Self) {
        self.tokens += inner.tokens;
        let ambiguous = if inner.ambiguities.is_empty() { 0 } else { inner.tokens };
        self.nested = self.nested.saturating_add(inner.nested).saturating_add(ambiguous);
        if self.ambiguities.len() < inner.ambiguities.len() {
            let fewer = std::mem::replace(&mut self.ambiguities, inner.ambiguities);
            self.ambiguities.extend(fewer);
        } else {
            self.ambiguities.extend(inner.ambiguities);
        }
    }

    /// Adds what brackets hold that have a pattern in them. They may be read apart, and the pattern apart once more.
    pub(super) fn add_pattern(&mut self, inner: &Self) {
        self.tokens += inner.tokens;
        let readings = inner.readings().saturating_mul(inner.readings()).saturating_mul(inner.pipes.max(1));
        let cost = readings.saturating_mul(inner.tokens.saturating_add(inner.nested));
        self.nested = self.nested.saturating_add(cost);
    }

    /// Checks the whole text, in which the parser may look for the end of a clause at so many places too many.
    pub(super) fn check(&self, false_ends: u64) -> Result<()> {
        let readings = self.readings().saturating_mul(false_ends.saturating_add(1));
        let cost = readings.saturating_mul(self.tokens.saturating_add(self.readings().saturating_mul(self.nested)));
        if cost <= TOKENS_READ {
            return Ok(());
        }
        Err(Error::Limit { what: "the number of tokens to read, over all ways in which they can be meant,", limit: TOKENS_READ })
    }

    /// How often the parser may begin anew.
    fn readings(&self) -> u64 {
        1 + self.ambiguities.len() as u64
    }
}

/// Whether a keyword begins an expression, so that it is not told at once from a name.
const fn begins_expression(keyword: Keyword) -> bool {
    use Keyword as K;
    matches!(
        keyword,
        K::All
            | K::AllShortestPaths
            | K::Any
            | K::Case
            | K::Collect
            | K::Count
            | K::Distinct
            | K::Exists
            | K::False
            | K::Inf
            | K::Infinity
            | K::Nan
            | K::None
            | K::Not
            | K::Null
            | K::Reduce
            | K::ShortestPath
            | K::Single
            | K::Trim
            | K::True
    )
}
