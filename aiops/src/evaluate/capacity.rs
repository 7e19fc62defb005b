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
    /// What came; its length is the horizon. Steps that are missing are forecast and not scored.
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
/// [`Error::Data`] for no case, for one whose history is constant over the season, since nothing can be scaled by it, and for one
/// of which nothing came; those of the forecaster.
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
        let what = || format!("case {}", case.history.metric);
        if scale <= 0.0 {
            return Err(Error::data(what(), "a history that differs from one season to the next", "one that does not"));
        }
        let (steps, truth): (Vec<usize>, Vec<f64>) =
            case.truth.iter().copied().enumerate().filter(|(_, came)| !came.is_nan()).unzip();
        if steps.is_empty() {
            return Err(Error::data(what(), "values that came after the history", "none"));
        }
        let start = clock();
        let forecast = forecaster.forecast(&case.history, case.truth.len(), &[ForecastScores::LEVEL])?;
        time += clock().saturating_sub(start);
        let points = || steps.iter().filter_map(|step| forecast.points.get(*step));
        let values: Vec<f64> = points().map(|point| point.value).collect();
        let intervals: Vec<(f64, f64)> =
            points().flat_map(|point| &point.intervals).map(|interval| (interval.lower, interval.upper)).collect();
        let benchmark = naive2(history, case.season, case.truth.len());
        let benchmark: Vec<f64> = steps.iter().filter_map(|step| benchmark.get(*step).copied()).collect();
        rows.push([
            symmetric_percentage_error(&values, &truth),
            scaled_error(&values, &truth, scale),
            symmetric_percentage_error(&benchmark, &truth),
            scaled_error(&benchmark, &truth, scale),
            mean_interval_score(&intervals, &truth, ForecastScores::LEVEL, scale),
            coverage(&intervals, &truth),
        ]);
    }
    let [smape, mase, naive2_smape, naive2_mase, msis, coverage] =
        std::array::from_fn(|column| mean(rows.iter().map(|row| row[column])));
    let owa = (smape / naive2_smape + mase / naive2_mase) / 2.0;
    let time = time.div_f64(cases.len() as f64);
    Ok(ForecastScores { cases: cases.len(), smape, mase, naive2_smape, naive2_mase, owa, msis, coverage, time })
}
