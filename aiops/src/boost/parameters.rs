//! How a booster learns.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::loss::Loss;
use crate::error::{Error, Result};

/// Which way the score may go when a feature grows and all others stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Monotone {
    /// Never down.
    Increasing,
    /// Never up.
    Decreasing,
}

/// How a booster learns, before it is checked. The defaults are those of LightGBM but for `l2`, which is XGBoost's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// What is predicted.
    pub loss: Loss,
    /// The most trees, for each output: 1 to 10,000.
    pub rounds: usize,
    /// The part of each tree that is taken: in (0, 1].
    pub learning_rate: f64,
    /// The most leaves of a tree: 2 to 4,096.
    pub leaves: usize,
    /// The most splits from a tree's root to a leaf: 1 to 64.
    pub depth: usize,
    /// The fewest rows of a leaf.
    pub minimum_samples: usize,
    /// The least sum of curvature (of weight, for squared and quantile loss) in a leaf; above 0.
    pub minimum_weight: f64,
    /// What a split must gain at least.
    pub minimum_gain: f64,
    /// The squared size of leaf values counts as much as this.
    pub l2: f64,
    /// The share of the rows that each tree sees: in (0, 1].
    pub rows: f64,
    /// The share of the features that each tree sees: in (0, 1].
    pub columns: f64,
    /// The share of those that each split chooses from: in (0, 1].
    pub split_columns: f64,
    /// How much a row of target 1 counts, for the logistic loss.
    pub positive_weight: f64,
    /// Categories are ordered by slope over curvature plus this, so that rare ones stay in the middle.
    pub category_smoothing: f64,
    /// `l2` of splits by category, beside the other.
    pub category_l2: f64,
    /// Features whose growth moves the score one way only, by name; numeric ones, and not with softmax.
    pub monotone: BTreeMap<String, Monotone>,
    /// Ends when the validation part's cost has not fallen for so many rounds; the trees after its least are dropped.
    pub patience: Option<usize>,
    /// Where random choices begin.
    pub seed: u64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            loss: Loss::Logistic,
            rounds: 100,
            learning_rate: 0.1,
            leaves: 31,
            depth: 64,
            minimum_samples: 20,
            minimum_weight: 1e-3,
            minimum_gain: 0.0,
            l2: 1.0,
            rows: 1.0,
            columns: 1.0,
            split_columns: 1.0,
            positive_weight: 1.0,
            category_smoothing: 10.0,
            category_l2: 10.0,
            monotone: BTreeMap::new(),
            patience: None,
            seed: 0,
        }
    }
}

impl Parameters {
    /// Checks them.
    ///
    /// # Errors
    /// [`Error::Parameter`] that names the first one outside its range.
    pub fn check(self) -> Result<Boosting> {
        self.loss.check()?;
        let count = |name, value: usize, least: usize, most: usize, expected| {
            if (least..=most).contains(&value) {
                Ok(())
            } else {
                Err(Error::Parameter { name, expected, found: value.to_string() })
            }
        };
        count("rounds", self.rounds, 1, 10_000, "1 to 10,000")?;
        count("leaves", self.leaves, 2, 4096, "2 to 4,096")?;
        count("depth", self.depth, 1, 64, "1 to 64")?;
        count("minimum_samples", self.minimum_samples, 1, 1 << 30, "1 to 2^30")?;
        count("patience", self.patience.unwrap_or(1), 1, 10_000, "1 to 10,000")?;
        let number = |name, value: f64, least: f64, most: f64, expected| {
            if value >= least && value <= most {
                Ok(())
            } else {
                Err(Error::Parameter { name, expected, found: value.to_string() })
            }
        };
        for (name, share) in [
            ("learning_rate", self.learning_rate),
            ("rows", self.rows),
            ("columns", self.columns),
            ("split_columns", self.split_columns),
        ] {
            number(name, share, 1e-6, 1.0, "a share above 0, at most 1")?;
        }
        number("minimum_weight", self.minimum_weight, 1e-9, 1e15, "1e-9 to 1e15")?;
        for (name, value) in [
            ("minimum_gain", self.minimum_gain),
            ("l2", self.l2),
            ("category_smoothing", self.category_smoothing),
            ("category_l2", self.category_l2),
        ] {
            number(name, value, 0.0, 1e15, "0 to 1e15")?;
        }
        number("positive_weight", self.positive_weight, 1e-6, 1e6, "1e-6 to 1e6")?;
        if !self.monotone.is_empty() && self.loss.outputs() > 1 {
            let found = format!("{} features with softmax", self.monotone.len());
            return Err(Error::Parameter { name: "monotone", expected: "a loss of one score", found });
        }
        Ok(Boosting { parameters: self })
    }
}

/// A trainer of [`Booster`](super::Booster)s, with checked [`Parameters`].
#[derive(Debug, Clone)]
pub struct Boosting {
    pub(super) parameters: Parameters,
}

impl Boosting {
    /// How it learns.
    #[must_use]
    pub const fn parameters(&self) -> &Parameters {
        &self.parameters
    }
}
