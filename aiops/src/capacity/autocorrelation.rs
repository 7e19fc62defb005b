//! How a series resembles itself some steps before.

use std::ops::RangeInclusive;

/// Spikes are cut at this many standard deviations, so that two of them do not make a season.
const SPIKE: f64 = 3.0;

/// The autocorrelation of a series without its straight line and with its spikes cut.
#[derive(Debug)]
pub(super) struct Autocorrelation {
    pub(super) values: Vec<f64>,
    pub(super) variance: f64,
}

impl Autocorrelation {
    /// `None` where nothing varies.
    pub(super) fn new(values: &[f64]) -> Option<Self> {
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
    pub(super) fn at(&self, lag: usize) -> f64 {
        let Some(later) = self.values.get(lag..).filter(|later| !later.is_empty()) else { return 0.0 };
        let sum: f64 = later.iter().zip(&self.values).map(|(a, b)| a * b).sum();
        sum / later.len() as f64 / self.variance
    }

    /// The lag of the highest one of these, and its height.
    pub(super) fn highest(&self, lags: RangeInclusive<usize>) -> (usize, f64) {
        lags.map(|lag| (lag, self.at(lag))).fold((0, f64::NEG_INFINITY), |best, next| if next.1 > best.1 { next } else { best })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wave_resembles_itself_one_period_before() {
        let values: Vec<f64> = (0..60).map(|place| [0.0, 1.0, 0.0, -1.0][place % 4] + 0.5 * place as f64).collect();
        let correlation = Autocorrelation::new(&values).unwrap();
        assert!(correlation.at(4) > 0.95 && correlation.at(2) < -0.95);
        assert_eq!(correlation.highest(3..=6).0, 4);
        assert_eq!(correlation.at(60), 0.0);
    }

    #[test]
    fn a_line_has_none() {
        let values: Vec<f64> = (0..60).map(f64::from).collect();
        assert!(Autocorrelation::new(&values).is_none());
        assert!(Autocorrelation::new(&[]).is_none());
    }
}
