//! What is chosen before fitting.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// How a [`MultivariateTrainer`] measures what is strange.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum MultivariateMethod {
    /// The distance from the centre, by how the metrics vary together. The best of them where metrics are related, as those of
    /// one machine are.
    #[default]
    Covariance,
    /// What the main directions of the training do not explain.
    Principal,
    /// The mean of the squared deviations of each metric for itself.
    Deviation,
    /// How few random cuts set the row apart. For metrics without a shape: several clusters, heavy tails.
    Forest,
    /// The ranks of the first three among normal rows, fused: the mean of the inverse p-values, which is how evidence adds up
    /// that depends on each other (Vovk & Wang, "E-values: Calibration, Combination and Applications", Annals of Statistics 49,
    /// 2021).
    Fused,
}

/// In what each metric is measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scaling {
    /// In its range at the training, with what leaves it far behind flattened: for metrics of any unit.
    #[default]
    Range,
    /// As it is: for metrics that are shares between 0 and 1 already. One that stood still at the training may then move a
    /// little without being strange.
    Shares,
}

/// Learns what rows of several metrics are normal.
#[derive(Debug, Clone, PartialEq)]
pub struct MultivariateTrainer {
    method: MultivariateMethod,
    scaling: Scaling,
    false_alarm_rate: f64,
    seed: u64,
}

impl MultivariateTrainer {
    /// A trainer whose models raise an alarm for this share of normal rows. The seed is for [`MultivariateMethod::Forest`].
    ///
    /// # Errors
    /// [`Error::Parameter`] for a false-alarm rate outside (0, 1).
    pub fn new(method: MultivariateMethod, scaling: Scaling, false_alarm_rate: f64, seed: u64) -> Result<Self> {
        Ok(Self { method, scaling, false_alarm_rate: checked_rate(false_alarm_rate)?, seed })
    }

    pub(super) const fn method(&self) -> MultivariateMethod {
        self.method
    }

    pub(super) const fn scaling(&self) -> Scaling {
        self.scaling
    }

    pub(super) const fn false_alarm_rate(&self) -> f64 {
        self.false_alarm_rate
    }

    pub(super) const fn seed(&self) -> u64 {
        self.seed
    }
}

/// The rate, if it is one.
pub(super) fn checked_rate(rate: f64) -> Result<f64> {
    if rate > 0.0 && rate < 1.0 {
        return Ok(rate);
    }
    Err(Error::Parameter {
        name: "false_alarm_rate",
        expected: "a number between 0 and 1, both excluded",
        found: rate.to_string(),
    })
}

/// Scores the points of a series that ended, by the whole of it.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesDetector {
    false_alarm_rate: f64,
    training_points: Option<usize>,
    seed: u64,
}

impl SeriesDetector {
    /// A detector that raises an alarm for this share of normal points. With `training_points`, so many points at the beginning
    /// are known to be normal, and p-values compare with them alone.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a false-alarm rate outside (0, 1), and for fewer than 32 training points.
    pub fn new(false_alarm_rate: f64, training_points: Option<usize>, seed: u64) -> Result<Self> {
        if let Some(points) = training_points.filter(|points| *points < 32) {
            return Err(Error::Parameter { name: "training_points", expected: "at least 32", found: points.to_string() });
        }
        Ok(Self { false_alarm_rate: checked_rate(false_alarm_rate)?, training_points, seed })
    }

    pub(super) const fn false_alarm_rate(&self) -> f64 {
        self.false_alarm_rate
    }

    pub(super) const fn training_points(&self) -> Option<usize> {
        self.training_points
    }

    pub(super) const fn seed(&self) -> u64 {
        self.seed
    }
}

/// Scores the values of a series as they come, knowing nothing of those to come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StreamDetector {
    false_alarm_rate: f64,
}

impl StreamDetector {
    /// A detector that raises an alarm for this share of normal values.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a false-alarm rate outside (0, 1).
    pub fn new(false_alarm_rate: f64) -> Result<Self> {
        Ok(Self { false_alarm_rate: checked_rate(false_alarm_rate)? })
    }

    pub(super) const fn false_alarm_rate(&self) -> f64 {
        self.false_alarm_rate
    }
}
