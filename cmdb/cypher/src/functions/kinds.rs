//! What a value may be, as far as the text tells.

/// A set of kinds of values. Null belongs to every set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kinds(u16);

impl Kinds {
    pub(crate) const BOOLEAN: Self = Self(1);
    pub(crate) const INTEGER: Self = Self(1 << 1);
    pub(crate) const FLOAT: Self = Self(1 << 2);
    pub(crate) const NUMBER: Self = Self::INTEGER.or(Self::FLOAT);
    pub(crate) const STRING: Self = Self(1 << 3);
    pub(crate) const LIST: Self = Self(1 << 4);
    pub(crate) const MAP: Self = Self(1 << 5);
    pub(crate) const TEMPORAL: Self = Self(1 << 6);
    pub(crate) const NODE: Self = Self(1 << 7);
    pub(crate) const RELATIONSHIP: Self = Self(1 << 8);
    pub(crate) const PATH: Self = Self(1 << 9);
    /// Only null.
    pub(crate) const NOTHING: Self = Self(0);
    pub(crate) const ANY: Self = Self((1 << 10) - 1);

    /// Whatever is in one of both.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a value other than null can be in both.
    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}
