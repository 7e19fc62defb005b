//! What a forecast says.

use serde::{Deserialize, Serialize};

use crate::model::Warning;

/// How a series goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// One point for each step of the horizon, the first right after the last value of the series.
    #[serde(rename = "forecast")]
    pub points: Vec<Point>,
    /// When the limit is reached; `None` without a limit, and where not even the earliest path reaches it within the horizon.
    pub exhaustion: Option<Exhaustion>,
    /// The seasons found in the series, shortest first; none is a finding too.
    pub seasonality: Vec<Season>,
    /// The members that the forecast is made of and their mean weights, which sum to 1; those without weight are left out.
    pub members: Vec<Member>,
    /// What to be careful with.
    pub warnings: Vec<Warning>,
}

/// The forecast for one step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Its time, in seconds since 1970-01-01T00:00:00Z.
    pub time: i64,
    /// What is expected.
    pub value: f64,
    /// One for each level that was asked for, in that order.
    pub intervals: Vec<Interval>,
}

/// Where the value lies with a probability of `level`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The probability, in (0, 1).
    pub level: f64,
    /// Not above the value.
    pub lower: f64,
    /// Not below the value.
    pub upper: f64,
}

/// When the limit is reached first: the first step at or beyond it, which is the first one of all for a series that is there.
///
/// `earliest` and `latest` bound the date with a probability of `level`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Exhaustion {
    /// The time at which the forecast itself reaches it; `None` where it does not within the horizon.
    pub expected: Option<i64>,
    /// Not after `expected`.
    pub earliest: i64,
    /// Not before `expected`; `None` where it may be beyond the horizon.
    pub latest: Option<i64>,
    /// The probability that the date lies between the two: the highest of the levels asked for, .95 where there is none.
    pub level: f64,
}

/// A season found in the series.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Season {
    /// Its length in steps.
    pub period: usize,
    /// Its length in seconds.
    pub seconds: u64,
    /// The autocorrelation at that lag after a straight line was taken away, in (0, 1].
    pub strength: f64,
}

/// A part of the ensemble.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// What it does: `last`, `autoregression, fourth root`.
    pub name: String,
    /// Its weight, the mean over the horizon.
    pub weight: f64,
}
