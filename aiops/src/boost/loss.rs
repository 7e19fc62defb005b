//! What a booster makes small.

use serde::{Deserialize, Serialize};

use super::bins::level;
use super::math::{exp, ln, sigmoid};
use crate::error::{Error, Result};

/// The most classes of [`Loss::Softmax`].
const CLASSES: usize = 1000;
/// No probability that a base score stands for is nearer to 0 or 1.
const NEAREST: f64 = 1e-9;

/// What is predicted, and what a wrong prediction costs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Loss {
    /// Whether: targets 0 and 1, the score is the logarithm of the odds.
    Logistic,
    /// How much, on average: squared difference.
    Squared,
    /// How much, at this quantile in (0, 1): pinball loss (Koenker and Bassett 1978).
    Quantile(f64),
    /// Which one of this many classes: targets 0, 1, 2, ..., one score for each class.
    Softmax(usize),
}

impl Loss {
    /// Checks its own numbers.
    pub(super) fn check(self) -> Result<()> {
        let refuse = |expected, found| Err(Error::Parameter { name: "loss", expected, found });
        match self {
            Self::Quantile(level) if !(level > 0.0 && level < 1.0) => refuse("a quantile between 0 and 1", level.to_string()),
            Self::Softmax(classes) if !(2..=CLASSES).contains(&classes) => refuse("2 to 1000 classes", classes.to_string()),
            _ => Ok(()),
        }
    }

    /// How many scores there are for a row.
    #[must_use]
    pub const fn outputs(self) -> usize {
        match self {
            Self::Softmax(classes) => classes,
            _ => 1,
        }
    }

    /// What a score says: a probability for the logistic loss, else the score itself.
    #[must_use]
    pub fn answer(self, score: f64) -> f64 {
        if self == Self::Logistic { sigmoid(score) } else { score }
    }

    /// Checks that the targets are of this loss.
    pub(super) fn check_range(self, targets: &[f64]) -> Result<()> {
        let classes = match self {
            Self::Logistic => 2,
            Self::Softmax(classes) => classes,
            _ => return Ok(()),
        };
        let Some(place) = targets.iter().position(|target| level(*target, classes).is_none()) else { return Ok(()) };
        let expected = format!("a class from 0 to {}", classes - 1);
        Err(Error::data(format!("target of row {}", place + 1), expected, targets[place].to_string()))
    }

    /// Checks that the targets are of this loss, and that something can be learnt from those that count.
    pub(super) fn check_targets(self, targets: &[f64], weights: &[f64]) -> Result<()> {
        self.check_range(targets)?;
        let mut counted = targets.iter().zip(weights).filter(|(_, weight)| **weight > 0.0).map(|(target, _)| *target);
        let Some(first) = counted.next() else {
            return Err(Error::TooShort { what: "the rows that count".into(), needed: 1, found: 0 });
        };
        if matches!(self, Self::Logistic | Self::Softmax(_)) && counted.all(|target| target == first) {
            return Err(Error::data("targets", "at least two classes", "one"));
        }
        Ok(())
    }

    /// The constant scores that cost least, one for each output.
    pub(super) fn base(self, targets: &[f64], weights: &[f64]) -> Vec<f64> {
        let mut total = 0.0;
        let mut sums = vec![0.0; self.outputs()];
        for (row, target) in targets.iter().enumerate() {
            let weight = weights[row];
            total += weight;
            match self {
                Self::Softmax(_) => sums[*target as usize] += weight,
                _ => sums[0] += weight * target,
            }
        }
        let share = |sum: f64| if total > 0.0 { sum / total } else { 0.0 };
        match self {
            Self::Logistic => {
                let share = share(sums[0]).clamp(NEAREST, 1.0 - NEAREST);
                vec![ln(share / (1.0 - share))]
            }
            Self::Softmax(_) => sums.iter().map(|sum| ln(share(*sum).max(NEAREST))).collect(),
            Self::Squared => vec![share(sums[0])],
            Self::Quantile(level) => {
                vec![quantile(targets.iter().copied().zip(weights.iter().copied()).collect(), level)]
            }
        }
    }

    /// Slope and curvature of the loss at each row's score, times its weight; `scores` holds one output after the other.
    pub(super) fn slopes(self, targets: &[f64], weights: &[f64], scores: &[f64], slopes: &mut [(f64, f64)]) {
        let rows = targets.len();
        match self {
            Self::Logistic => {
                for (((target, weight), score), slope) in targets.iter().zip(weights).zip(scores).zip(slopes) {
                    let probability = sigmoid(*score);
                    *slope = (weight * (probability - target), weight * probability * (1.0 - probability));
                }
            }
            Self::Squared => {
                for (row, target) in targets.iter().enumerate() {
                    let weight = weights[row];
                    slopes[row] = (weight * (scores[row] - target), weight);
                }
            }
            Self::Quantile(level) => {
                for (row, target) in targets.iter().enumerate() {
                    let weight = weights[row];
                    slopes[row] = (weight * if *target > scores[row] { -level } else { 1.0 - level }, weight);
                }
            }
            Self::Softmax(classes) => {
                // Friedman 2001, equation 43, bounds a step of one class's score by this factor.
                let factor = classes as f64 / (classes as f64 - 1.0);
                for row in 0..rows {
                    let weight = weights[row];
                    let most = (0..classes).map(|class| scores[class * rows + row]).fold(f64::MIN, f64::max);
                    let total: f64 = (0..classes).map(|class| exp(scores[class * rows + row] - most)).sum();
                    for class in 0..classes {
                        let probability = exp(scores[class * rows + row] - most) / total;
                        let hit = if targets[row] as usize == class { 1.0 } else { 0.0 };
                        let curvature = factor * probability * (1.0 - probability);
                        slopes[class * rows + row] = (weight * (probability - hit), weight * curvature);
                    }
                }
            }
        }
    }

    /// What the scores of one row cost.
    pub(super) fn cost(self, target: f64, scores: &[f64]) -> f64 {
        match self {
            Self::Logistic => {
                let margin = if target > 0.5 { -scores[0] } else { scores[0] };
                margin.max(0.0) + ln(1.0 + exp(-margin.abs()))
            }
            Self::Squared => (scores[0] - target) * (scores[0] - target),
            Self::Quantile(level) => {
                let short = target - scores[0];
                if short > 0.0 { level * short } else { (level - 1.0) * short }
            }
            Self::Softmax(_) => {
                let most = scores.iter().copied().fold(f64::MIN, f64::max);
                ln(scores.iter().map(|score| exp(score - most)).sum()) + most - scores[target as usize]
            }
        }
    }
}

/// The value that this share of the weight is not above.
pub(super) fn quantile(mut values: Vec<(f64, f64)>, level: f64) -> f64 {
    values.sort_unstable_by(|left, right| left.0.total_cmp(&right.0));
    let wanted = level * values.iter().map(|(_, weight)| weight).sum::<f64>();
    let mut passed = 0.0;
    for (value, weight) in &values {
        passed += weight;
        if passed >= wanted && *weight > 0.0 {
            return *value;
        }
    }
    values.last().map_or(0.0, |(value, _)| *value)
}
