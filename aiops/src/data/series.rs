//! A metric over time.

use crate::error::{Error, Result};
use crate::model::Warning;

/// The most points that a series has.
const POINTS: usize = 10_000_000;
/// Missing values above this share are warned of.
pub(super) const MISSING: f64 = 0.2;

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

    /// What to be careful about, whatever is made of it: every value is missing or the same, more than a fifth is missing, or
    /// there are values that its unit does not have, which are those outside of 0 to 100 for `percent` and of 0 to 1 for `ratio`.
    #[must_use]
    pub fn concerns(&self) -> Vec<Warning> {
        let what = || format!("series {}", self.metric);
        let (mut least, mut most, mut known) = (f64::INFINITY, f64::NEG_INFINITY, 0_usize);
        for value in self.values.iter().filter(|value| !value.is_nan()) {
            (least, most, known) = (least.min(*value), most.max(*value), known + 1);
        }
        let mut warnings = Vec::new();
        let share = 1.0 - known as f64 / self.values.len().max(1) as f64;
        if share > MISSING {
            warnings.push(Warning::Missing { what: what(), share });
        }
        if known > 1 && least == most {
            warnings.push(Warning::Constant { what: what() });
        }
        let scale = match self.unit.as_deref() {
            Some("percent") => 100.0,
            Some("ratio") => 1.0,
            _ => f64::INFINITY,
        };
        if scale.is_finite() && known > 0 && (least < 0.0 || most > scale) {
            let value = if most > scale { most } else { least };
            warnings.push(Warning::OutOfUnit { what: what(), unit: self.unit.clone().unwrap_or_default(), value });
        }
        warnings
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
    fn what_is_missing_constant_or_beyond_its_unit_is_told() {
        let concerns = |unit: &str, values: Vec<f64>| Series::new("m", Some(unit.into()), 0, 1, values).unwrap().concerns();
        assert!(concerns("percent", vec![0.0, 40.0, 100.0, f64::NAN, 3.0]).is_empty());
        assert!(concerns("bytes", vec![-1.0, 4e9]).is_empty());
        let what = || "series m".to_owned();
        let out = |unit: &str, value| Warning::OutOfUnit { what: what(), unit: unit.into(), value };
        assert_eq!(concerns("ratio", vec![0.5, 41.0, -3.0]), [out("ratio", 41.0)]);
        assert_eq!(concerns("percent", vec![0.5, 41.0, -3.0]), [out("percent", -3.0)]);
        assert_eq!(concerns("bytes", vec![5.0; 9]), [Warning::Constant { what: what() }]);
        assert_eq!(concerns("bytes", vec![f64::NAN; 9]), [Warning::Missing { what: what(), share: 1.0 }]);
        assert_eq!(concerns("bytes", vec![1.0, 2.0, f64::NAN, f64::NAN]), [Warning::Missing { what: what(), share: 0.5 }]);
    }

    #[test]
    fn a_series_has_a_step_and_finite_values() {
        let series = Series::new("cpu", None, 100, 300, vec![1.0, f64::NAN]).unwrap();
        assert_eq!((series.time(0), series.time(3)), (100, 1000));
        assert!(Series::new("cpu", None, 0, 0, vec![1.0]).is_err());
        let error = Series::new("cpu", None, 0, 1, vec![1.0, f64::NEG_INFINITY]).unwrap_err().to_string();
        assert!(error.contains("series cpu, point 2"), "{error}");
    }
}
