//! A detector of attacks in flows that has learnt.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::super::assessment::ThreatType;
use super::judges::Judges;
use super::ranks::Ranks;
use crate::boost::{Booster, Explainer, Loss};
use crate::data::{Schema, Table};
use crate::error::{Error, Result};
use crate::model::{Detector, Model, Predictor};

/// Finds attacks in flows, those that were labelled at its training and those that are merely not normal.
///
/// As a [`Detector`] it scores, in microseconds; as a [`Predictor`] it also names the type and says
/// which features speak for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FlowDetector {
    pub(super) judges: Judges,
    /// The types of attacks that were labelled, and the unknown one where there were reference rows.
    pub(super) types: Vec<ThreatType>,
    /// What tells them apart, where there are several.
    pub(super) classes: Option<Booster>,
    pub(super) threshold: f64,
    pub(super) false_alarm_budget: f64,
    pub(super) ranks: Ranks,
    #[serde(skip)]
    pub(super) explainers: OnceLock<Vec<Explainer>>,
}

/// How much a flow looks like an attack.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FlowScore {
    /// The sum of the logarithms of the odds that it is an attack, that it is an attack or a reference row, and that it is a
    /// reference row rather than normal, among the rows of the training.
    pub score: f64,
    /// The share of normal flows that look at least as much like one; the more rows and folds there were, the nearer to uniform
    /// on normal flows.
    pub p_value: f64,
    /// Whether it lies above the threshold that the budget of false alarms set.
    pub alarm: bool,
}

impl FlowDetector {
    /// The features that it was fitted with.
    #[must_use]
    pub const fn schema(&self) -> &Schema {
        self.judges.first.schema()
    }

    /// The share of normal flows that may raise an alarm.
    #[must_use]
    pub const fn false_alarm_budget(&self) -> f64 {
        self.false_alarm_budget
    }

    /// The score above which there is an alarm.
    #[must_use]
    pub const fn threshold(&self) -> f64 {
        self.threshold
    }

    /// The same detector with another budget: its threshold is the score of the normal rows that this share lies above, as near
    /// as it kept them; never more of them do.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a budget outside 0.00001 to 0.5.
    pub fn with_false_alarm_budget(mut self, budget: f64) -> Result<Self> {
        if !(1e-5..=0.5).contains(&budget) {
            return Err(Error::Parameter { name: "false_alarm_budget", expected: "0.00001 to 0.5", found: budget.to_string() });
        }
        self.threshold = self.ranks.score_at(budget);
        self.false_alarm_budget = budget;
        Ok(self)
    }

    /// How much one row looks like an attack. Allocates nothing.
    ///
    /// # Errors
    /// [`Error::Data`] for a row of another length than the schema's, and for an infinite value.
    pub fn score_row(&self, row: &[f64]) -> Result<FlowScore> {
        if let Some(place) = row.iter().position(|value| value.is_infinite()) {
            let what = format!("row, column {}", place + 1);
            return Err(Error::data(what, "a finite number, or NaN for a missing one", "an infinite one"));
        }
        let score = self.judges.score(row)?;
        Ok(FlowScore { score, p_value: self.ranks.p_value(score), alarm: score > self.threshold })
    }

    /// The likeliest type, if it is an attack, and its probability.
    pub(super) fn likeliest(&self, row: &[f64]) -> Result<(ThreatType, f64)> {
        let only = || (self.types.first().copied().unwrap_or(ThreatType::Unknown), 1.0);
        let Some(classes) = &self.classes else { return Ok(only()) };
        let answers = classes.predict(&Table::new(row.to_vec(), row.len())?)?;
        let types = self.types.iter().copied().zip(answers.into_iter().flatten());
        Ok(types.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or_else(only))
    }
}

impl Detector for FlowDetector {
    type Score = FlowScore;

    fn score(&self, rows: &Table) -> Result<Vec<FlowScore>> {
        rows.iter().map(|row| self.score_row(row)).collect()
    }
}

impl Model for FlowDetector {
    const KIND: &'static str = "threat_flows";
    const FORMAT: u16 = 2;

    fn check(&self) -> Result<()> {
        let refuse = |expected: &str, found: String| Err(Error::ModelFile { expected: expected.into(), found });
        self.judges.check()?;
        self.ranks.check()?;
        if !self.threshold.is_finite() || !(1e-5..=0.5).contains(&self.false_alarm_budget) {
            return refuse("a threshold and a budget", format!("{} for {}", self.threshold, self.false_alarm_budget));
        }
        let Some(classes) = &self.classes else { return Ok(()) };
        classes.check()?;
        if classes.loss() != Loss::Softmax(self.types.len()) {
            return refuse("trees of one class for each type", format!("{:?}", classes.loss()));
        }
        if classes.schema() != self.schema() {
            return refuse("trees of one schema", "trees of two".into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FlowExamples, FlowParameters};
    use super::*;
    use crate::model::{Trainer, load, save};

    #[test]
    fn a_content_that_does_not_hold_together_is_refused() {
        let schema = Schema::numeric(["a", "b"]).unwrap();
        let rows = Table::new((0..600).map(|place| f64::from(place % 37)).collect(), 2).unwrap();
        let labels = (0..300).map(|row| (row % 3 == 0).then_some(ThreatType::Ddos)).collect();
        let trainer = FlowParameters::default().check().unwrap();
        let whole = trainer.fit(&FlowExamples::new(schema, rows, labels).unwrap()).unwrap();
        assert!(load::<FlowDetector>(&save(&whole).unwrap()).is_ok());
        let damages: [fn(&mut FlowDetector); 5] = [
            |detector| detector.threshold = f64::NAN,
            |detector| detector.false_alarm_budget = 0.0,
            |detector| detector.types.push(ThreatType::Malware),
            |detector| detector.ranks = Ranks::new(vec![f64::INFINITY; 3]),
            |detector| detector.judges.first = detector.classes.clone().unwrap(),
        ];
        for (place, damage) in damages.into_iter().enumerate() {
            let mut damaged = whole.clone();
            damage(&mut damaged);
            assert!(load::<FlowDetector>(&save(&damaged).unwrap()).is_err(), "{place}");
        }
    }
}
