//! Regression of a value on those before it and those a season before.

use super::Member;
use crate::capacity::least_squares::LeastSquares;
use crate::capacity::order::median;

/// The ridge penalty, in units of the variance: enough to keep neighbouring lags from cancelling each other out.
const PENALTY: f64 = 1e-3;
/// A lag is used where this many times of it are in the series.
const REPEATS: usize = 3;
/// How many rows per coefficient a fit needs.
const ROWS: usize = 4;
/// The longest way beyond the range of the history, in ranges, that a forecast goes.
const REACH: f64 = 1.0;

/// An autoregression (Yule, 1927) with lags around each season, as in a seasonal ARIMA model (Box and Jenkins, 1970), fitted by
/// ridge regression; forecasts feed on each other. On the fourth root, a season that grows with the level becomes a season that
/// does not; unlike the logarithm, it is defined at zero and exact on every machine.
#[derive(Debug)]
pub(in crate::capacity) struct Autoregression {
    wide: bool,
    root: bool,
    lags: Vec<usize>,
    /// The whole series, transformed, around `offset`; only what lies before an origin is read there.
    values: Vec<f64>,
    offset: f64,
    squares: LeastSquares,
    /// How many values are in the sums.
    seen: usize,
}

impl Autoregression {
    /// With neighbours of the seasons at distance one, or `wide`: at distance two, of the double season and of the difference of
    /// the seasons too.
    pub(in crate::capacity) fn new(values: &[f64], seasons: &[usize], wide: bool, root: bool) -> Self {
        let lags = lags(values.len(), seasons, wide);
        let transform = |value: &f64| if root { value.max(0.0).sqrt().sqrt() } else { *value };
        let mut values: Vec<f64> = values.iter().map(transform).collect();
        // Any number near to the values keeps the sums exact; coefficients do not depend on it.
        let offset = median(&mut values.clone()).unwrap_or(0.0);
        values.iter_mut().for_each(|value| *value -= offset);
        let squares = LeastSquares::new(lags.len());
        Self { wide, root, lags, values, offset, squares, seen: 0 }
    }

    /// Takes the rows up to this length of the history into the sums.
    fn learn(&mut self, length: usize, longest: usize) {
        let mut row = vec![0.0; self.lags.len() + 1];
        for place in self.seen.max(longest)..length {
            for (value, lag) in row.iter_mut().zip(&self.lags) {
                *value = self.values[place - lag];
            }
            row[self.lags.len()] = self.values[place];
            self.squares.add(&row, 1.0);
        }
        self.seen = self.seen.max(length);
    }
}

impl Member for Autoregression {
    fn name(&self) -> String {
        let wide = if self.wide { "wide " } else { "" };
        let root = if self.root { ", fourth root" } else { "" };
        format!("{wide}autoregression{root}")
    }

    fn forecast(&mut self, history: &[f64], out: &mut [f64]) -> bool {
        let Some(longest) = self.lags.iter().copied().max() else { return false };
        let length = history.len().min(self.values.len());
        if length < longest + ROWS * self.lags.len() {
            return false;
        }
        self.learn(length, longest);
        let Some(coefficients) = self.squares.solve(PENALTY) else { return false };
        let known = &self.values[..length];
        let (low, high) = known.iter().fold((f64::MAX, f64::MIN), |(low, high), value| (value.min(low), value.max(high)));
        let (low, high) = (low - REACH * (high - low), high + REACH * (high - low));
        let mut path = known[length - longest..].to_vec();
        for value in out {
            let sum: f64 = self.lags.iter().zip(&coefficients).map(|(lag, weight)| path[path.len() - lag] * weight).sum();
            let next = (sum + coefficients[self.lags.len()]).clamp(low, high);
            path.push(next);
            let back = next + self.offset;
            *value = if self.root { back.max(0.0).powi(4) } else { back };
        }
        true
    }
}

/// The lags, shortest first.
fn lags(count: usize, seasons: &[usize], wide: bool) -> Vec<usize> {
    let mut lags = vec![1, 2];
    let distance = if wide { 2 } else { 1 };
    if wide {
        lags.push(3);
    }
    for (number, season) in seasons.iter().enumerate() {
        let distance = if number == 0 { distance } else { 1 };
        lags.extend(season.saturating_sub(distance)..=season + distance);
        if wide && number == 0 {
            lags.extend(2 * season - 1..=2 * season + 1);
        }
    }
    if let ([short, long], true) = (seasons, wide) {
        lags.extend(long - short - 1..=long - short + 1);
    }
    if seasons.is_empty() && wide {
        lags.extend([6, 12, 24, 48]);
    }
    lags.retain(|lag| *lag > 0 && *lag * REPEATS <= count);
    lags.sort_unstable();
    lags.dedup();
    lags
}
