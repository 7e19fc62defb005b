//! Series as requests bring them.

use dharmagraph_aiops::data::Series;
use dharmagraph_cmdb::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::parameters::quoted;
use crate::problem::Problem;

const MICROSECONDS: i64 = 1_000_000;
/// The most characters of a metric's name; messages repeat it.
const NAME: usize = 200;

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
        let length = self.metric.chars().count();
        if !(1..=NAME).contains(&length) {
            let expected = format!("the name of what is measured, 1 to {NAME} characters");
            return Err(Problem::invalid("series.metric", expected, format!("{length} characters")));
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

/// The most series that are asked about at once.
const SERIES: usize = 512;

/// The checked series; each metric once.
///
/// # Errors
/// 400 `INVALID` that names the series, 422 `LIMIT_EXCEEDED`.
pub(super) fn all_series(bodies: Vec<SeriesBody>) -> Result<Vec<Series>, Problem> {
    if bodies.is_empty() {
        return Err(Problem::invalid("series", "at least one", "none"));
    }
    if bodies.len() > SERIES {
        return Err(dharmagraph_aiops::Error::TooMuch { what: "series".into(), limit: SERIES, found: bodies.len() }.into());
    }
    let mut all: Vec<Series> = Vec::with_capacity(bodies.len());
    for body in bodies {
        let series = body.series()?;
        if all.iter().any(|known| known.metric == series.metric) {
            return Err(Problem::invalid("series", "each metric once", format!("{} twice", quoted(&series.metric))));
        }
        all.push(series);
    }
    Ok(all)
}
