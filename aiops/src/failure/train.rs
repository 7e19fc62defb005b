//! Training: out of fold first, so that calibration and intervals are of units that were not learnt from.

use std::sync::OnceLock;

use super::model::{FailureModel, Life, QUANTILES};
use super::pairs::Pairs;
use super::parameters::FailureTrainer;
use super::records::Records;
use crate::boost::{Booster, Examples};
use crate::calibrate::{Conformal, Isotonic};
use crate::error::Result;
use crate::model::Trainer;

impl Trainer for FailureTrainer {
    type Data = Records;
    type Model = FailureModel;

    fn fit(&self, data: &Records) -> Result<FailureModel> {
        let folds = data.folds(self.parameters.folds, self.parameters.seed)?;
        data.rows.check_varies()?;
        let examples = self.examples(data)?;
        let (classifier, scores) = self.probability.fit_folds(&examples, &folds)?;
        let (known, outcomes): (Vec<f64>, Vec<bool>) =
            scores.iter().zip(&data.fails).filter_map(|(score, fails)| Some(((*score)?, *fails))).unzip();
        let both = outcomes.contains(&true) && outcomes.contains(&false);
        let calibration = if both { Some(Isotonic::fit(&known, &outcomes)?) } else { None };
        let quiet = known.iter().zip(&outcomes).filter(|(_, fails)| !**fails).map(|(score, _)| *score).collect();
        Ok(FailureModel {
            schema: data.schema.clone(),
            windows: data.windows.clone(),
            pairs: self.parameters.pairs,
            classifier,
            calibration,
            quiet: quantiles(quiet),
            false_alarms: self.parameters.false_alarms,
            life: self.life(data, &folds)?,
            prepared: OnceLock::new(),
        })
    }
}

impl FailureTrainer {
    /// The trees of the probability alone, without calibration: what other libraries call a fitted classifier. Its features are
    /// the model's with their pairs.
    ///
    /// # Errors
    /// As [`Trainer::fit`].
    pub fn classifier(&self, data: &Records) -> Result<Booster> {
        self.probability.fit(&self.examples(data)?)
    }

    /// What the probability is learnt from.
    fn examples(&self, data: &Records) -> Result<Examples> {
        let targets: Vec<f64> = data.fails.iter().map(|fails| f64::from(*fails)).collect();
        if !self.parameters.pairs {
            return Examples::new(data.schema.clone(), data.rows.clone(), targets);
        }
        let pairs = Pairs::of(&data.schema);
        Examples::new(pairs.schema(&data.schema)?, pairs.table(&data.rows)?, targets)
    }

    /// The remaining life, where it is known.
    fn life(&self, data: &Records, folds: &[usize]) -> Result<Option<Life>> {
        let Some(remaining) = &data.remaining else { return Ok(None) };
        let cap = self.parameters.cap;
        let targets = remaining.iter().map(|life| life.min(cap)).collect();
        let examples = Examples::new(data.schema.clone(), data.rows.clone(), targets)?;
        let (booster, predicted) = self.remaining.fit_folds(&examples, folds)?;
        let (predicted, came): (Vec<f64>, Vec<f64>) =
            predicted.iter().zip(remaining).filter_map(|(value, life)| Some(((*value)?.clamp(0.0, cap), life.min(cap)))).unzip();
        Ok(Some(Life { booster, conformal: Conformal::fit(&predicted, &came, self.parameters.level)?, cap }))
    }
}

/// At most so many of the values, evenly from the least to the greatest.
fn quantiles(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_unstable_by(f64::total_cmp);
    if values.len() <= QUANTILES {
        return values;
    }
    let last = values.len() - 1;
    (0..QUANTILES).map(|place| values[(place * last).div_ceil(QUANTILES - 1)]).collect()
}
