//! Values with intervals that hold as often as they say.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The fewest rows of a bin: a tenth of them is 20.
const FEWEST: usize = 200;
/// The most bins.
const BINS: usize = 12;

/// A value within an interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The value.
    pub point: f64,
    /// Where the interval begins; not above the value.
    pub lower: f64,
    /// Where it ends; not below the value.
    pub upper: f64,
    /// How often it holds: 0.9 is nine times in ten.
    pub level: f64,
}

/// Conformal intervals from the errors of predictions on rows that the model was not fitted on (cross-conformal: Vovk 2015;
/// Barber et al., CV+, Annals of Statistics 2021), by the size of the prediction (Mondrian: Vovk et al. 2005, section 4.5).
///
/// Errors are put into bins by the value that was predicted, since a small remaining life is known better than a long one. Of
/// each bin the shortest interval is taken that holds its share of errors (Lei, Robins and Wasserman 2013): it leans to one side
/// where errors do, as at a cap. Ends are linear between the bins' centres. For data like that it was fitted on an interval holds as often as its level
/// says, on average over the rows, and nearly so for each size of prediction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conformal {
    level: f64,
    /// Centre of each bin, the lower and the upper end of its errors.
    bins: Vec<(f64, f64, f64)>,
}

impl Conformal {
    /// Fits intervals of one level on what was predicted out of fold and what came.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a level that is not between 0 and 1; [`Error::Data`] for another number of outcomes than of
    /// predictions, for none, and for one that is not a number between -1e100 and 1e100.
    pub fn fit(predicted: &[f64], came: &[f64], level: f64) -> Result<Self> {
        if !(level > 0.0 && level < 1.0) {
            return Err(Error::Parameter { name: "level", expected: "a number between 0 and 1", found: level.to_string() });
        }
        if predicted.len() != came.len() || predicted.is_empty() {
            let found = format!("{} predictions and {} outcomes", predicted.len(), came.len());
            return Err(Error::data("calibration", "an outcome for each prediction, and one at least", found));
        }
        if let Some(value) = predicted.iter().chain(came).find(|value| !(-1e100..=1e100).contains(*value)) {
            return Err(Error::data("calibration", "numbers between -1e100 and 1e100", value.to_string()));
        }
        let mut order: Vec<usize> = (0..predicted.len()).collect();
        order.sort_by(|a, b| predicted[*a].total_cmp(&predicted[*b]).then(came[*a].total_cmp(&came[*b])));
        let count = (order.len() / FEWEST).clamp(1, BINS);
        let mut bins: Vec<(f64, f64, f64)> = Vec::with_capacity(count);
        for bin in 0..count {
            let rows = &order[bin * order.len() / count..(bin + 1) * order.len() / count];
            let mut errors: Vec<f64> = rows.iter().map(|row| came[*row] - predicted[*row]).collect();
            errors.sort_unstable_by(f64::total_cmp);
            let centre = predicted[rows[rows.len() / 2]];
            if bins.last().is_none_or(|last| last.0 < centre) {
                let (lower, upper) = shortest(&errors, level);
                bins.push((centre, lower, upper));
            }
        }
        Ok(Self { level, bins })
    }

    /// The interval around a prediction.
    #[must_use]
    pub fn interval(&self, point: f64) -> Interval {
        let after = self.bins.partition_point(|bin| bin.0 <= point);
        let (lower, upper) = match (after.checked_sub(1).map(|before| self.bins[before]), self.bins.get(after)) {
            (Some(low), Some(high)) => {
                let share = ((point - low.0) / (high.0 - low.0)).clamp(0.0, 1.0);
                (low.1 + share * (high.1 - low.1), low.2 + share * (high.2 - low.2))
            }
            (Some(end), None) | (None, Some(&end)) => (end.1, end.2),
            (None, None) => (0.0, 0.0),
        };
        Interval { point, lower: point + lower.min(0.0), upper: point + upper.max(0.0), level: self.level }
    }

    /// How often the intervals hold.
    #[must_use]
    pub const fn level(&self) -> f64 {
        self.level
    }

    /// Checks what was read.
    pub(crate) fn check(&self) -> Result<()> {
        let inside = |bin: &(f64, f64, f64)| [bin.0, bin.1, bin.2].iter().all(|value| value.abs() <= 1e101);
        let ascending = self.bins.windows(2).all(|pair| pair[0].0 < pair[1].0);
        if self.level > 0.0 && self.level < 1.0 && self.bins.len() <= BINS && self.bins.iter().all(inside) && ascending {
            return Ok(());
        }
        Err(Error::ModelFile { expected: "intervals of finite numbers".into(), found: "others".into() })
    }
}

/// The shortest interval that holds its share of sorted errors, counted among one more than there are (Vovk et al. 2005); all of
/// them where there are too few.
fn shortest(errors: &[f64], level: f64) -> (f64, f64) {
    let wanted = (level * (errors.len() as f64 + 1.0)).ceil();
    let wanted = (wanted as usize).clamp(1, errors.len());
    let mut found = (errors[0], errors[wanted - 1]);
    for window in errors.windows(wanted) {
        if window[wanted - 1] - window[0] < found.1 - found.0 {
            found = (window[0], window[wanted - 1]);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{RngCore, SeedableRng};

    use super::*;

    #[test]
    fn the_shortest_interval_leans_to_where_errors_are() {
        let even: Vec<f64> = (1..=9).map(f64::from).collect();
        assert_eq!(shortest(&even, 0.8), (1.0, 8.0));
        let leaning = [-50.0, -20.0, -9.0, -2.0, -1.0, -1.0, 0.0, 0.0, 0.0];
        assert_eq!(shortest(&leaning, 0.7), (-9.0, 0.0));
        assert_eq!(shortest(&[1.0, 2.0], 0.9), (1.0, 2.0));
    }

    #[test]
    fn intervals_are_as_wide_as_errors_of_their_size_of_prediction() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let noise: Vec<f64> = (0..4000).map(|_| f64::from(random.next_u32()) / f64::from(u32::MAX) - 0.5).collect();
        let predicted: Vec<f64> = (0..4000).map(|row| f64::from(row) / 40.0).collect();
        let came: Vec<f64> = (0..4000).map(|row| f64::from(row) / 40.0 * (1.0 + noise[row as usize])).collect();
        let conformal = Conformal::fit(&predicted, &came, 0.9).unwrap();
        let held = |range: std::ops::Range<usize>| {
            let count = range.len();
            let inside = |row: &usize| {
                let interval = conformal.interval(predicted[*row]);
                (interval.lower..=interval.upper).contains(&came[*row])
            };
            range.filter(inside).count() as f64 / count as f64
        };
        assert!((held(0..4000) - 0.9).abs() < 0.015, "{}", held(0..4000));
        assert!((held(1000..2000) - 0.9).abs() < 0.03, "{}", held(1000..2000));
        assert!(conformal.interval(90.0).upper - 90.0 > 3.0 * (conformal.interval(20.0).upper - 20.0));
        assert!(conformal.check().is_ok());
    }

    #[test]
    fn what_cannot_be_fitted_is_refused() {
        assert!(Conformal::fit(&[], &[], 0.9).is_err());
        assert!(Conformal::fit(&[1.0], &[1.0], 1.0).is_err());
        assert!(Conformal::fit(&[1.0], &[f64::NAN], 0.9).is_err());
    }
}
