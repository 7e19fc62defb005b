//! Metrics of any unit, made comparable.

use serde::{Deserialize, Serialize};

use super::parameters::Scaling;
use crate::data::Table;
use crate::error::{Error, Result};

/// Farther than so many of its ranges from the median a value says nothing more; it keeps sums of squares finite.
const FARTHEST: f64 = 1e4;

/// Median and range of each metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Scale {
    medians: Vec<f64>,
    ranges: Vec<f64>,
}

impl Scale {
    /// Learns from each column that which it does not miss. One that never varies is measured by its absolute value, or by 1
    /// at zero; so is one that is never there.
    pub(super) fn fit(rows: &Table, scaling: Scaling) -> Self {
        let (medians, mut ranges): (Vec<f64>, Vec<f64>) =
            (0..rows.columns()).map(|column| Self::column(rows.column(column))).unzip();
        if scaling == Scaling::Shares {
            ranges.fill(1.0);
        }
        Self { medians, ranges }
    }

    fn column(values: impl Iterator<Item = f64>) -> (f64, f64) {
        let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        let (Some(first), Some(last)) = (values.first(), values.last()) else { return (0.0, 1.0) };
        let median = values[values.len() / 2];
        // Halves, since the range of values near the largest number is none.
        let half = last / 2.0 - first / 2.0;
        let range = if half > 0.0 { (2.0 * half).min(f64::MAX) } else { median.abs() };
        (median, if range >= f64::MIN_POSITIVE { range } else { 1.0 })
    }

    pub(super) fn metrics(&self) -> usize {
        self.medians.len()
    }

    /// The row in ranges from the median; what is missing is at the median.
    pub(super) fn apply(&self, row: &[f64], scaled: &mut Vec<f64>) {
        scaled.clear();
        scaled.extend(row.iter().zip(&self.medians).zip(&self.ranges).map(|((value, median), range)| {
            let ranges = (value / 2.0 - median / 2.0) / range * 2.0;
            if ranges.is_nan() { 0.0 } else { ranges.clamp(-FARTHEST, FARTHEST) }
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
        let positive = self.ranges.iter().all(|range| range.is_finite() && *range > 0.0);
        if self.medians.is_empty() || self.medians.len() != self.ranges.len() || !finite || !positive {
            let expected = "a finite median and a positive range for each metric".to_owned();
            return Err(Error::ModelFile { expected, found: "others".into() });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_measured_in_ranges_from_the_median() {
        let rows = Table::new(vec![0.0, 5.0, f64::NAN, 1.0, 5.0, f64::NAN, 4.0, 5.0, f64::NAN], 3).unwrap();
        let scale = Scale::fit(&rows, Scaling::Range);
        let mut scaled = Vec::new();
        scale.apply(&[3.0, 6.0, 7.0], &mut scaled);
        assert_eq!(scaled, [0.5, 0.2, 7.0]);
        scale.apply(&[f64::NAN, 1e300, -1e300], &mut scaled);
        assert_eq!(scaled, [0.0, 1e4, -1e4]);
    }

    #[test]
    fn the_largest_numbers_stay_finite() {
        let rows = Table::new(vec![f64::MAX, f64::MIN, f64::MAX], 1).unwrap();
        let scale = Scale::fit(&rows, Scaling::Range);
        assert!(scale.check().is_ok(), "{scale:?}");
        let mut scaled = Vec::new();
        scale.apply(&[f64::MIN], &mut scaled);
        assert!(scaled[0].is_finite());
    }
}
