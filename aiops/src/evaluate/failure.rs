//! How good a failure model is.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::classification::{average_precision, brier, calibration_error, recall_at_false_alarms};
use super::regression::{coverage, nasa_score, root_mean_square};
use crate::calibrate::Interval;
use crate::error::Result;
use crate::failure::{FailureModel, FailureTrainer, Records};
use crate::model::Trainer;

/// Into how many parts units are dealt where there is no test part.
const PARTS: usize = 5;

/// Measures of a failure model on units that it did not learn from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// How many rows were judged.
    pub rows: usize,
    /// Area under precision over recall.
    pub average_precision: f64,
    /// Share of failures found with 1 % of false alarms.
    pub recall_at_1_percent: f64,
    /// Expected calibration error.
    pub calibration_error: f64,
    /// Mean squared error of the probabilities.
    pub brier: f64,
    /// Of the remaining life, where it is known.
    pub remaining: Option<Remaining>,
    /// What fitting took, with calibration and intervals, for which models of all folds are fitted: the mean of the fits.
    pub fit: Duration,
    /// What one fit of the classifier alone took: to compare with libraries that do not calibrate.
    pub classifier_fit: Duration,
    /// What one probability took, on average.
    pub row: Duration,
    /// What one answer with its contributions took, on average over at most 1,000.
    pub answer: Duration,
}

/// Measures of the remaining life: over every row, and over the last row of each unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remaining {
    /// Root of the mean squared error, capped.
    pub root_mean_square: f64,
    /// The share of intervals that hold, capped.
    pub coverage: f64,
    /// The share of intervals that hold of rows with less than the cap to live: units far from their end are easily told to be so.
    pub near_coverage: f64,
    /// Root of the mean squared error at the units' last rows, capped.
    pub last_root_mean_square: f64,
    /// The share of intervals that hold at the units' last rows, capped.
    pub last_coverage: f64,
    /// The score of the PHM 2008 challenge at the units' last rows.
    pub last_nasa_score: f64,
}

/// What was said of rows that were not learnt from.
#[derive(Debug, Default)]
struct Said {
    places: Vec<usize>,
    probabilities: Vec<f64>,
    intervals: Vec<Interval>,
    fits: u32,
    fit: Duration,
    classifier_fit: Duration,
    row: Duration,
    answer: Duration,
    answers: u32,
}

/// The part of each row where [`evaluate`] has no test part: units are dealt into five.
///
/// # Errors
/// As [`Records::folds`].
pub fn folds(trainer: &FailureTrainer, train: &Records) -> Result<Vec<usize>> {
    // Another seed than the trainer's, so that its own folds are not these.
    train.folds(PARTS, trainer.parameters().seed.wrapping_add(1))
}

/// Fits on `train` and judges on `test`; without one, five parts of `train`'s units are each judged by a model of the others.
/// `clock` tells the CPU time that the process has used: the library itself asks nothing of the system.
///
/// # Errors
/// As [`FailureTrainer::fit`](Trainer::fit).
pub fn evaluate(
    trainer: &FailureTrainer,
    train: &Records,
    test: Option<&Records>,
    clock: &dyn Fn() -> Duration,
) -> Result<Scores> {
    let mut said = Said::default();
    let judged = test.unwrap_or(train);
    if let Some(test) = test {
        let all: Vec<usize> = (0..test.rows().rows()).collect();
        said.judge(trainer, train, test, &all, clock)?;
    } else {
        let folds = folds(trainer, train)?;
        for part in 0..PARTS {
            let (left_out, learnt): (Vec<usize>, Vec<usize>) = (0..folds.len()).partition(|row| folds[*row] == part);
            if !left_out.is_empty() {
                said.judge(trainer, &train.select(&learnt), train, &left_out, clock)?;
            }
        }
    }
    Ok(said.scores(judged, trainer.parameters().cap))
}

impl Said {
    fn judge(
        &mut self,
        trainer: &FailureTrainer,
        train: &Records,
        test: &Records,
        places: &[usize],
        clock: &dyn Fn() -> Duration,
    ) -> Result<()> {
        let begin = clock();
        trainer.classifier(train)?;
        let alone = clock();
        let model: FailureModel = trainer.fit(train)?;
        let fitted = clock();
        for place in places {
            self.probabilities.push(model.probability(test.rows().row(*place))?);
        }
        let asked = clock();
        self.classifier_fit += alone.saturating_sub(begin);
        self.fit += fitted.saturating_sub(alone);
        self.row += asked.saturating_sub(fitted);
        self.fits += 1;
        for place in places {
            self.intervals.extend(model.remaining(test.rows().row(*place))?);
        }
        let begin = clock();
        for place in places.iter().step_by(places.len().div_ceil(1000).max(1)) {
            model.answer(test.rows().row(*place))?;
            self.answers += 1;
        }
        self.answer += clock().saturating_sub(begin);
        self.places.extend(places);
        Ok(())
    }

    fn scores(self, judged: &Records, cap: f64) -> Scores {
        let fails: Vec<bool> = self.places.iter().map(|place| judged.fails()[*place]).collect();
        let count = u32::try_from(self.places.len()).unwrap_or(u32::MAX).max(1);
        let remaining = judged.remaining().filter(|_| self.intervals.len() == self.places.len()).map(|lives| {
            let came: Vec<f64> = self.places.iter().map(|place| lives[*place]).collect();
            self.remaining(&came, judged.units(), cap)
        });
        Scores {
            rows: self.places.len(),
            average_precision: average_precision(&self.probabilities, &fails),
            recall_at_1_percent: recall_at_false_alarms(&self.probabilities, &fails, 0.01),
            calibration_error: calibration_error(&self.probabilities, &fails),
            brier: brier(&self.probabilities, &fails),
            remaining,
            fit: self.fit / self.fits.max(1),
            classifier_fit: self.classifier_fit / self.fits.max(1),
            row: self.row / count,
            answer: self.answer / self.answers.max(1),
        }
    }

    fn remaining(&self, came: &[f64], units: &[u64], cap: f64) -> Remaining {
        let points: Vec<f64> = self.intervals.iter().map(|interval| interval.point).collect();
        let near = came.iter().zip(&self.intervals).filter(|(life, _)| **life < cap);
        let (near, near_intervals): (Vec<f64>, Vec<Interval>) = near.map(|(life, interval)| (*life, *interval)).unzip();
        let is_last = |place: usize| units.get(place + 1).is_none_or(|next| *next != units[place]);
        let last: Vec<usize> = (0..came.len()).filter(|index| is_last(self.places[*index])).collect();
        let at = |values: &[f64]| last.iter().map(|index| values[*index]).collect::<Vec<f64>>();
        let intervals: Vec<Interval> = last.iter().map(|index| self.intervals[*index]).collect();
        let (last_points, last_came) = (at(&points), at(came));
        Remaining {
            root_mean_square: root_mean_square(&points, came, cap),
            coverage: coverage(&self.intervals, came, cap),
            near_coverage: coverage(&near_intervals, &near, cap),
            last_root_mean_square: root_mean_square(&last_points, &last_came, cap),
            last_coverage: coverage(&intervals, &last_came, cap),
            last_nasa_score: nasa_score(&last_points, &last_came),
        }
    }
}
