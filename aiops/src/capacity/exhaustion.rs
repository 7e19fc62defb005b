//! When a series reaches its limit.

use serde::{Deserialize, Serialize};

use super::order::weighted_quantile;

/// A value that must not be reached.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// In the unit of the series.
    pub value: f64,
    /// From where it is reached.
    #[serde(default)]
    pub side: Side,
}

/// From where a limit is reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// From below: a disk that fills.
    #[default]
    Upper,
    /// From above: free space that runs out.
    Lower,
}

impl Limit {
    /// The first step at which a path is at the limit or beyond.
    fn reached(self, path: impl IntoIterator<Item = f64>) -> Option<usize> {
        path.into_iter().position(|value| match self.side {
            Side::Upper => value >= self.value,
            Side::Lower => value <= self.value,
        })
    }
}

/// The steps at which a limit is reached: `expected` by the forecast itself; no earlier than `earliest` and no later than
/// `latest` with the probability of the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reached {
    pub(super) expected: Option<usize>,
    pub(super) earliest: usize,
    pub(super) latest: Option<usize>,
}

/// When the forecast and the paths around it reach the limit; `None` where too few of them do for the level.
pub(super) fn reached(limit: Limit, forecast: &[f64], paths: &[(f64, Vec<f64>)], level: f64) -> Option<Reached> {
    let expected = limit.reached(forecast.iter().copied());
    let step = |found: Option<usize>| found.map_or(f64::INFINITY, |step| step as f64);
    let mut steps: Vec<(f64, f64)> =
        paths.iter().map(|(weight, path)| (step(limit.reached(path.iter().copied())), *weight)).collect();
    let tail = (1.0 - level) / 2.0;
    let earliest = weighted_quantile(&mut steps, tail).unwrap_or(f64::INFINITY).min(step(expected));
    let latest = weighted_quantile(&mut steps, 1.0 - tail).unwrap_or(f64::INFINITY).max(step(expected));
    // A step is far below 2^53, so that it comes back as it was.
    let back = |step: f64| step.is_finite().then_some(step as usize);
    Some(Reached { expected, earliest: back(earliest)?, latest: back(latest) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forecast_lies_between_the_earliest_and_the_latest_path() {
        let limit = Limit { value: 10.0, side: Side::Upper };
        let rising = |start: f64| (0..10).map(|step| start + f64::from(step)).collect::<Vec<f64>>();
        let paths = [(1.0, rising(7.0)), (1.0, rising(3.0))];
        let found = reached(limit, &rising(5.0), &paths, 0.9).unwrap();
        assert_eq!(found, Reached { expected: Some(5), earliest: 3, latest: Some(7) });
        let late = [(1.0, rising(7.0)), (1.0, rising(-5.0))];
        assert_eq!(reached(limit, &rising(0.5), &late, 0.9), Some(Reached { expected: None, earliest: 3, latest: None }));
        assert_eq!(reached(limit, &[1.0; 10], &[(1.0, vec![2.0; 10])], 0.9), None);
    }

    #[test]
    fn a_lower_limit_is_reached_from_above() {
        let limit = Limit { value: 0.0, side: Side::Lower };
        let found = reached(limit, &[2.0, 1.0, 0.0], &[(1.0, vec![1.0, 0.0, -1.0])], 0.5).unwrap();
        assert_eq!(found, Reached { expected: Some(2), earliest: 1, latest: Some(2) });
    }
}
