//! What is open inside one pair of brackets.

use super::readings::Readings;

/// What opened a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    /// The text itself.
    Text,
    Round,
    Square,
    Braces,
    /// `CASE`, which `END` closes.
    Case,
}

/// The inside of one pair of brackets, as far as it was read.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) bracket: Bracket,
    /// How deep the bracket itself lies.
    base: usize,
    /// The ranks of the operators that wait for their right side.
    pub(super) pending: Vec<u8>,
    /// Whether the last token ended an operand.
    pub(super) operand: bool,
    /// Operators and postfixes in this segment, which lean to the left in the tree.
    leaning: usize,
    /// The longest chain in brackets of this segment.
    pub(super) inner_chain: usize,
    /// The longest chain of the segments before.
    longest: usize,
    /// Whether a relationship stands directly in these brackets.
    pub(super) holds_pattern: bool,
    /// How deep patterns lie in the brackets inside.
    pub(super) nested_patterns: usize,
    pub(super) readings: Readings,
}

impl Level {
    pub(super) fn new(bracket: Bracket, base: usize) -> Self {
        Self {
            bracket,
            base,
            pending: Vec::new(),
            operand: false,
            leaning: 0,
            inner_chain: 0,
            longest: 0,
            holds_pattern: false,
            nested_patterns: 0,
            readings: Readings::default(),
        }
    }

    /// How deep the next operand lies.
    pub(super) const fn depth(&self) -> usize {
        self.base + self.pending.len()
    }

    /// Takes an operator or postfix with an operand on its left.
    pub(super) const fn lean(&mut self) {
        self.leaning += 1;
        self.operand = false;
    }

    /// The longest chain so far, with those in the brackets inside.
    pub(super) fn chain(&self) -> usize {
        self.longest.max(self.leaning + self.inner_chain)
    }

    /// Begins anew behind a comma or at a clause.
    pub(super) fn end_segment(&mut self) {
        self.longest = self.chain();
        self.pending.clear();
        self.operand = false;
        self.leaning = 0;
        self.inner_chain = 0;
    }
}
