//! Which relationships a step may follow.

use super::{Kinds, Planner};
use crate::tree::{LabelExpression, Name};

impl<'q> Planner<'q, '_> {
    /// Resolves the types of a step.
    pub(super) fn kinds(&self, written: Option<&'q LabelExpression>) -> Kinds<'q> {
        let every = Kinds { none: false, symbols: Vec::new(), check: None, written };
        let Some(expression) = written else { return every };
        match names(expression) {
            Some(names) => {
                let symbols: Vec<_> = names.into_iter().filter_map(|name| self.symbol(name)).collect();
                Kinds { none: symbols.is_empty(), symbols, ..every }
            }
            None if *expression == LabelExpression::Any => every,
            None => Kinds { check: Some(expression), ..every },
        }
    }

    /// How many relationships a node has on average, of the kinds that are meant and in one direction.
    pub(super) fn degree(&self, kinds: &Kinds<'_>) -> f64 {
        const UNKNOWN: f64 = 3.0;
        if kinds.none {
            return 0.0;
        }
        let count = if kinds.symbols.is_empty() {
            self.graph.relationship_count(None)
        } else {
            kinds.symbols.iter().map(|kind| self.graph.relationship_count(Some(*kind))).sum()
        };
        count.map_or(UNKNOWN, |count| count as f64 / self.graph.node_count().max(1) as f64)
    }
}

impl Kinds<'_> {
    /// Whether one relationship can be meant by both.
    pub(super) fn meet(&self, other: &Self) -> bool {
        let open = |kinds: &Self| kinds.symbols.is_empty();
        !self.none && !other.none && (open(self) || open(other) || self.symbols.iter().any(|kind| other.symbols.contains(kind)))
    }
}

/// The names of `A` and `A|B`; nothing for what is more than that.
pub(super) fn names(expression: &LabelExpression) -> Option<Vec<&Name>> {
    match expression {
        LabelExpression::Name(name) => Some(vec![name]),
        LabelExpression::Or(sides) => {
            let mut all = Vec::new();
            for side in sides {
                all.extend(names(side)?);
            }
            Some(all)
        }
        _ => None,
    }
}
