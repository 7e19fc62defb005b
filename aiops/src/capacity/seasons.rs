//! Finds the seasons of a series.

use super::autocorrelation::Autocorrelation;

/// A season may be at most this share of the series: it must have come back twice.
const REPEATS: usize = 3;
/// How many points the autocorrelation is taken over where lags are long; a longer series is averaged down to about that.
const COARSE: usize = 1_024;
/// The autocorrelation that a season has at least.
const STRENGTH: f64 = 0.1;
/// How far it is at least above the lowest one at shorter lags: a slow wander is strong at every lag, a season is not.
const PROMINENCE: f64 = 0.1;
/// A peak of this share of the highest one is a season all the same: the highest is often a multiple.
const AS_HIGH: f64 = 0.5;
/// A season of the calendar is taken for a lag near to it from this share of its autocorrelation on.
const SLIGHTLY_LESS: f64 = 0.9;
/// How far a multiple is above its neighbours, unless it is one of the calendar: each multiple of a season is about as high.
const CLEARLY: f64 = 0.02;
/// Lags are compared up to this share of each other when they may be the same season.
const NEAR: f64 = 0.05;
/// What clocks and calendars repeat: an hour, a day, a week, in seconds.
const CALENDAR: [u64; 3] = [3_600, 86_400, 604_800];

/// A season: its length in steps, and the autocorrelation at that lag.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    pub(super) period: usize,
    pub(super) strength: f64,
}

/// At most two seasons, the shorter one first: the shortest lag at which the autocorrelation of the series without its straight
/// line peaks about as high as anywhere, and the multiple of it at which it peaks among multiples. Those of the calendar are
/// preferred to others about as strong: nothing is a season because of the clock alone.
pub(super) fn seasons(values: &[f64], step: u32) -> Vec<Found> {
    let longest = values.len() / REPEATS;
    let Some(correlation) = Autocorrelation::new(values) else { return Vec::new() };
    let calendar = calendar(step);
    let peaks = peaks(&correlation, longest);
    let highest = peaks.iter().map(|peak| peak.strength).fold(0.0, f64::max);
    let Some(shortest) = peaks.iter().find(|peak| peak.strength >= AS_HIGH * highest) else { return Vec::new() };
    let shortest = exactly(*shortest, &correlation, coarseness(values.len()));
    let near = |period: usize| period.abs_diff(shortest.period) as f64 <= NEAR * shortest.period as f64;
    let shortest = calendar
        .iter()
        .filter(|period| **period >= 2 && **period <= longest && near(**period))
        .map(|period| Found { period: *period, strength: correlation.at(*period) })
        .find(|season| season.strength >= SLIGHTLY_LESS * shortest.strength)
        .unwrap_or(shortest);
    // At each multiple, and at one beyond the last.
    let heights: Vec<f64> = (1..=longest / shortest.period + 1).map(|times| correlation.at(times * shortest.period)).collect();
    let multiple = |(number, around): (usize, &[f64])| {
        let (period, strength) = ((number + 2) * shortest.period, around[1]);
        // One of the calendar may have a neighbour above it, where a slow wander lifts the shorter lags.
        let above = if calendar.contains(&period) { (around[0] + around[2]) / 2.0 } else { around[0].max(around[2]) + CLEARLY };
        (strength >= STRENGTH && strength > above).then_some(Found { period, strength })
    };
    let multiples: Vec<Found> = heights.windows(3).enumerate().filter_map(multiple).collect();
    let highest = multiples.iter().map(|found| found.strength).fold(0.0, f64::max);
    let known = multiples.iter().find(|found| calendar.contains(&found.period) && found.strength >= AS_HIGH * highest);
    let longer = known.or_else(|| multiples.iter().find(|found| found.strength >= highest));
    std::iter::once(shortest).chain(longer.copied()).collect()
}

/// The lengths of an hour, a day and a week in steps, where they are whole.
fn calendar(step: u32) -> Vec<usize> {
    let whole = CALENDAR.iter().filter(|seconds| seconds.is_multiple_of(u64::from(step)));
    whole.filter_map(|seconds| usize::try_from(seconds / u64::from(step)).ok()).collect()
}

/// How many values are averaged where lags are long.
fn coarseness(count: usize) -> usize {
    count.div_ceil(COARSE)
}

/// Up to which lag every one is looked at.
fn fine(coarseness: usize) -> usize {
    8 * coarseness.max(2)
}

/// The autocorrelation at each lag that is looked at, shortest first: at every short one, at every one of averages beyond.
fn correlogram(correlation: &Autocorrelation, longest: usize) -> Vec<(usize, f64)> {
    let coarseness = coarseness(correlation.values.len());
    let exact = if coarseness == 1 { longest } else { longest.min(fine(coarseness)) };
    let mut heights: Vec<(usize, f64)> = (1..=exact).map(|lag| (lag, correlation.at(lag))).collect();
    if exact < longest {
        let mean = |part: &[f64]| part.iter().sum::<f64>() / coarseness as f64;
        let means: Vec<f64> = correlation.values.chunks_exact(coarseness).map(mean).collect();
        heights.extend((exact / coarseness + 1..=longest / coarseness).map(|lag| {
            let sum: f64 = means[lag..].iter().zip(&means).map(|(a, b)| a * b).sum();
            (lag * coarseness, sum / (means.len() - lag) as f64 / correlation.variance)
        }));
    }
    heights
}

/// Each lag at which the autocorrelation peaks, shortest first.
fn peaks(correlation: &Autocorrelation, longest: usize) -> Vec<Found> {
    let heights = correlogram(correlation, longest);
    // Twice the standard error of the autocorrelation of noise.
    let least = STRENGTH.max(2.0 / (correlation.values.len() as f64).sqrt());
    let mut peaks: Vec<Found> = Vec::new();
    let mut trough = f64::INFINITY;
    for around in heights.windows(3) {
        let [(_, before), (period, strength), (_, after)] = *around else { continue };
        trough = trough.min(before);
        if strength <= before || strength < after || strength < least || strength - trough < PROMINENCE {
            continue;
        }
        // Of two near to each other the higher one is the season.
        match peaks.last_mut() {
            Some(last) if (period - last.period) as f64 <= 2.0 * NEAR * period as f64 => {
                if strength > last.strength {
                    *last = Found { period, strength };
                }
            }
            _ => peaks.push(Found { period, strength }),
        }
    }
    peaks
}

/// A peak among averages at the very lag at which it is highest.
fn exactly(found: Found, correlation: &Autocorrelation, coarseness: usize) -> Found {
    if coarseness == 1 || found.period <= fine(coarseness) {
        return found;
    }
    let (period, strength) = correlation.highest(found.period - coarseness..=found.period + coarseness);
    Found { period, strength }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise in [-0.5, 0.5) without a generator: the fractional parts of multiples of the golden ratio, shuffled by squares.
    fn noise(place: usize) -> f64 {
        ((place * place % 7919) as f64 * 0.618_033_988_749_895).fract() - 0.5
    }

    fn day(place: usize) -> f64 {
        let hour = (place % 24) as f64;
        if (8.0..18.0).contains(&hour) { 1.0 + 0.1 * hour } else { 0.1 * hour }
    }

    fn periods(values: &[f64], step: u32) -> Vec<usize> {
        seasons(values, step).iter().map(|found| found.period).collect()
    }

    #[test]
    fn a_day_and_a_week_are_found_in_hours() {
        let week = |place: usize| if place / 24 % 7 < 5 { day(place) } else { 0.3 * day(place) };
        let values: Vec<f64> = (0..840).map(|place| week(place) + 0.2 * noise(place)).collect();
        assert_eq!(periods(&values, 3_600), [24, 168]);
        // The clock does not make them: the same values every ten seconds.
        assert_eq!(periods(&values, 10), [24, 168]);
    }

    #[test]
    fn a_season_beyond_the_averages_is_found_at_its_very_lag() {
        let values: Vec<f64> = (0..9_000).map(|place| if place % 719 < 300 { 1.0 } else { 0.0 } + 0.3 * noise(place)).collect();
        assert_eq!(periods(&values, 60).first(), Some(&719));
    }

    #[test]
    fn noise_lines_steps_and_short_series_have_none() {
        let noisy: Vec<f64> = (0..1_000).map(noise).collect();
        assert!(periods(&noisy, 3_600).is_empty());
        let line: Vec<f64> = (0..1_000).map(|place| place as f64 * 0.001).collect();
        assert!(periods(&line, 3_600).is_empty());
        let step: Vec<f64> = (0..1_000).map(|place| if place < 400 { 0.0 } else { 1.0 }).collect();
        assert!(periods(&step, 3_600).is_empty());
        for count in 0..8 {
            assert!(periods(&noisy[..count], 3_600).len() < 2);
        }
    }
}
