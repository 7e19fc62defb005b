//! Series as requests bring them.

use dharmagraph_aiops::data::Series;
use dharmagraph_cmdb::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::problem::Problem;

const MICROSECONDS: i64 = 1_000_000;

/// A metric over time: one value every so many seconds, oldest first.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeriesBody {
    /// What is measured.
    #[schema(example = "cpu_utilization")]
    metric: String,
    /// In which unit.
    #[schema(example = "percent")]
    unit: Option<String>,
    /// The time of the first value, RFC 3339.
    #[schema(value_type = String, example = "2025-01-18T00:00:00Z")]
    start: Timestamp,
    /// From one value to the next.
    #[schema(minimum = 1, example = 300)]
    step_seconds: u32,
    /// The values; null where one is missing.
    values: Vec<Option<f64>>,
}

impl SeriesBody {
    /// The checked series.
    ///
    /// # Errors
    /// 400 `INVALID`, 422 `LIMIT_EXCEEDED`.
    pub(super) fn series(self) -> Result<Series, Problem> {
        if self.metric.is_empty() {
            return Err(Problem::invalid("series.metric", "the name of what is measured", "empty text"));
        }
        let values = self.values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect();
        let start = self.start.as_micros().div_euclid(MICROSECONDS);
        Ok(Series::new(self.metric, self.unit, start, self.step_seconds, values)?)
    }
}

/// A time that a model gives in seconds since the epoch.
pub(super) fn time(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds.saturating_mul(MICROSECONDS))
}

/// A time that a model gives in milliseconds since the epoch.
pub(super) fn time_of_milliseconds(milliseconds: i64) -> Timestamp {
    Timestamp::from_micros(milliseconds.saturating_mul(1000))
}
