//! Metrics of any unit, made comparable.

use serde::{Deserialize, Serialize};

use super::parameters::Scaling;
use crate::data::Table;
use crate::error::{Error, Result};

/// Farther than so many of its units from the median a value says nothing more; it keeps sums of squares finite.
const FARTHEST: f64 = 1e4;
/// The part of its range in which a metric is measured. Sharper relations count with less, broader ones with more; on the
/// machines of SMD half and the whole range differ by 0.02 in either measure.
const UNIT: f64 = 0.7;
/// A metric that moved by less than this part of its level at the training is measured as if it had moved so far: without it
/// the noise in the last digit of one that stood still would be its range.
const LEVEL: f64 = 0.01;

/// Median and unit of each metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Scale {
    medians: Vec<f64>,
    units: Vec<f64>,
    /// Whether a metric may leave its range: then what is far from the median counts as its root.
    open: bool,
}

impl Scale {
    /// Learns from each column that which it does not miss; one that is never there, or always zero, is measured in 1.
    pub(super) fn fit(rows: &Table, scaling: Scaling) -> Self {
        let (medians, mut units): (Vec<f64>, Vec<f64>) =
            (0..rows.columns()).map(|column| Self::column(rows.column(column))).unzip();
        if scaling == Scaling::Shares {
            units.fill(1.0);
        }
        Self { medians, units, open: scaling == Scaling::Range }
    }

    fn column(values: impl Iterator<Item = f64>) -> (f64, f64) {
        let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        let (Some(first), Some(last)) = (values.first(), values.last()) else { return (0.0, 1.0) };
        let median = values[values.len() / 2];
        // Halves, since the range of values near the largest number is none.
        let half = (last / 2.0 - first / 2.0).max(LEVEL / 2.0 * median.abs());
        let unit = (2.0 * UNIT * half).min(f64::MAX);
        (median, if unit >= f64::MIN_POSITIVE { unit } else { 1.0 })
    }

    pub(super) fn metrics(&self) -> usize {
        self.medians.len()
    }

    /// The row in units from the median; what is missing is at the median.
    pub(super) fn apply(&self, row: &[f64], scaled: &mut Vec<f64>) {
        scaled.clear();
        scaled.extend(row.iter().zip(&self.medians).zip(&self.units).map(|((value, median), unit)| {
            let units = (value / 2.0 - median / 2.0) / unit * 2.0;
            let units = if units.is_nan() { 0.0 } else { units.clamp(-FARTHEST, FARTHEST) };
            if self.open { flattened(units) } else { units }
        }));
    }

    /// Every row.
    pub(super) fn apply_all(&self, rows: &Table) -> Vec<Vec<f64>> {
        let scaled = |row: &[f64]| {
            let mut scaled = Vec::with_capacity(row.len());
            self.apply(row, &mut scaled);
            scaled
        };
        rows.iter().map(scaled).collect()
    }

    pub(super) fn check(&self) -> Result<()> {
        let finite = self.medians.iter().all(|median| median.is_finite());
        let positive = self.units.iter().all(|unit| unit.is_finite() && *unit > 0.0);
        if self.medians.is_empty() || self.medians.len() != self.units.len() || !finite || !positive {
            let expected = "a finite median and a positive unit for each metric".to_owned();
            return Err(Error::ModelFile { expected, found: "others".into() });
        }
        Ok(())
    }
}

/// What is within about a unit as it is, what is farther as the root of its double: its square is the loss of Huber ("Robust
/// Estimation of a Location Parameter", Annals of Mathematical Statistics 35, 1964) in its smooth form (Charbonnier et al.,
/// IEEE Transactions on Image Processing 6, 1997). A single metric that leaves its range far behind, as one does that hardly
/// moved at the training, so does not outweigh all others.
fn flattened(units: f64) -> f64 {
    // `2 (sqrt(1 + u^2) - 1)` without the difference, which loses what is small.
    let square = 2.0 * units * units / ((1.0 + units * units).sqrt() + 1.0);
    square.sqrt().copysign(units)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(scale: &Scale, row: &[f64]) -> Vec<f64> {
        let mut scaled = Vec::new();
        scale.apply(row, &mut scaled);
        scaled
    }

    #[test]
    fn values_are_measured_in_units_from_the_median() {
        let rows = Table::new(vec![0.0, 5.0, f64::NAN, 1.0, 5.0, f64::NAN, 4.0, 5.0, f64::NAN], 3).unwrap();
        let scale = Scale::fit(&rows, Scaling::Range);
        // Four from least to most; a hundredth of five; nothing known.
        assert_eq!(scale.units, [4.0 * UNIT, 0.05 * UNIT, 1.0]);
        assert_eq!(applied(&scale, &[1.0 + 2.8, 5.0, -1.0]), [flattened(1.0), 0.0, flattened(-1.0)]);
        assert_eq!(applied(&scale, &[f64::NAN, 1e300, -1e300]), [0.0, flattened(1e4), flattened(-1e4)]);
        let shares = Scale::fit(&rows, Scaling::Shares);
        assert_eq!(applied(&shares, &[3.0, 6.0, f64::NAN]), [2.0, 1.0, 0.0]);
    }

    #[test]
    fn what_is_near_stays_and_what_is_far_comes_near() {
        assert!((flattened(1e-9) - 1e-9).abs() < 1e-24 && (flattened(0.1) - 0.1).abs() < 2e-4);
        assert_eq!(flattened(-3.0), -flattened(3.0));
        // sqrt(2 (sqrt(1 + 10^8) - 1)) = 141.4.
        assert!((flattened(1e4) - 141.414).abs() < 0.01, "{}", flattened(1e4));
    }

    #[test]
    fn the_noise_of_a_metric_that_stood_still_is_not_its_range() {
        let rows = Table::new(vec![1e6, 1e6 + 1e-9, 1e6, 1e6 - 1e-9], 1).unwrap();
        let scale = Scale::fit(&rows, Scaling::Range);
        assert!(applied(&scale, &[1e6 + 1.0])[0] < 1e-3);
        assert!(applied(&scale, &[2e6])[0] > 10.0);
    }

    #[test]
    fn the_largest_numbers_stay_finite() {
        let rows = Table::new(vec![f64::MAX, f64::MIN, f64::MAX], 1).unwrap();
        let scale = Scale::fit(&rows, Scaling::Range);
        assert!(scale.check().is_ok(), "{scale:?}");
        assert!(applied(&scale, &[f64::MIN])[0].is_finite());
    }
}
