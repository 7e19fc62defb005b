//! What each feature contributed to a score: exact TreeSHAP.
//!
//! The Shapley values of Lundberg et al. (From local explanations to global understanding, Nature Machine Intelligence 2020,
//! algorithm 2, path-dependent): a feature that is left out is averaged over the training rows. For one leaf, with the `d`
//! features on its path, the row's agreement `o` (1 or 0) with all questions about a feature, and the share `z` of training rows
//! that agree, the game is a product, and its Shapley value is an integral over the share `t` of the features already there:
//!
//! `value * (o_j - z_j) * integral over t in 0..1 of the product over k other than j of (t * o_k + (1 - t) * z_k)`
//!
//! That is a polynomial of degree `d - 1` in `t`, so Gauss and Legendre's rule with `d / 2` points, rounded up, gives it exactly
//! (Yu et al., Linear TreeShap, NeurIPS 2022, evaluate the same polynomial at points). All terms are positive: nothing cancels.

mod path;
mod quadrature;
#[cfg(test)]
mod tests;

use self::path::{Condition, paths};
use self::quadrature::{Rule, rules};
use super::booster::Booster;
use crate::error::{Error, Result};

/// Tells what each feature contributed to the scores of a [`Booster`].
///
/// - The base and the contributions sum to the score, within rounding.
/// - A feature that no tree asks about contributes 0.
#[derive(Debug, Clone)]
pub struct Explainer {
    columns: usize,
    base: Vec<f64>,
    leaves: Vec<LeafPath>,
    conditions: Vec<Condition>,
    sets: Vec<Vec<u64>>,
    rules: Vec<Rule>,
    deepest: usize,
}

/// A leaf with where its conditions lie.
#[derive(Debug, Clone)]
struct LeafPath {
    first: u32,
    count: u16,
    output: u16,
    value: f64,
}

impl Explainer {
    /// Prepares the paths of every tree.
    #[must_use]
    pub fn new(booster: &Booster) -> Self {
        let mut explainer = Self {
            columns: booster.schema.len(),
            base: booster.base.clone(),
            leaves: Vec::new(),
            conditions: Vec::new(),
            sets: Vec::new(),
            rules: Vec::new(),
            deepest: 0,
        };
        for tree in &booster.forest.trees {
            for path in paths(booster, tree) {
                let value = path.value;
                explainer.base[usize::from(tree.output)] += value * path.share;
                explainer.deepest = explainer.deepest.max(path.conditions.len());
                explainer.leaves.push(LeafPath {
                    first: u32::try_from(explainer.conditions.len()).unwrap_or(u32::MAX),
                    count: u16::try_from(path.conditions.len()).unwrap_or(u16::MAX),
                    output: tree.output,
                    value,
                });
                for (mut condition, set) in path.conditions {
                    if let Some(set) = set {
                        condition.set = u32::try_from(explainer.sets.len()).unwrap_or(u32::MAX);
                        explainer.sets.push(set);
                    }
                    explainer.conditions.push(condition);
                }
            }
        }
        explainer.rules = rules(explainer.deepest.div_ceil(2));
        explainer
    }

    /// The score of each output if nothing were known of a row: their mean over the training rows of each tree.
    #[must_use]
    pub fn base(&self) -> &[f64] {
        &self.base
    }

    /// What each feature contributed to the first score of a row.
    ///
    /// # Errors
    /// [`Error::Data`] for a row of another length than the schema's.
    pub fn contributions(&self, row: &[f64]) -> Result<Vec<f64>> {
        self.contributions_to(0, row)
    }

    /// What each feature contributed to one of the scores of a row.
    ///
    /// # Errors
    /// [`Error::Data`] for a row of another length than the schema's, and for an output that there is not.
    pub fn contributions_to(&self, output: usize, row: &[f64]) -> Result<Vec<f64>> {
        if row.len() != self.columns {
            let expected = format!("{} columns, as at the training", self.columns);
            return Err(Error::data("row", expected, row.len().to_string()));
        }
        if output >= self.base.len() {
            return Err(Error::data("output", format!("below {}", self.base.len()), output.to_string()));
        }
        let mut contributions = vec![0.0; self.columns];
        let mut room = Room { agrees: vec![0.0; self.deepest], before: vec![0.0; self.deepest], sums: vec![0.0; self.deepest] };
        for leaf in self.leaves.iter().filter(|leaf| usize::from(leaf.output) == output) {
            let conditions = &self.conditions[leaf.first as usize..][..usize::from(leaf.count)];
            self.add(leaf.value, conditions, row, &mut room, &mut contributions);
        }
        Ok(contributions)
    }

    fn add(&self, value: f64, conditions: &[Condition], row: &[f64], room: &mut Room, contributions: &mut [f64]) {
        let count = conditions.len();
        if count == 0 {
            return;
        }
        let (agrees, before, sums) = (&mut room.agrees[..count], &mut room.before[..count], &mut room.sums[..count]);
        for (agrees, condition) in agrees.iter_mut().zip(conditions) {
            *agrees = if condition.holds(row[condition.feature as usize], &self.sets) { 1.0 } else { 0.0 };
        }
        sums.fill(0.0);
        for (point, weight) in &self.rules[count.div_ceil(2) - 1] {
            let factor = |place: usize, agrees: f64| point * agrees + (1.0 - point) * conditions[place].share;
            let mut product = *weight;
            for place in 0..count {
                before[place] = product;
                product *= factor(place, agrees[place]);
            }
            let mut after = 1.0;
            for place in (0..count).rev() {
                sums[place] += before[place] * after;
                after *= factor(place, agrees[place]);
            }
        }
        for place in 0..count {
            let condition = &conditions[place];
            contributions[condition.feature as usize] += value * (agrees[place] - condition.share) * sums[place];
        }
    }
}

/// Room for one leaf's numbers.
struct Room {
    agrees: Vec<f64>,
    before: Vec<f64>,
    sums: Vec<f64>,
}
