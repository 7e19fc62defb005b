//! Features of what was measured up to now.

use serde::{Deserialize, Serialize};

use crate::data::{Feature, FeatureKind, Schema, Table};
use crate::error::{Error, Result};

/// The most windows.
const WINDOWS: usize = 16;
/// The longest window, in points.
const LONGEST: usize = 100_000;
/// The most points in the windows of all rows together: some tens of seconds of work.
const POINTS: usize = 20_000_000_000;

/// The feature beside those of the metrics: how many points there are up to now.
pub const AGE: &str = "age";

/// Which features are made of each metric, from its points up to some time and none after it.
///
/// For each metric: its last value, its mean over each window, its slope over the longest, and its drift, the difference of its mean over the shortest window and over its first points. Missing points are left out; a feature of nothing
/// is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Windows {
    lengths: Vec<usize>,
    first: usize,
}

impl Default for Windows {
    /// Windows of 10 and 30 points, and the first 5 as the start: as in the studies of NASA's engines, where 30 cycles is the
    /// length most used.
    fn default() -> Self {
        Self { lengths: vec![10, 30], first: 5 }
    }
}

impl Windows {
    /// Windows of these lengths in points, ascending; drift is counted from the mean of the first `first` points.
    ///
    /// # Errors
    /// [`Error::Parameter`] for no window, more than 16, one that is not longer than that before, one below 2 or above 100,000,
    /// and for a `first` outside of that.
    pub fn new(lengths: Vec<usize>, first: usize) -> Result<Self> {
        let windows = Self { lengths, first };
        windows.check()?;
        Ok(windows)
    }

    /// Checks what was made or read.
    pub(super) fn check(&self) -> Result<()> {
        let ascending = self.lengths.windows(2).all(|pair| pair[0] < pair[1]);
        let range = |length: &usize| (2..=LONGEST).contains(length);
        if self.lengths.is_empty() || self.lengths.len() > WINDOWS || !ascending || !self.lengths.iter().all(range) {
            let expected = "1 to 16 lengths from 2 to 100,000, ascending";
            return Err(Error::Parameter { name: "windows", expected, found: format!("{:?}", self.lengths) });
        }
        if !(1..=LONGEST).contains(&self.first) {
            return Err(Error::Parameter { name: "first", expected: "1 to 100,000 points", found: self.first.to_string() });
        }
        Ok(())
    }

    /// The names of a metric's features, in their order: `cpu.last`, `cpu.mean_10`, ..., `cpu.slope`, `cpu.drift`.
    #[must_use]
    pub fn names(&self, metric: &str) -> Vec<String> {
        let means = self.lengths.iter().map(|length| format!("{metric}.mean_{length}"));
        let first = std::iter::once(format!("{metric}.last"));
        first.chain(means).chain(["slope", "drift"].map(|name| format!("{metric}.{name}"))).collect()
    }

    /// How many features there are of each metric.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lengths.len() + 3
    }

    /// Adds the features of a metric's points, oldest first, to `features`.
    pub fn add(&self, points: &[f64], features: &mut Vec<f64>) {
        let newest = points.iter().rev().copied().find(|value| !value.is_nan()).unwrap_or(f64::NAN);
        self.add_after(newest, points, features);
    }

    /// The same, where the last value that is not missing is known.
    fn add_after(&self, newest: f64, points: &[f64], features: &mut Vec<f64>) {
        let last = |length: usize| &points[points.len().saturating_sub(length)..];
        features.push(newest);
        features.extend(self.lengths.iter().map(|length| mean(last(*length))));
        let (shortest, longest) = (self.lengths.first().map_or(2, |l| *l), self.lengths.last().map_or(2, |l| *l));
        let slope = slope(last(longest));
        let drift = mean(last(shortest)) - mean(&points[..points.len().min(self.first)]);
        features.extend([slope, drift].map(|value| if value.is_finite() { value } else { f64::NAN }));
    }

    /// The schema of the features of some metrics: [`AGE`], then those of each numeric one, then the categories as they are.
    ///
    /// # Errors
    /// As [`Schema::new`].
    pub fn schema(&self, metrics: &Schema) -> Result<Schema> {
        let mut features = vec![Feature { name: AGE.into(), unit: None, kind: FeatureKind::Numeric }];
        for metric in metrics.features() {
            if metric.kind == FeatureKind::Numeric {
                let feature = |name| Feature { name, unit: metric.unit.clone(), kind: FeatureKind::Numeric };
                features.extend(self.names(&metric.name).into_iter().map(feature));
            } else {
                features.push(metric.clone());
            }
        }
        Schema::new(features)
    }

    /// Refuses rows whose windows hold more points than are looked at in some tens of seconds.
    fn check_work(&self, rows: &Table, units: &[u64]) -> Result<()> {
        let longest = self.lengths.last().copied().unwrap_or(0) + self.lengths.iter().sum::<usize>() + self.first;
        let of_unit = |rows: &[u64]| rows.len().saturating_mul(longest.min(rows.len().saturating_mul(WINDOWS)));
        let points = units.chunk_by(|a, b| a == b).map(of_unit).fold(0_usize, usize::saturating_add);
        let found = points.saturating_mul(rows.columns());
        if found <= POINTS {
            return Ok(());
        }
        Err(Error::TooMuch { what: "the windows of all rows, in points,".into(), limit: POINTS, found })
    }

    /// Features of each row's history: all rows of its unit up to it.
    pub(super) fn expand(&self, metrics: &Schema, rows: &Table, units: &[u64]) -> Result<(Schema, Table)> {
        let schema = self.schema(metrics)?;
        let columns: Vec<Vec<f64>> = (0..metrics.len()).map(|metric| rows.column(metric).collect()).collect();
        self.check_work(rows, units)?;
        let mut values = Vec::with_capacity(rows.rows() * schema.len());
        let mut begun = std::collections::BTreeSet::new();
        let mut start = 0;
        let mut newest = vec![f64::NAN; metrics.len()];
        for row in 0..rows.rows() {
            if row == 0 || units[row] != units[row - 1] {
                start = row;
                newest.fill(f64::NAN);
                if !begun.insert(units[row]) {
                    let found = format!("unit {} again in row {}", units[row], row + 1);
                    return Err(Error::data("units", "rows of a unit that follow each other", found));
                }
            }
            values.push((row - start + 1) as f64);
            for ((metric, column), newest) in metrics.features().iter().zip(&columns).zip(&mut newest) {
                *newest = if column[row].is_nan() { *newest } else { column[row] };
                if metric.kind == FeatureKind::Numeric {
                    self.add_after(*newest, &column[start..=row], &mut values);
                } else {
                    values.push(column[row]);
                }
            }
        }
        Ok((schema.clone(), Table::new(values, schema.len())?))
    }
}

/// The mean of what is there; `NaN` if nothing is, or if it is beyond all numbers.
fn mean(points: &[f64]) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for point in points.iter().filter(|point| !point.is_nan()) {
        sum += point;
        count += 1.0;
    }
    let mean = sum / count;
    if mean.is_finite() { mean } else { f64::NAN }
}

/// The least-squares slope, per point, of what is there.
fn slope(points: &[f64]) -> f64 {
    let mean = mean(points);
    let (mut places, mut count) = (0.0, 0.0);
    for (place, point) in (0_u32..).zip(points) {
        if !point.is_nan() {
            places += f64::from(place);
            count += 1.0;
        }
    }
    let middle = places / count;
    let (mut both, mut squares) = (0.0, 0.0);
    for (place, point) in (0_u32..).zip(points).filter(|(_, point)| !point.is_nan()) {
        let distance = f64::from(place) - middle;
        both += distance * (point - mean);
        squares += distance * distance;
    }
    both / squares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_of_the_points_up_to_now() {
        let windows = Windows::new(vec![2, 4], 2).unwrap();
        let mut features = Vec::new();
        windows.add(&[1.0, 3.0, 5.0, f64::NAN, 9.0, 11.0], &mut features);
        assert_eq!(features.len(), windows.count());
        assert_eq!(windows.names("cpu"), ["cpu.last", "cpu.mean_2", "cpu.mean_4", "cpu.slope", "cpu.drift"]);
        assert_eq!(features[..4], [11.0, 10.0, 25.0 / 3.0, 2.0]);
        assert_eq!(features[4], 8.0);
    }

    #[test]
    fn nothing_and_too_much_are_missing() {
        for points in [&[][..], &[f64::NAN; 9], &[f64::MAX; 40], &[f64::MAX, f64::MIN, f64::MAX]] {
            let mut features = Vec::new();
            Windows::default().add(points, &mut features);
            assert!(features.iter().all(|value| !value.is_infinite()), "{features:?}");
        }
    }

    #[test]
    fn windows_are_checked() {
        assert!(Windows::new(vec![], 5).is_err());
        assert!(Windows::new(vec![30, 10], 5).is_err());
        assert!(Windows::new(vec![1], 5).is_err());
        assert!(Windows::new(vec![10], 0).is_err());
    }
}
