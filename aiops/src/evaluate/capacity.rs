//! Evaluation of a capacity forecaster.

use std::time::Duration;

use super::forecast::{coverage, mean, mean_interval_score, naive2, scaled_error, seasonal_scale, symmetric_percentage_error};
use crate::capacity::Forecast;
use crate::data::Series;
use crate::error::{Error, Result};
use crate::model::Forecaster;

/// A history, and what came after it.
#[derive(Debug, Clone, PartialEq)]
pub struct ForecastCase {
    /// The history.
    pub history: Series,
    /// What came; its length is the horizon.
    pub truth: Vec<f64>,
    /// The season, in steps, by which errors are scaled and which Naive2 has. The forecaster is not told.
    pub season: usize,
}

/// Means over the cases.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForecastScores {
    /// How many cases.
    pub cases: usize,
    /// sMAPE, in percent.
    pub smape: f64,
    /// MASE.
    pub mase: f64,
    /// sMAPE of Naive2.
    pub naive2_smape: f64,
    /// MASE of Naive2.
    pub naive2_mase: f64,
    /// The mean of sMAPE and MASE, each in units of that of Naive2.
    pub owa: f64,
    /// MSIS of the intervals at [`ForecastScores::LEVEL`].
    pub msis: f64,
    /// The share of values in them.
    pub coverage: f64,
    /// The time of the forecasts by the clock given, for one case.
    pub time: Duration,
}

impl ForecastScores {
    /// The level of the intervals that are scored, that of M4.
    pub const LEVEL: f64 = 0.95;
}

/// Forecasts each case and scores it. `clock` tells the time taken so far, of the processor for figures that hold on a shared
/// machine: `|| start.elapsed()` where there is none.
///
/// # Errors
/// [`Error::Data`] for no case, and for one whose history is constant over the season, since nothing can be scaled by it; those
/// of the forecaster.
pub fn evaluate_forecasts<F>(forecaster: &F, cases: &[ForecastCase], clock: impl Fn() -> Duration) -> Result<ForecastScores>
where
    F: Forecaster<Forecast = Forecast>,
{
    if cases.is_empty() {
        return Err(Error::data("evaluation", "at least one case", "none"));
    }
    let mut rows = Vec::with_capacity(cases.len());
    let mut time = Duration::ZERO;
    for case in cases {
        let history = case.history.values();
        let scale = seasonal_scale(history, case.season);
        // Not above zero: NaN too, from a missing value.
        if scale.is_nan() || scale <= 0.0 {
            let what = format!("case {}", case.history.metric);
            return Err(Error::data(what, "a history without gaps that differs from one season to the next", "another one"));
        }
        let start = clock();
        let forecast = forecaster.forecast(&case.history, case.truth.len(), &[ForecastScores::LEVEL])?;
        time += clock().saturating_sub(start);
        let values: Vec<f64> = forecast.points.iter().map(|point| point.value).collect();
        let intervals: Vec<(f64, f64)> =
            forecast.points.iter().flat_map(|point| &point.intervals).map(|interval| (interval.lower, interval.upper)).collect();
        let benchmark = naive2(history, case.season, case.truth.len());
        rows.push([
            symmetric_percentage_error(&values, &case.truth),
            scaled_error(&values, &case.truth, scale),
            symmetric_percentage_error(&benchmark, &case.truth),
            scaled_error(&benchmark, &case.truth, scale),
            mean_interval_score(&intervals, &case.truth, ForecastScores::LEVEL, scale),
            coverage(&intervals, &case.truth),
        ]);
    }
    let [smape, mase, naive2_smape, naive2_mase, msis, coverage] =
        std::array::from_fn(|column| mean(rows.iter().map(|row| row[column])));
    let owa = (smape / naive2_smape + mase / naive2_mase) / 2.0;
    let time = time.div_f64(cases.len() as f64);
    Ok(ForecastScores { cases: cases.len(), smape, mase, naive2_smape, naive2_mase, owa, msis, coverage, time })
}
