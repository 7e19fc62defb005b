//! How long a series takes to repeat itself.

/// What TSB-AD (Liu & Paparrizos, NeurIPS 2024) takes where nothing repeats.
const NONE: usize = 125;
/// Lags up to this one are looked at, of the first points up to this number, as there.
const LAGS: usize = 400;
const POINTS: usize = 20_000;
/// The shortest lag looked at, and how far behind it the longest period lies, as there.
const FIRST: usize = 3;
const LONGEST: usize = 300;

/// The lag of the highest peak of the autocorrelation, as TSB-AD defines the window of its measures; 125 where there is no
/// peak between 6 and 303.
///
/// `NaN` and infinite values are not expected; where they come, there is no peak.
#[must_use]
pub fn autocorrelation_period(values: &[f64]) -> usize {
    let values = &values[..values.len().min(POINTS)];
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs())).max(f64::MIN_POSITIVE);
    let mean = values.iter().map(|value| value / largest).sum::<f64>() / values.len().max(1) as f64;
    let centred: Vec<f64> = values.iter().map(|value| value / largest - mean).collect();
    let correlation = |lag: usize| centred.iter().zip(&centred[lag..]).map(|(a, b)| a * b).sum::<f64>();
    let last = LAGS.min(centred.len().saturating_sub(1));
    let correlations: Vec<f64> = (FIRST.min(last)..=last).map(correlation).collect();
    let mut best: Option<(usize, f64)> = None;
    for (place, three) in correlations.windows(3).enumerate() {
        let peak = three[1] > three[0] && three[1] > three[2];
        if peak && best.is_none_or(|(_, height)| three[1] > height) {
            best = Some((place + 1, three[1]));
        }
    }
    best.filter(|(place, _)| (FIRST..=LONGEST).contains(place)).map_or(NONE, |(place, _)| place + FIRST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wave_repeats_after_its_length() {
        let wave: Vec<f64> = (0..2000).map(|place| (f64::from(place) * std::f64::consts::TAU / 48.0).sin()).collect();
        assert_eq!(autocorrelation_period(&wave), 48);
        let huge: Vec<f64> = wave.iter().map(|value| value * 1e300).collect();
        assert_eq!(autocorrelation_period(&huge), 48);
    }

    #[test]
    fn where_nothing_repeats_it_is_that_of_the_benchmark() {
        for series in [vec![], vec![1.0], vec![5.0; 100], vec![f64::NAN; 100], (0..100).map(f64::from).collect()] {
            assert_eq!(autocorrelation_period(&series), NONE);
        }
    }
}
