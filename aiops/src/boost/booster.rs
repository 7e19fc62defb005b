//! Fitted trees.

use serde::{Deserialize, Serialize};

use super::forest::Forest;
use super::loss::Loss;
use super::math::exp;
use crate::data::{Schema, Table};
use crate::error::{Error, Result};
use crate::model::{Model, Predictor};

/// Fitted trees over a schema.
///
/// A score is the sum of the base score and of one leaf of each tree. What is missing goes the way that was better at the
/// training; so does a category that it did not have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Booster {
    pub(super) schema: Schema,
    pub(super) loss: Loss,
    pub(super) base: Vec<f64>,
    pub(super) forest: Forest,
}

impl Booster {
    /// The features that it was fitted with.
    #[must_use]
    pub const fn schema(&self) -> &Schema {
        &self.schema
    }

    /// What it predicts.
    #[must_use]
    pub const fn loss(&self) -> Loss {
        self.loss
    }

    /// How many trees it has.
    #[must_use]
    pub fn trees(&self) -> usize {
        self.forest.trees.len()
    }

    /// The first score of one row, before it is made a probability. Allocates nothing.
    ///
    /// # Errors
    /// [`Error::Data`] for a row of another length than the schema's.
    pub fn score(&self, row: &[f64]) -> Result<f64> {
        if self.loss.outputs() == 1 {
            let mut score = [self.base[0]];
            self.check_length(row.len())?;
            self.forest.add(0, row, &mut score);
            return Ok(score[0]);
        }
        let mut scores = vec![0.0; self.loss.outputs()];
        self.scores(row, &mut scores)?;
        Ok(scores[0])
    }

    /// Every score of one row, one for each output of the loss. Allocates nothing.
    ///
    /// # Errors
    /// [`Error::Data`] for a row of another length than the schema's, and where there is not room for each score.
    pub fn scores(&self, row: &[f64], scores: &mut [f64]) -> Result<()> {
        self.check_length(row.len())?;
        if scores.len() != self.base.len() {
            return Err(Error::data("room for scores", self.base.len().to_string(), scores.len().to_string()));
        }
        scores.copy_from_slice(&self.base);
        self.forest.add(0, row, scores);
        Ok(())
    }

    /// What is predicted for one row: the probability of 1 for the logistic loss, that of the first class for softmax, else the
    /// value.
    ///
    /// # Errors
    /// As [`Booster::score`].
    pub fn answer(&self, row: &[f64]) -> Result<f64> {
        match self.loss {
            Loss::Softmax(_) => Ok(self.answers(row)?[0]),
            loss => Ok(loss.answer(self.score(row)?)),
        }
    }

    fn answers(&self, row: &[f64]) -> Result<Vec<f64>> {
        let mut scores = vec![0.0; self.base.len()];
        self.scores(row, &mut scores)?;
        if let Loss::Softmax(_) = self.loss {
            let most = scores.iter().copied().fold(f64::MIN, f64::max);
            scores.iter_mut().for_each(|score| *score = exp(*score - most));
            let total: f64 = scores.iter().sum();
            scores.iter_mut().for_each(|score| *score /= total);
        } else {
            scores.iter_mut().for_each(|score| *score = self.loss.answer(*score));
        }
        Ok(scores)
    }

    pub(super) fn check_length(&self, columns: usize) -> Result<()> {
        if columns == self.schema.len() {
            return Ok(());
        }
        Err(Error::data("row", format!("{} columns, as at the training", self.schema.len()), columns.to_string()))
    }
}

/// For each row, one number for each output of the loss: the probability of 1, the value, or the probability of each class.
impl Predictor for Booster {
    type Answer = Vec<f64>;

    fn predict(&self, rows: &Table) -> Result<Vec<Vec<f64>>> {
        rows.iter().map(|row| self.answers(row)).collect()
    }
}

impl Model for Booster {
    const KIND: &'static str = "booster";
    const FORMAT: u16 = 1;

    fn check(&self) -> Result<()> {
        let refuse = |expected: &str, found: String| Err(Error::ModelFile { expected: expected.into(), found });
        if let Err(error) = self.loss.check() {
            return refuse("a loss that can be used", error.to_string());
        }
        if self.base.len() != self.loss.outputs() || !self.base.iter().all(|base| base.is_finite()) {
            return refuse("a finite base score for each output", format!("{} base scores", self.base.len()));
        }
        self.forest.check(&self.schema, self.base.len())?;
        // Trees are summed: each may be finite, and their sum not.
        let most = self.forest.values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        let base = self.base.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        if !(base + most * self.forest.trees.len() as f64).is_finite() {
            return refuse("scores that stay finite", format!("leaves of up to {most}"));
        }
        Ok(())
    }
}
