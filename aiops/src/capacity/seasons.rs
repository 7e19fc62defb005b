//! Finds the seasons of a series.

/// A season may be at most this share of the series: it must have come back twice.
const REPEATS: usize = 3;
/// How many points the autocorrelation is taken over where lags are long; a longer series is averaged down to about that.
const COARSE: usize = 1_024;
/// The autocorrelation that a season has at least.
const STRENGTH: f64 = 0.1;
/// How far it is at least above the lowest one at shorter lags: a slow wander is strong at every lag, a season is not.
const PROMINENCE: f64 = 0.1;
/// Spikes are cut at this many standard deviations, so that two of them do not make a season.
const SPIKE: f64 = 3.0;
/// A peak of this share of the highest one is a season all the same: the highest is often a multiple.
const AS_HIGH: f64 = 0.5;
/// A season of the calendar is taken for a lag near to it from this share of its autocorrelation on.
const SLIGHTLY_LESS: f64 = 0.9;
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
    let peaks = peaks(&correlation, values.len(), longest);
    let highest = peaks.iter().map(|peak| peak.strength).fold(0.0, f64::max);
    let Some(shortest) = peaks.iter().find(|peak| peak.strength >= AS_HIGH * highest) else { return Vec::new() };
    let near = |period: usize| period.abs_diff(shortest.period) as f64 <= NEAR * shortest.period as f64;
    let shortest = calendar
        .iter()
        .filter(|period| **period >= 2 && **period <= longest && near(**period))
        .map(|period| Found { period: *period, strength: correlation.at(*period) })
        .find(|season| season.strength >= SLIGHTLY_LESS * shortest.strength)
        .unwrap_or(*shortest);
    let multiple = |times: usize| {
        let period = times * shortest.period;
        let strength = correlation.at(period);
        let beside = [correlation.at(period - shortest.period), correlation.at(period + shortest.period)];
        // One of the calendar may have a neighbour above it, where a slow wander lifts the shorter lags.
        let above = if calendar.contains(&period) { (beside[0] + beside[1]) / 2.0 } else { beside[0].max(beside[1]) };
        (strength >= STRENGTH && strength > above).then_some(Found { period, strength })
    };
    let multiples: Vec<Found> = (2..=longest / shortest.period).filter_map(multiple).collect();
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

/// Each lag at which the autocorrelation peaks, shortest first.
fn peaks(correlation: &Autocorrelation, count: usize, longest: usize) -> Vec<Found> {
    let group = count.div_ceil(COARSE);
    let fine = longest.min(8 * group.max(2));
    let mut lags: Vec<(usize, f64)> = (1..=fine).map(|lag| (lag, correlation.at(lag))).collect();
    if group == 1 {
        lags.extend((fine + 1..=longest).map(|lag| (lag, correlation.at(lag))));
    } else {
        let means: Vec<f64> =
            correlation.values.chunks_exact(group).map(|part| part.iter().sum::<f64>() / group as f64).collect();
        let scale = correlation.variance * means.len() as f64;
        for lag in fine / group + 1..=longest / group {
            let sum: f64 = means[lag..].iter().zip(&means).map(|(a, b)| a * b).sum();
            lags.push((lag * group, sum / scale * means.len() as f64 / (means.len() - lag) as f64));
        }
    }
    let mut peaks: Vec<Found> = Vec::new();
    let mut trough = f64::INFINITY;
    for place in 1..lags.len().saturating_sub(1) {
        let (lag, height) = lags[place];
        trough = trough.min(lags[place - 1].1);
        let peak = height > lags[place - 1].1 && height >= lags[place + 1].1;
        let noise = 2.0 / (count as f64).sqrt();
        if !peak || height < STRENGTH.max(noise) || height - trough < PROMINENCE {
            continue;
        }
        let found = if lag > fine {
            correlation.highest(lag.saturating_sub(group)..=lag + group)
        } else {
            Found { period: lag, strength: height }
        };
        // A small wave before a higher one near to it is no season.
        match peaks.last_mut() {
            Some(before) if (found.period - before.period) as f64 <= NEAR * 2.0 * found.period as f64 => {
                if found.strength > before.strength {
                    *before = found;
                }
            }
            _ => peaks.push(found),
        }
    }
    peaks
}

/// The autocorrelation of a series without its straight line and with its spikes cut.
#[derive(Debug)]
struct Autocorrelation {
    values: Vec<f64>,
    variance: f64,
}

impl Autocorrelation {
    /// `None` where nothing varies.
    fn new(values: &[f64]) -> Option<Self> {
        let count = values.len() as f64;
        let middle = (count - 1.0) / 2.0;
        let mean = values.iter().sum::<f64>() / count;
        let (mut along, mut across) = (0.0, 0.0);
        for (place, value) in values.iter().enumerate() {
            let time = place as f64 - middle;
            along += time * (value - mean);
            across += time * time;
        }
        let slope = if across > 0.0 { along / across } else { 0.0 };
        let mut values: Vec<f64> =
            values.iter().enumerate().map(|(place, value)| value - mean - slope * (place as f64 - middle)).collect();
        let variance = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>() / count;
        let reach = SPIKE * variance(&values).sqrt();
        for value in &mut values {
            *value = value.clamp(-reach, reach);
        }
        let variance = variance(&values);
        // Below this, what is left is rounding.
        (variance > 1e-24).then_some(Self { values, variance })
    }

    /// At this lag, each product counted alike; zero beyond the series.
    fn at(&self, lag: usize) -> f64 {
        let Some(later) = self.values.get(lag..).filter(|later| !later.is_empty()) else { return 0.0 };
        let sum: f64 = later.iter().zip(&self.values).map(|(a, b)| a * b).sum();
        sum / later.len() as f64 / self.variance
    }

    /// The highest one at these lags.
    fn highest(&self, lags: std::ops::RangeInclusive<usize>) -> Found {
        let first = Found { period: *lags.start(), strength: self.at(*lags.start()) };
        lags.skip(1)
            .map(|period| Found { period, strength: self.at(period) })
            .fold(first, |best, next| if next.strength > best.strength { next } else { best })
    }
}
