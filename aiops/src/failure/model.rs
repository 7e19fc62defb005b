//! A trained failure model.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::answer::{Factor, Failure, Severity, recommend};
use super::pairs::Pairs;
use super::windows::Windows;
use crate::boost::{Booster, Explainer, sigmoid};
use crate::calibrate::{Conformal, Interval, Isotonic};
use crate::data::{Schema, Table};
use crate::error::{Error, Result};
use crate::model::{Model, Predictor, Warning};

/// How many quantiles of the scores of units that did not fail are kept: alarms can be set to a budget in steps of a thousandth.
pub(super) const QUANTILES: usize = 1001;

/// A trained failure model.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FailureModel {
    pub(super) schema: Schema,
    pub(super) windows: Option<Windows>,
    pub(super) pairs: bool,
    pub(super) classifier: Booster,
    /// None where no unit of one of both outcomes was left to calibrate on.
    pub(super) calibration: Option<Isotonic>,
    /// Scores of rows that did not fail, out of fold: from the least to the greatest, evenly.
    pub(super) quiet: Vec<f64>,
    pub(super) false_alarms: f64,
    pub(super) life: Option<Life>,
    #[serde(skip)]
    pub(super) prepared: OnceLock<(Explainer, Pairs)>,
}

/// How the remaining life is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Life {
    pub(super) booster: Booster,
    pub(super) conformal: Conformal,
    pub(super) cap: f64,
}

impl FailureModel {
    /// The features that it was trained with.
    #[must_use]
    pub const fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The windows that it was trained with, if it was trained on series.
    #[must_use]
    pub const fn windows(&self) -> Option<&Windows> {
        self.windows.as_ref()
    }

    /// Whether its probabilities are calibrated.
    #[must_use]
    pub const fn calibrated(&self) -> bool {
        self.calibration.is_some()
    }

    /// The probability from which on at most this share of units that do not fail raises an alarm, counted on units of the
    /// training that the model had not seen.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a budget that is not between 0 and 1.
    pub fn threshold(&self, false_alarms: f64) -> Result<f64> {
        if !(false_alarms > 0.0 && false_alarms < 1.0) {
            let (expected, found) = ("a share between 0 and 1", false_alarms.to_string());
            return Err(Error::Parameter { name: "false_alarms", expected, found });
        }
        Ok(self.calibrate(self.alarm_score(false_alarms)))
    }

    /// The probability of failing within the horizon, without saying why.
    ///
    /// # Errors
    /// [`Error::Data`] for a row of another length than the schema's.
    pub fn probability(&self, row: &[f64]) -> Result<f64> {
        Ok(self.calibrate(self.score(row)?))
    }

    /// The remaining life, if the training knew it.
    ///
    /// # Errors
    /// [`Error::Data`] for a row of another length than the schema's.
    pub fn remaining(&self, row: &[f64]) -> Result<Option<Interval>> {
        let Some(life) = &self.life else { return Ok(None) };
        let Interval { point, lower, upper, level } = life.conformal.interval(life.booster.score(row)?.clamp(0.0, life.cap));
        Ok(Some(Interval { point, lower: lower.clamp(0.0, life.cap), upper: upper.clamp(0.0, life.cap), level }))
    }

    /// What is said of one row, with what contributed.
    ///
    /// # Errors
    /// [`Error::Data`] for a row of another length than the schema's.
    pub fn answer(&self, row: &[f64]) -> Result<Failure> {
        let score = self.score(row)?;
        let probability = self.calibrate(score);
        let at_risk = score > self.alarm_score(self.false_alarms);
        let factors = self.factors(row)?;
        let recommendations = recommend(&factors, at_risk);
        let missing = row.iter().filter(|value| value.is_nan()).count();
        let mut warnings = Vec::new();
        if missing * 2 > row.len() {
            let share = missing as f64 / row.len() as f64;
            warnings.push(Warning::Missing { what: "the row".into(), share });
        }
        Ok(Failure {
            probability,
            calibrated: self.calibrated(),
            at_risk,
            severity: Severity::of(probability, at_risk),
            remaining: self.remaining(row)?,
            base: self.prepared().0.base()[0],
            contributing_factors: factors,
            recommendations,
            warnings,
        })
    }

    /// What each feature contributed, from the largest in size to the least.
    fn factors(&self, row: &[f64]) -> Result<Vec<Factor>> {
        let (explainer, pairs) = self.prepared();
        let mut wide = Vec::new();
        let contributions = if self.pairs {
            pairs.row(row, &mut wide);
            pairs.shared(&explainer.contributions(&wide)?)
        } else {
            explainer.contributions(row)?
        };
        let features = self.schema.features().iter().zip(row).zip(contributions);
        Ok(Factor::sorted(
            features
                .map(|((feature, value), contribution)| Factor {
                    feature: feature.name.clone(),
                    value: value.is_finite().then_some(*value),
                    contribution,
                })
                .collect(),
        ))
    }

    /// The score before it is calibrated.
    pub(super) fn score(&self, row: &[f64]) -> Result<f64> {
        if row.len() != self.schema.len() {
            let expected = format!("{} columns, as at the training", self.schema.len());
            return Err(Error::data("row", expected, row.len().to_string()));
        }
        if !self.pairs {
            return self.classifier.score(row);
        }
        let mut wide = Vec::with_capacity(self.classifier.schema().len());
        self.prepared().1.row(row, &mut wide);
        self.classifier.score(&wide)
    }

    fn prepared(&self) -> &(Explainer, Pairs) {
        self.prepared.get_or_init(|| (Explainer::new(&self.classifier), Pairs::of(&self.schema)))
    }

    fn calibrate(&self, score: f64) -> f64 {
        self.calibration.as_ref().map_or_else(|| sigmoid(score), |calibration| calibration.probability(score))
    }

    /// Scores above this raise the budget's alarms.
    fn alarm_score(&self, false_alarms: f64) -> f64 {
        let place = ((1.0 - false_alarms) * (self.quiet.len().saturating_sub(1)) as f64).ceil() as usize;
        self.quiet.get(place).copied().unwrap_or(0.0)
    }
}

impl Predictor for FailureModel {
    type Answer = Failure;

    fn predict(&self, rows: &Table) -> Result<Vec<Failure>> {
        rows.iter().map(|row| self.answer(row)).collect()
    }
}

impl Model for FailureModel {
    const KIND: &'static str = "failure";
    const FORMAT: u16 = 1;

    fn check(&self) -> Result<()> {
        let refuse = |expected: &str, found: &str| Err(Error::ModelFile { expected: expected.into(), found: found.into() });
        self.classifier.check()?;
        let pairs = Pairs::of(&self.schema);
        let expected = if self.pairs { pairs.schema(&self.schema) } else { Ok(self.schema.clone()) };
        if expected.as_ref() != Ok(self.classifier.schema()) || self.classifier.loss() != crate::boost::Loss::Logistic {
            return refuse("trees over the model's features", "trees over others");
        }
        if self.quiet.len() > QUANTILES || !self.quiet.iter().all(|score| score.is_finite()) || !self.quiet.is_sorted() {
            return refuse("ascending scores", "others");
        }
        if !(self.false_alarms > 0.0 && self.false_alarms < 1.0) {
            return refuse("a budget between 0 and 1", "another one");
        }
        if let Some(windows) = &self.windows
            && windows.check().is_err()
        {
            return refuse("windows that can be made", "others");
        }
        self.calibration.as_ref().map_or(Ok(()), Isotonic::check)?;
        let Some(life) = &self.life else { return Ok(()) };
        life.booster.check()?;
        life.conformal.check()?;
        if life.booster.schema() != &self.schema || life.booster.loss().outputs() != 1 || !(life.cap > 0.0 && life.cap <= 1e15) {
            return refuse("a remaining life over the model's features", "another one");
        }
        Ok(())
    }
}
