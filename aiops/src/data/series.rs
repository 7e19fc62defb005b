//! A metric over time.

use crate::error::{Error, Result};

/// The most points that a series has.
const POINTS: usize = 10_000_000;

/// A metric over time: one value every `step` seconds from `start` on, oldest first. `NaN` is a missing value; infinite values
/// are refused.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What is measured: `cpu_utilization`.
    pub metric: String,
    /// In what unit: `percent`.
    pub unit: Option<String>,
    /// The time of the first value, in seconds since 1970-01-01T00:00:00Z.
    pub start: i64,
    step: u32,
    values: Vec<f64>,
}

impl Series {
    /// A series with a step of at least one second.
    ///
    /// # Errors
    /// [`Error::Data`] for a step of zero and for an infinite value, which it names by its place; [`Error::TooMuch`] for more
    /// than 10,000,000.
    pub fn new(metric: impl Into<String>, unit: Option<String>, start: i64, step: u32, values: Vec<f64>) -> Result<Self> {
        let metric = metric.into();
        if step == 0 {
            return Err(Error::data(format!("series {metric}"), "a step of at least one second", "0"));
        }
        if values.len() > POINTS {
            return Err(Error::TooMuch { what: format!("series {metric}, in points"), limit: POINTS, found: values.len() });
        }
        if let Some(place) = values.iter().position(|value| value.is_infinite()) {
            let what = format!("series {metric}, point {}", place + 1);
            return Err(Error::data(what, "a finite number, or nothing where it is missing", "an infinite one"));
        }
        Ok(Self { metric, unit, start, step, values })
    }

    /// Seconds from one value to the next.
    #[must_use]
    pub const fn step(&self) -> u32 {
        self.step
    }

    /// The values, oldest first.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The time of the value at this place, also of one to come, in seconds since the epoch.
    #[must_use]
    pub fn time(&self, index: usize) -> i64 {
        let passed = i64::try_from(index).unwrap_or(i64::MAX).saturating_mul(i64::from(self.step));
        self.start.saturating_add(passed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_has_a_step_and_finite_values() {
        let series = Series::new("cpu", None, 100, 300, vec![1.0, f64::NAN]).unwrap();
        assert_eq!((series.time(0), series.time(3)), (100, 1000));
        assert!(Series::new("cpu", None, 0, 0, vec![1.0]).is_err());
        let error = Series::new("cpu", None, 0, 1, vec![1.0, f64::NEG_INFINITY]).unwrap_err().to_string();
        assert!(error.contains("series cpu, point 2"), "{error}");
    }
}
