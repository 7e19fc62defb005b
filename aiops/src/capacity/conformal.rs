//! Intervals from the errors of the past.

use super::backtest::Residuals;
use super::order::weighted_quantile;

/// The spread of a step is taken over the steps within this share of the reach.
const NEAR: usize = 24;
/// For how many exchangeable errors the errors of one origin count at most. Split conformal prediction (Papadopoulos and others,
/// 2002) raises a level by 1 over the number of exchangeable errors; origins overlap by half and the errors of one resemble each
/// other, so that it has fewer than steps. Chosen on half of M4 Hourly, at origins up to eight days before its end.
const EXCHANGEABLE: usize = 3;
/// By how much the largest error is widened for each part of a level above 1 that too few origins ask for.
const BEYOND: f64 = 4.0;
/// In units of the largest value: below, a spread is rounding.
const ROUNDING: f64 = 1e-13;

/// The errors of the past in units of their local spread.
///
/// Split conformal intervals with scores `|error| / spread`, the spread being the mean absolute error around the step over all
/// origins (locally weighted conformal prediction, Lei and others, 2018), pooled over steps; origins count by their weights
/// (Barber and others, 2023), since those before a level shift resemble what comes less. Beyond the reach of the backtest, the
/// spread grows with the square root of the steps, as that of a random walk.
#[derive(Debug)]
pub(super) struct Conformal {
    spreads: Vec<f64>,
    /// For how many exchangeable errors each origin counts.
    exchangeable: usize,
    /// Scaled errors of each origin up to the reach, with its weight; zero where it is not known.
    paths: Vec<(f64, Vec<f64>)>,
    /// Every error in units of its spread, with its weight.
    scores: Vec<(f64, f64)>,
    /// The same without sign.
    sizes: Vec<(f64, f64)>,
}

impl Conformal {
    pub(super) fn new(residuals: &[Residuals], reach: usize, horizon: usize) -> Self {
        let near = reach / NEAR;
        let mut spreads: Vec<f64> = (0..reach)
            .map(|step| {
                let around = step.saturating_sub(near)..(step + near + 1).min(reach);
                let (mut sum, mut count) = (0.0, 0.0);
                for residuals in residuals {
                    for error in residuals.errors[around.clone()].iter().flatten() {
                        sum += error.abs() * residuals.weight;
                        count += residuals.weight;
                    }
                }
                if count > 0.0 { sum / count } else { 0.0 }
            })
            .collect();
        let last = spreads.last().copied().unwrap_or(0.0);
        spreads.extend((reach..horizon).map(|step| last * ((step + 1) as f64 / reach as f64).sqrt()));
        let mut scores = Vec::new();
        let mut paths = Vec::with_capacity(residuals.len());
        for residuals in residuals {
            let scaled = |(error, spread): (&Option<f64>, &f64)| error.filter(|_| *spread > ROUNDING).map(|error| error / spread);
            let path: Vec<Option<f64>> = residuals.errors.iter().zip(&spreads).map(scaled).collect();
            scores.extend(path.iter().flatten().map(|error| (*error, residuals.weight)));
            paths.push((residuals.weight, path.into_iter().map(|error| error.unwrap_or(0.0)).collect()));
        }
        let sizes = scores.iter().map(|(error, weight)| (error.abs(), *weight)).collect();
        Self { spreads, exchangeable: reach.min(EXCHANGEABLE), paths, scores, sizes }
    }

    /// How many spreads an interval of this level reaches below and above: never less for a higher level.
    ///
    /// To each side the mean of two: the quantile of the absolute scores, and that of the scores with their sign, of which each
    /// side leaves out half of what the level does. The first is steadier, the second knows that spikes go up.
    pub(super) fn factors(&mut self, level: f64) -> (f64, f64) {
        let share = level * (1.0 + 1.0 / (self.paths.len() * self.exchangeable).max(1) as f64);
        let wider = 1.0 + BEYOND * (share - 1.0).max(0.0);
        let tail = (1.0 - share.min(1.0)) / 2.0;
        let even = weighted_quantile(&mut self.sizes, share.min(1.0)).unwrap_or(0.0);
        let below = weighted_quantile(&mut self.scores, tail).unwrap_or(0.0);
        let above = weighted_quantile(&mut self.scores, 1.0 - tail).unwrap_or(0.0);
        let half = |own: f64| (even + own.max(0.0)) / 2.0 * wider;
        (half(-below), half(above))
    }

    /// The spread at a step.
    pub(super) fn spread(&self, step: usize) -> f64 {
        self.spreads[step]
    }

    /// What might come instead of the forecast: for each origin its errors added and taken away, widened as an interval of this
    /// level is, with the weight of the origin.
    pub(super) fn paths(&mut self, forecast: &[f64], level: f64) -> Vec<(f64, Vec<f64>)> {
        let (below, above) = self.factors(level);
        let plain = weighted_quantile(&mut self.sizes, level).unwrap_or(0.0);
        let wider = if plain > 0.0 { (below + above) / 2.0 / plain } else { 1.0 };
        let path = |errors: &[f64], sign: f64| {
            let last = errors.last().copied().unwrap_or(0.0);
            let errors = errors.iter().copied().chain(std::iter::repeat(last));
            let step = |((value, spread), error): ((&f64, &f64), f64)| value + sign * wider * spread * error;
            forecast.iter().zip(&self.spreads).zip(errors).map(step).collect::<Vec<f64>>()
        };
        self.paths.iter().flat_map(|(weight, errors)| [1.0, -1.0].map(|sign| (*weight, path(errors, sign)))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn residuals(origins: usize, steps: usize) -> Vec<Residuals> {
        let error = |origin: usize, step: usize| ((origin * 31 + step * 17) % 41) as f64 / 20.0 - 1.0;
        (0..origins)
            .map(|origin| Residuals { weight: 1.0, errors: (0..steps).map(|step| Some(error(origin, step))).collect() })
            .collect()
    }

    #[test]
    fn intervals_hold_their_share_of_the_errors_of_the_past() {
        let past = residuals(40, 10);
        let mut conformal = Conformal::new(&past, 10, 10);
        for level in [0.5, 0.8, 0.95] {
            let (below, above) = conformal.factors(level);
            let inside = past.iter().flat_map(|origin| origin.errors.iter().enumerate()).filter(|(step, error)| {
                let spread = conformal.spread(*step);
                (-below * spread..=above * spread).contains(&error.unwrap())
            });
            let share = inside.count() as f64 / 400.0;
            assert!((level - 0.01..level + 0.04).contains(&share), "{level}: {share}");
        }
    }

    #[test]
    fn a_higher_level_reaches_further_and_few_origins_further_still() {
        let mut few = Conformal::new(&residuals(2, 10), 10, 10);
        let mut last = (0.0, 0.0);
        for level in [0.1, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999] {
            let factors = few.factors(level);
            assert!(factors.0 >= last.0 && factors.1 >= last.1, "{level}: {factors:?}, {last:?}");
            last = factors;
        }
        let largest = few.sizes.last().unwrap().0;
        assert!(last.0 + last.1 > 2.0 * largest, "{last:?}, {largest}");
    }

    #[test]
    fn errors_of_one_sign_make_a_lopsided_interval() {
        let errors = |number: usize| Residuals { weight: 1.0, errors: vec![Some(number as f64), Some(1.0)] };
        let past: Vec<Residuals> = (0..20).map(errors).collect();
        let (below, above) = Conformal::new(&past, 2, 2).factors(0.9);
        assert!(below < 0.6 * above, "{below} {above}");
    }

    #[test]
    fn beyond_the_reach_the_spread_grows_and_without_errors_there_is_none() {
        let conformal = Conformal::new(&residuals(10, 4), 4, 16);
        assert!((conformal.spread(15) - 2.0 * conformal.spread(3)).abs() < 1e-12);
        let none = Residuals { weight: 1.0, errors: vec![None; 4] };
        let mut conformal = Conformal::new(&[none], 4, 4);
        assert_eq!((conformal.spread(3), conformal.factors(0.9)), (0.0, (0.0, 0.0)));
        assert_eq!(conformal.paths(&[1.0, 2.0, 3.0, 4.0], 0.9)[0].1, [1.0, 2.0, 3.0, 4.0]);
    }
}
