//! What a row must fulfil to come to a leaf.

use crate::boost::bins::level;
use crate::boost::booster::Booster;
use crate::boost::forest::{Node, Tree};
use crate::data::FeatureKind;

/// No set of categories.
const NO_SET: u32 = u32::MAX;

/// All questions about one feature on the way to a leaf, as one.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    /// Numbers above this agree (all do with `NaN`, where nothing bounds them),
    low: f64,
    /// up to this.
    high: f64,
    /// The share of the training rows that agree.
    pub(super) share: f64,
    /// Which column is asked about.
    pub(super) feature: u32,
    /// The set of categories that agree, or [`NO_SET`].
    pub(super) set: u32,
    /// Whether missing values agree.
    missing: bool,
}

impl Condition {
    /// Whether a value agrees.
    pub(super) fn holds(&self, value: f64, sets: &[Vec<u64>]) -> bool {
        if self.set == NO_SET {
            let above = (value > self.low) | self.low.is_nan();
            return above & (value <= self.high) | value.is_nan() & self.missing;
        }
        contains(&sets[self.set as usize], value).unwrap_or(self.missing)
    }
}

/// Whether a set has a category; nothing for a missing one.
fn contains(set: &[u64], value: f64) -> Option<bool> {
    level(value, set.len() * 64).map(|level| set[level / 64] >> (level % 64) & 1 == 1)
}

/// The way to a leaf.
#[derive(Debug)]
pub(super) struct Path {
    /// What the leaf adds.
    pub(super) value: f64,
    /// The share of the training rows that came to it.
    pub(super) share: f64,
    /// One condition for each feature on the way, with the categories that agree.
    pub(super) conditions: Vec<(Condition, Option<Vec<u64>>)>,
}

/// The way to every leaf of a tree.
pub(super) fn paths(booster: &Booster, tree: &Tree) -> Vec<Path> {
    let mut found = Vec::new();
    let whole = cover(booster, tree.root);
    let mut open = vec![(tree.root, whole, Vec::new())];
    while let Some((place, rows, conditions)) = open.pop() {
        if place < 0 {
            let value = booster.forest.values[!place as usize];
            found.push(Path { value, share: rows / whole, conditions });
            continue;
        }
        let node = &booster.forest.nodes[place as usize];
        for (side, child) in node.children.iter().enumerate() {
            let agree = cover(booster, *child);
            open.push((*child, agree, narrowed(booster, &conditions, node, side == 0, agree / rows)));
        }
    }
    found
}

/// How many training rows came to a node or leaf.
fn cover(booster: &Booster, place: i32) -> f64 {
    let mut rows = 0.0;
    let mut open = vec![place];
    while let Some(place) = open.pop() {
        if place < 0 {
            rows += f64::from(booster.forest.covers[!place as usize]);
        } else {
            open.extend(booster.forest.nodes[place as usize].children);
        }
    }
    rows
}

/// The conditions with one more question.
fn narrowed(
    booster: &Booster,
    conditions: &[(Condition, Option<Vec<u64>>)],
    node: &Node,
    left: bool,
    share: f64,
) -> Vec<(Condition, Option<Vec<u64>>)> {
    let mut conditions = conditions.to_vec();
    let feature = u32::from(node.feature);
    let place = conditions.iter().position(|(condition, _)| condition.feature == feature).unwrap_or_else(|| {
        let set = match &booster.schema.features()[usize::from(node.feature)].kind {
            FeatureKind::Numeric => None,
            FeatureKind::Categorical { levels } => Some(vec![u64::MAX; levels.len().div_ceil(64)]),
        };
        let (low, high) = (f64::NAN, f64::INFINITY);
        conditions.push((Condition { low, high, share: 1.0, feature, set: NO_SET, missing: true }, set));
        conditions.len() - 1
    });
    let (condition, set) = &mut conditions[place];
    condition.share *= share;
    condition.missing &= node.missing_left == left;
    if let Some(set) = set {
        for (word, asked) in set.iter_mut().zip(&booster.forest.sets[node.threshold as usize]) {
            *word &= if left { *asked } else { !asked };
        }
    } else if left {
        condition.high = condition.high.min(node.threshold);
    } else {
        condition.low = condition.low.max(node.threshold);
    }
    conditions
}
