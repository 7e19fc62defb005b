//! Mean and covariance of rows as they come, the older the less.

use serde::{Deserialize, Serialize};

use super::METRICS;
use super::factor::start;
use crate::error::{Error, Result};

/// About so many rows are remembered: a week of minutes, five weeks of five minutes. What is gone for so long counts for a third.
const MEMORY: u32 = 10_000;
/// Values beyond are taken as this, so that products of two are finite.
pub(super) const LARGEST: f64 = 1e140;
/// Smaller covariances are none: numbers below the least normal one are slow.
const SMALLEST: f64 = 1e-280;

/// The exponentially weighted mean and covariance by the update of West ("Updating Mean and Variance Estimates: An Improved
/// Method", Communications of the ACM 22, 1979), with the deviation from the mean before, `d`, and the share of the newest row,
/// `s`: the mean moves by `s d`, and the covariance becomes `(1 - s) (C + s d d')`. Until there are as many rows as are remembered,
/// `s` is `1/n` and both are those of all rows alike.
///
/// Each metric has a share of its own, 0 where it is missing. With `A = diag(sqrt(1 - s))` and `v = sqrt(s (1 - s)) d` the update
/// is `A C A + v v'`, which is a covariance whatever is missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Running {
    centre: Vec<f64>,
    /// How many values of each metric came, at most as many as are remembered.
    seen: Vec<u32>,
    /// The lower triangle, its rows one after the other.
    covariance: Vec<f64>,
}

impl Running {
    pub(super) fn new(metrics: usize) -> Self {
        Self { centre: vec![0.0; metrics], seen: vec![0; metrics], covariance: vec![0.0; start(metrics)] }
    }

    pub(super) fn metrics(&self) -> usize {
        self.centre.len()
    }

    /// How far each value is from its mean; 0 for one that is missing, and for the first.
    pub(super) fn deviations(&self, row: &[f64], deviations: &mut [f64]) {
        for ((deviation, value), (centre, seen)) in deviations.iter_mut().zip(row).zip(self.centre.iter().zip(&self.seen)) {
            *deviation = if value.is_nan() || *seen == 0 { 0.0 } else { value - centre };
        }
    }

    /// The covariance of two metrics, the first not before the second.
    pub(super) fn covariance(&self, row: usize, column: usize) -> f64 {
        self.covariance[start(row) + column]
    }

    /// Takes a row, of which the deviations are known; its deviations count by `weight`, in (0, 1].
    pub(super) fn observe(&mut self, row: &[f64], deviations: &[f64], weight: f64) {
        let (mut kept, mut steps) = ([1.0; METRICS], [0.0; METRICS]);
        for (metric, value) in row.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
            self.seen[metric] = (self.seen[metric] + 1).min(MEMORY);
            let share = 1.0 / f64::from(self.seen[metric]);
            if self.seen[metric] == 1 {
                self.centre[metric] = *value;
                continue;
            }
            self.centre[metric] += share * weight * deviations[metric];
            kept[metric] = (1.0 - share).sqrt();
            steps[metric] = (share * (1.0 - share)).sqrt() * weight * deviations[metric];
        }
        for metric in 0..row.len() {
            let (own_kept, own_step) = (kept[metric], steps[metric]);
            let entries = &mut self.covariance[start(metric)..=start(metric) + metric];
            for ((entry, kept), step) in entries.iter_mut().zip(&kept).zip(&steps) {
                let next = *entry * own_kept * kept + own_step * step;
                *entry = if next.abs() < SMALLEST { 0.0 } else { next };
            }
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        let metrics = self.metrics();
        let sizes = (1..=METRICS).contains(&metrics) && self.seen.len() == metrics && self.covariance.len() == start(metrics);
        let bounded = self.centre.iter().all(|centre| centre.abs() <= LARGEST)
            && self.covariance.iter().all(|entry| entry.abs() <= 4.0 * LARGEST * LARGEST)
            && self.seen.iter().all(|seen| *seen <= MEMORY);
        if sizes && bounded && (0..metrics).all(|metric| self.covariance(metric, metric) >= 0.0) {
            return Ok(());
        }
        Err(Error::ModelFile { expected: format!("mean and covariance of 1 to {METRICS} metrics"), found: "others".into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(rows: &[[f64; 2]]) -> Running {
        let mut running = Running::new(2);
        let mut deviations = [0.0; 2];
        for row in rows {
            running.deviations(row, &mut deviations);
            running.observe(row, &deviations, 1.0);
        }
        running
    }

    #[test]
    fn at_first_they_are_those_of_all_rows() {
        let running = after(&[[1.0, 2.0], [3.0, 8.0], [5.0, 5.0]]);
        assert!(running.centre.iter().zip([3.0, 5.0]).all(|(mean, known)| (mean - known).abs() < 1e-12), "{running:?}");
        let known = [8.0 / 3.0, 2.0, 6.0];
        assert!(running.covariance.iter().zip(known).all(|(entry, known)| (entry - known).abs() < 1e-12), "{running:?}");
        assert!(running.check().is_ok());
    }

    #[test]
    fn what_is_missing_changes_nothing_of_its_metric() {
        let (before, after) = (after(&[[1.0, 2.0], [3.0, 8.0]]), after(&[[1.0, 2.0], [3.0, 8.0], [5.0, f64::NAN]]));
        assert_eq!((after.centre[1], after.covariance(1, 1)), (before.centre[1], before.covariance(1, 1)));
        assert!(after.covariance(1, 0).abs() < before.covariance(1, 0).abs());
    }

    #[test]
    fn the_past_is_forgotten_and_extremes_stay_finite() {
        let mut rows = vec![[1.0, -LARGEST], [2.0, LARGEST]];
        rows.resize(80_002, [100.0, 0.0]);
        let running = after(&rows);
        assert!((running.centre[0] - 100.0).abs() < 0.5 && running.check().is_ok(), "{running:?}");
        assert!(Running { seen: vec![1], ..after(&[[1.0, 1.0]]) }.check().is_err());
        assert!(Running { centre: vec![f64::NAN; 2], ..after(&[[1.0, 1.0]]) }.check().is_err());
    }
}
