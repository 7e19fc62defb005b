//! How a detector of attacks in flows learns.

use serde::{Deserialize, Serialize};

use crate::boost::{Boosting, Loss, Parameters};
use crate::error::{Error, Result};

/// How a detector learns, before it is checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FlowParameters {
    /// The share of normal flows that may raise an alarm; the threshold is set by it on training data alone. From 0.00001 to 0.5.
    pub false_alarm_budget: f64,
    /// In how many parts the training data is cut, each scored by a model that has not seen it: 2 to 20. The
    /// more, the nearer those models are to the one that answers, and its p-values to uniform ones.
    pub folds: usize,
    /// Reference rows for each normal one: 0 to 10. With none, only attacks like those that were labelled are found.
    pub reference: f64,
    /// How much a reference row counts beside a row of the data: 0.001 to 1,000. Little, so that an attack that was labelled is
    /// no harder to see.
    pub reference_weight: f64,
    /// How the trees that raise alarms grow, for each of the three judges: the one of labelled attacks, the one of reference rows,
    /// and the one of both. Their loss is logistic. The defaults are a third as many trees as usual, of three times the step,
    /// since they are three; each split chooses from a part of the features, so that an attack that was not labelled is seen by
    /// more of them than those that best tell the labelled ones.
    pub boosting: Parameters,
    /// How the trees that tell attacks apart grow. Their loss is softmax.
    pub classes: Parameters,
    /// Where random choices begin.
    pub seed: u64,
}

impl Default for FlowParameters {
    fn default() -> Self {
        Self {
            false_alarm_budget: 0.01,
            folds: 5,
            reference: 0.5,
            reference_weight: 0.6,
            boosting: Parameters { rounds: 34, learning_rate: 0.3, split_columns: 0.3, ..Parameters::default() },
            classes: Parameters { rounds: 30, ..Parameters::default() },
            seed: 0,
        }
    }
}

impl FlowParameters {
    /// Checks them.
    ///
    /// # Errors
    /// [`Error::Parameter`] that names the first one outside its range.
    pub fn check(self) -> Result<FlowTrainer> {
        let refuse = |name, expected, found: String| Err(Error::Parameter { name, expected, found });
        if !(1e-5..=0.5).contains(&self.false_alarm_budget) {
            return refuse("false_alarm_budget", "0.00001 to 0.5", self.false_alarm_budget.to_string());
        }
        if !(2..=20).contains(&self.folds) {
            return refuse("folds", "2 to 20", self.folds.to_string());
        }
        if !(0.0..=10.0).contains(&self.reference) {
            return refuse("reference", "0 to 10", self.reference.to_string());
        }
        if !(0.001..=1000.0).contains(&self.reference_weight) {
            return refuse("reference_weight", "0.001 to 1,000", self.reference_weight.to_string());
        }
        if self.boosting.loss != Loss::Logistic {
            return refuse("boosting.loss", "logistic", format!("{:?}", self.boosting.loss));
        }
        let boosting = Parameters { seed: self.seed, ..self.boosting.clone() }.check()?;
        // The number of classes is the data's; the rest of the parameters is checked with two.
        let classes = Parameters { loss: Loss::Softmax(2), seed: self.seed, ..self.classes.clone() };
        classes.clone().check()?;
        Ok(FlowTrainer { parameters: self, boosting, classes })
    }
}

/// A trainer of [`FlowDetector`](super::FlowDetector)s, with checked [`FlowParameters`].
#[derive(Debug, Clone)]
pub struct FlowTrainer {
    pub(super) parameters: FlowParameters,
    pub(super) boosting: Boosting,
    pub(super) classes: Parameters,
}
