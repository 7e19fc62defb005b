//! Measures of forecasts, as the M4 competition defines them (Makridakis, Spiliotis and Assimakopoulos, 2020).

/// sMAPE in percent: the mean of `200 |forecast - truth| / (|forecast| + |truth|)`; a step where both are zero counts as zero.
#[must_use]
pub fn symmetric_percentage_error(forecast: &[f64], truth: &[f64]) -> f64 {
    let error = |said: f64, came: f64| {
        let size = said.abs() + came.abs();
        if size > 0.0 { 200.0 * (said - came).abs() / size } else { 0.0 }
    };
    mean(forecast.iter().zip(truth).map(|(said, came)| error(*said, *came)))
}

/// What errors are scaled by: the mean absolute error of the seasonal naive forecast within the history, over the pairs of which
/// neither value is missing. Zero for a history that is not longer than the season.
#[must_use]
pub fn seasonal_scale(history: &[f64], season: usize) -> f64 {
    let later = history.get(season..).unwrap_or_default();
    mean(later.iter().zip(history).map(|(now, before)| (now - before).abs()).filter(|error| !error.is_nan()))
}

/// MASE: the mean absolute error in units of the scale (Hyndman and Koehler, 2006).
#[must_use]
pub fn scaled_error(forecast: &[f64], truth: &[f64], scale: f64) -> f64 {
    mean(forecast.iter().zip(truth).map(|(said, came)| (said - came).abs())) / scale
}

/// MSIS: the mean width of the intervals, each miss added at `2 / (1 - level)` times how far off it is (Gneiting and Raftery,
/// 2007), in units of the scale.
#[must_use]
pub fn mean_interval_score(intervals: &[(f64, f64)], truth: &[f64], level: f64, scale: f64) -> f64 {
    let missed = 2.0 / (1.0 - level);
    let score =
        |(lower, upper): (f64, f64), came: f64| upper - lower + missed * ((lower - came).max(0.0) + (came - upper).max(0.0));
    mean(intervals.iter().zip(truth).map(|(interval, came)| score(*interval, *came))) / scale
}

/// The share of values inside their intervals.
#[must_use]
pub fn coverage(intervals: &[(f64, f64)], truth: &[f64]) -> f64 {
    mean(intervals.iter().zip(truth).map(|((lower, upper), came)| f64::from(u8::from(lower <= came && came <= upper))))
}

/// Naive2, the benchmark that M4 measures by: the last value of the series without its season goes on, with the season where
/// there is one. Seasonal is a series of at least three seasons whose autocorrelation at the season is significant at 90 %
/// (`|r| > 1.645 sqrt((1 + 2 sum r^2) / n)`); its indexes are those of the classical multiplicative decomposition. A missing value
/// is taken to be the one before it, at the beginning the first that is there; where the decomposition has no numbers, since
/// values around zero cannot be divided, there is no season.
#[must_use]
pub fn naive2(history: &[f64], season: usize, horizon: usize) -> Vec<f64> {
    let history = &filled(history);
    let Some(last) = history.last() else { return Vec::new() };
    if season < 2 || !is_seasonal(history, season) {
        return vec![*last; horizon];
    }
    let indexes = seasonal_indexes(history, season);
    // A moving average of zero has no ratio to it.
    if indexes.iter().any(|index| !index.is_normal()) {
        return vec![*last; horizon];
    }
    let level = last / indexes[(history.len() - 1) % season];
    (0..horizon).map(|step| level * indexes[(history.len() + step) % season]).collect()
}

fn filled(history: &[f64]) -> Vec<f64> {
    let mut last = history.iter().copied().find(|value| !value.is_nan()).unwrap_or_default();
    let mut fill = |value: &f64| {
        if !value.is_nan() {
            last = *value;
        }
        last
    };
    history.iter().map(&mut fill).collect()
}

fn is_seasonal(history: &[f64], season: usize) -> bool {
    if history.len() < 3 * season {
        return false;
    }
    let centre = mean(history.iter().copied());
    let product = |lag: usize| -> f64 { history[lag..].iter().zip(history).map(|(a, b)| (a - centre) * (b - centre)).sum() };
    let variance = product(0);
    let correlation = |lag: usize| product(lag) / variance;
    let squares: f64 = (1..season).map(|lag| correlation(lag).powi(2)).sum();
    variance > 0.0 && correlation(season).abs() > 1.645 * ((1.0 + 2.0 * squares) / history.len() as f64).sqrt()
}

/// The mean ratio of each phase to the centred moving average, scaled to a mean of 1.
fn seasonal_indexes(history: &[f64], season: usize) -> Vec<f64> {
    let half = season / 2;
    let (mut sums, mut counts) = (vec![0.0; season], vec![0.0; season]);
    for place in half..history.len() - half {
        let window = &history[place - half..=place + half];
        let ends = if season.is_multiple_of(2) { (window[0] + window[2 * half]) / 2.0 } else { 0.0 };
        let sum: f64 = window.iter().sum();
        let average = (sum - ends) / season as f64;
        sums[place % season] += history[place] / average;
        counts[place % season] += 1.0;
    }
    let indexes: Vec<f64> = sums.iter().zip(&counts).map(|(sum, count)| sum / count).collect();
    let whole = mean(indexes.iter().copied());
    indexes.iter().map(|index| index / whole).collect()
}

/// The mean; zero of nothing.
pub(super) fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, count) = values.into_iter().fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn errors_are_as_worked_out_by_hand() {
        // 200 * 1 / 3, 200 * 2 / 8, and 0 for 0 against 0.
        assert!(near(symmetric_percentage_error(&[1.0, 5.0, 0.0], &[2.0, 3.0, 0.0]), (200.0 / 3.0 + 50.0) / 3.0));
        // |3 - 1|, |5 - 2|, |4 - 3|.
        assert!(near(seasonal_scale(&[1.0, 2.0, 3.0, 5.0, 4.0], 2), 2.0));
        assert!(near(scaled_error(&[1.0, 2.0], &[2.0, 5.0], 2.0), 1.0));
        assert_eq!(seasonal_scale(&[1.0], 2), 0.0);
    }

    #[test]
    fn a_miss_costs_forty_times_its_distance_at_95_percent() {
        let intervals = [(0.0, 2.0), (0.0, 2.0), (0.0, 2.0), (0.0, 2.0)];
        let truth = [1.0, 2.5, -1.0, 2.0];
        assert!((mean_interval_score(&intervals, &truth, 0.95, 2.0) - (8.0 + 40.0 * 1.5) / 4.0 / 2.0).abs() < 1e-9);
        assert!(near(coverage(&intervals, &truth), 0.5));
    }

    #[test]
    fn naive2_repeats_a_multiplicative_season_and_keeps_the_last_value_without_one() {
        let history: Vec<f64> = (0..16).map(|place| [1.0, 2.0, 3.0, 2.0][place % 4] * 10.0).collect();
        let forecast = naive2(&history, 4, 6);
        for (said, came) in forecast.iter().zip([10.0, 20.0, 30.0, 20.0, 10.0, 20.0]) {
            assert!((said - came).abs() < 1e-9, "{forecast:?}");
        }
        assert_eq!(naive2(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], 4, 2), [9.0, 9.0]);
        assert_eq!(naive2(&[5.0; 20], 4, 2), [5.0, 5.0]);
        let mut nothing = [1.0, 2.0, 3.0, 2.0].repeat(10);
        nothing[8..24].fill(0.0);
        assert_eq!(naive2(&nothing, 4, 2), [2.0, 2.0]);
        assert!(naive2(&[], 4, 2).is_empty());
    }

    #[test]
    fn gaps_are_no_part_of_the_scale_and_naive2_goes_on_over_them() {
        assert!(near(seasonal_scale(&[1.0, f64::NAN, 3.0, 5.0, 4.0], 2), 1.5));
        assert_eq!(naive2(&[f64::NAN, 7.0, 3.0, f64::NAN], 24, 2), [3.0, 3.0]);
        assert_eq!(naive2(&[f64::NAN; 3], 24, 1), [0.0]);
    }
}
