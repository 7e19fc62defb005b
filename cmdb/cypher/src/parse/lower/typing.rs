//! What an expression's value may be, as far as the text tells.

use std::sync::Arc;

use crate::functions::Kinds;
use crate::tree::Expression;

/// A slot's name and what it may hold.
#[derive(Debug)]
pub(super) struct Binding {
    pub(super) name: Option<Arc<str>>,
    pub(super) kinds: Kinds,
    /// What its items may be, where it holds a list.
    pub(super) items: Kinds,
}

/// An expression and what its value may be.
#[derive(Debug)]
pub(super) struct Typed {
    pub(super) expression: Expression,
    pub(super) kinds: Kinds,
    /// What its items may be, where it is a list.
    pub(super) items: Kinds,
}

impl Typed {
    /// A value whose items are not known.
    pub(super) const fn new(expression: Expression, kinds: Kinds) -> Self {
        Self { expression, kinds, items: Kinds::ANY }
    }

    pub(super) const fn boolean(expression: Expression) -> Self {
        Self::new(expression, Kinds::BOOLEAN)
    }

    /// Whether the value can be of one of these kinds; what is always null can.
    pub(super) fn fits(&self, kinds: Kinds) -> bool {
        fits(self.kinds, kinds)
    }
}

/// Whether a value that is one of `found` can be one of `expected`.
pub(super) fn fits(found: Kinds, expected: Kinds) -> bool {
    found == Kinds::NOTHING || found.meets(expected)
}

/// Each kind and its name.
const NAMES: [(Kinds, &str); 10] = [
    (Kinds::BOOLEAN, "a boolean"),
    (Kinds::INTEGER, "an integer"),
    (Kinds::FLOAT, "a float"),
    (Kinds::STRING, "a string"),
    (Kinds::LIST, "a list"),
    (Kinds::MAP, "a map"),
    (Kinds::TEMPORAL, "a temporal value"),
    (Kinds::NODE, "a node"),
    (Kinds::RELATIONSHIP, "a relationship"),
    (Kinds::PATH, "a path"),
];

/// Whether a value, if it is not null, is certainly one of `expected`.
pub(super) fn within(found: Kinds, expected: Kinds) -> bool {
    NAMES.iter().all(|(kind, _)| !found.meets(*kind) || expected.meets(*kind))
}

/// The kinds in words.
pub(super) fn describe(kinds: Kinds) -> String {
    let names: Vec<&str> = NAMES.iter().filter(|(kind, _)| kinds.meets(*kind)).map(|(_, name)| *name).collect();
    if names.is_empty() { "null".to_owned() } else { names.join(" or ") }
}
