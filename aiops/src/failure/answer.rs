//! What is said of a unit.

use serde::{Deserialize, Serialize};

use crate::calibrate::Interval;
use crate::model::Warning;

/// The most factors that are recommended on.
const RECOMMENDED: usize = 3;

/// Will it fail within the horizon, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// How likely, from 0 to 1.
    pub probability: f64,
    /// Whether that is a frequency among units like those of the training.
    pub calibrated: bool,
    /// Whether it is an alarm.
    pub at_risk: bool,
    /// How grave it is.
    pub severity: Severity,
    /// The remaining life, in the unit of the training's; at most its cap.
    pub remaining: Option<Interval>,
    /// What the score is where nothing is known: with all contributions it sums to the score of this unit, of which the
    /// probability is a function that rises. 0 without a trained model.
    pub base: f64,
    /// What contributed, from the largest contribution in size to the least.
    pub contributing_factors: Vec<Factor>,
    /// What to do, in words.
    pub recommendations: Vec<String>,
    /// What the answer cannot be trusted for.
    pub warnings: Vec<Warning>,
}

/// How grave an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// No alarm.
    Low,
    /// An alarm, though less likely than not.
    Medium,
    /// More likely than not.
    High,
    /// At least four in five.
    Critical,
}

impl Severity {
    /// The severity of a probability, of an alarm or not.
    #[must_use]
    pub fn of(probability: f64, at_risk: bool) -> Self {
        match at_risk {
            true if probability >= 0.8 => Self::Critical,
            true if probability >= 0.5 => Self::High,
            true => Self::Medium,
            false => Self::Low,
        }
    }
}

/// What a feature had to do with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Factor {
    /// Its name.
    pub feature: String,
    /// Its value; nothing where it is missing.
    pub value: Option<f64>,
    /// How much it raised the risk, or lowered it if negative. In logarithms of odds for a trained model, so that all of them and
    /// the base sum to the score that is calibrated; in cumulative hazard without one.
    pub contribution: f64,
}

impl Factor {
    /// Factors that contributed anything, from the largest in size to the least.
    pub(super) fn sorted(mut factors: Vec<Self>) -> Vec<Self> {
        factors.retain(|factor| factor.contribution != 0.0);
        factors.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
        factors
    }
}

/// What to do about the factors that raise the risk most; one line that says so if it is no alarm.
pub(super) fn recommend(factors: &[Factor], at_risk: bool) -> Vec<String> {
    if !at_risk {
        return vec!["No action is needed; the risk is below the alarm's threshold.".into()];
    }
    let line = |factor: &Factor| {
        let (metric, kind) = factor.feature.rsplit_once('.').unwrap_or((&factor.feature, ""));
        let value = factor.value.map_or_else(|| "missing".into(), |value| format!("{value:.4}"));
        match kind {
            "slope" => format!("{metric} moves by {value} a step: find out what drives it, and stop it before its limit."),
            "drift" => format!("{metric} has moved by {value} since its start: compare with a healthy unit, and restore it."),
            _ if metric == super::AGE => format!("It has run for {value} steps: plan its maintenance or replacement."),
            _ => {
                format!("{} is {value}: bring it back to its normal range, or replace the part that it measures.", factor.feature)
            }
        }
    };
    factors.iter().filter(|factor| factor.contribution > 0.0).take(RECOMMENDED).map(line).collect()
}
