//! How a failure model learns.

use serde::{Deserialize, Serialize};

use crate::boost::{self, Boosting, Loss};
use crate::error::{Error, Result};

/// How a failure model learns, before it is checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// How the probability is learnt; its loss is logistic.
    pub probability: boost::Parameters,
    /// How the remaining life is learnt; its loss is squared.
    pub remaining: boost::Parameters,
    /// Into how many parts the units are put, each of which is predicted by models that have not seen it: 2 to 20.
    pub folds: usize,
    /// The share of rows that do not fail that may raise an alarm: in (0, 1).
    pub false_alarms: f64,
    /// How often the interval of the remaining life holds: in (0, 1).
    pub level: f64,
    /// Remaining lives beyond this are as long as this: wear does not show before (Heimes, PHM 2008). Above 0.
    pub cap: f64,
    /// Whether products, ratios and differences of features are learnt from, where there are at most eight numeric ones.
    pub pairs: bool,
    /// Where random choices begin.
    pub seed: u64,
}

impl Default for Parameters {
    /// Chosen by grouped cross-validation on NASA's engines and the AI4I machines: small trees with all features for the
    /// probability; slower, larger and sampled ones for the remaining life.
    fn default() -> Self {
        let probability = boost::Parameters { rounds: 75, learning_rate: 0.2, leaves: 8, ..boost::Parameters::default() };
        let remaining = boost::Parameters {
            loss: Loss::Squared,
            rounds: 200,
            learning_rate: 0.05,
            leaves: 16,
            rows: 0.5,
            columns: 0.3,
            ..boost::Parameters::default()
        };
        let (folds, false_alarms, level, cap, seed) = (5, 0.01, 0.9, 125.0, 0);
        Self { probability, remaining, folds, false_alarms, level, cap, pairs: true, seed }
    }
}

impl Parameters {
    /// Checks them.
    ///
    /// # Errors
    /// [`Error::Parameter`] that names the first one outside its range.
    pub fn check(self) -> Result<FailureTrainer> {
        let refuse = |name, expected, found: String| Err(Error::Parameter { name, expected, found });
        if !(2..=20).contains(&self.folds) {
            return refuse("folds", "2 to 20", self.folds.to_string());
        }
        for (name, share) in [("false_alarms", self.false_alarms), ("level", self.level)] {
            if !(share > 0.0 && share < 1.0) {
                return refuse(name, "a share between 0 and 1", share.to_string());
            }
        }
        if !(self.cap > 0.0 && self.cap <= 1e15) {
            return refuse("cap", "above 0, at most 1e15", self.cap.to_string());
        }
        if self.probability.loss != Loss::Logistic || self.remaining.loss != Loss::Squared {
            let found = format!("{:?} and {:?}", self.probability.loss, self.remaining.loss);
            return refuse("loss", "logistic for the probability, squared for the remaining life", found);
        }
        let seeded = |parameters: &boost::Parameters| boost::Parameters { seed: self.seed, ..parameters.clone() }.check();
        let (probability, remaining) = (seeded(&self.probability)?, seeded(&self.remaining)?);
        Ok(FailureTrainer { probability, remaining, parameters: self })
    }
}

/// A trainer of [`FailureModel`](super::FailureModel)s, with checked [`Parameters`].
#[derive(Debug, Clone)]
pub struct FailureTrainer {
    pub(super) parameters: Parameters,
    pub(super) probability: Boosting,
    pub(super) remaining: Boosting,
}

impl FailureTrainer {
    /// How it learns.
    #[must_use]
    pub const fn parameters(&self) -> &Parameters {
        &self.parameters
    }
}
