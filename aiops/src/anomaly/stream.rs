//! A series as it comes, value after value.

use serde::{Deserialize, Serialize};

use super::known::Known;
use super::parameters::StreamDetector;
use super::point::AnomalyPoint;
use crate::error::{Error, Result};
use crate::model::{Model, Online};

/// The share of the newest value in each level: they follow within about 8 and 32 values what a single one cannot tell.
const LEVELS: [f64; 2] = [1.0 / 8.0, 1.0 / 32.0];
/// After a score so many values must be newer to be scored as new: an anomaly is told once.
const SILENT: u64 = 25;
/// The weight of how far the value is from the level: it orders values within the known range only.
const WITHIN: f64 = 1e-3;
/// So many values p-values compare with.
const COMPARED: usize = 1000;

/// What [`StreamDetector`] remembers: three ranges, two levels, the last values' strangeness.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StreamState {
    values: Known,
    levels: [Level; 2],
    distances: Known,
    /// How new each of the last values was, and how far from the level.
    compared: Vec<(f64, f64)>,
    seen: u64,
    told: Option<(u64, f64)>,
}

/// A moving mean, and the range of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Level {
    mean: Option<f64>,
    known: Known,
}

impl Level {
    /// As [`Known::observe`], for the mean with the value in it.
    fn observe(&mut self, value: f64, share: f64) -> f64 {
        let mean = self.before().map_or(value, |before| before * (1.0 - share) + value * share);
        self.mean = Some(mean);
        self.known.observe(mean)
    }

    fn before(&self) -> Option<f64> {
        self.mean.filter(|mean| mean.is_finite())
    }
}

impl Online for StreamDetector {
    type State = StreamState;
    type Answer = AnomalyPoint;

    fn begin(&self) -> StreamState {
        StreamState::default()
    }

    /// Scores the value by what came before: how far it, and how far its moving means, lie outside of their
    /// ranges so far.
    ///
    /// `expected` is the slower mean before. A missing value has score 0 and p-value 1, and is not remembered.
    fn observe(&self, state: &mut StreamState, values: &[f64]) -> Result<AnomalyPoint> {
        let [value] = *values else {
            return Err(Error::data("observation", "one value", values.len().to_string()));
        };
        if value.is_infinite() {
            return Err(Error::data("observation", "a finite number, or NaN for a missing one", "an infinite one"));
        }
        let [_, slow] = &state.levels;
        let before = slow.before();
        let point = |score: f64, p_value: f64| AnomalyPoint {
            score,
            p_value,
            is_anomaly: p_value <= self.false_alarm_rate(),
            expected: before,
            contributions: Vec::new(),
        };
        if value.is_nan() {
            return Ok(point(0.0, 1.0));
        }
        let levels = state.levels.iter_mut().zip(LEVELS).map(|(level, share)| level.observe(value, share));
        let newness = levels.sum::<f64>() + state.values.observe(value);
        let distance = before.map_or(0.0, |level| (value / 2.0 - level / 2.0).abs());
        state.distances.observe(distance);
        let farthest = state.distances.high();
        let score = newness + if farthest > 0.0 { WITHIN * distance / farthest } else { 0.0 };
        let p_value = state.compare((newness, distance));
        Ok(point(if state.tell(score) { score } else { score.min(WITHIN) }, p_value))
    }
}

impl StreamState {
    /// The share of the last values that were at least as new, or as far from the level where none is new, this one among
    /// them; it is then one of them.
    fn compare(&mut self, value: (f64, f64)) -> f64 {
        self.compared.truncate(COMPARED);
        let stranger = self.compared.iter().filter(|known| **known >= value).count();
        let p_value = (stranger + 1) as f64 / (self.compared.len() + 1) as f64;
        if self.compared.len() < COMPARED {
            self.compared.push(value);
        } else {
            self.compared[(self.seen % COMPARED as u64) as usize] = value;
        }
        self.seen = self.seen.wrapping_add(1);
        p_value
    }

    /// Whether the score is news: higher than what was told shortly before.
    fn tell(&mut self, score: f64) -> bool {
        let recent = self.told.filter(|(at, _)| self.seen.wrapping_sub(*at) <= SILENT);
        let news = score > WITHIN && recent.is_none_or(|(_, told)| score > told);
        if news {
            self.told = Some((self.seen, score));
        }
        news
    }
}

impl Model for StreamState {
    const KIND: &'static str = "anomaly-stream-state";
    const FORMAT: u16 = 1;

    fn check(&self) -> Result<()> {
        self.values.check()?;
        self.distances.check()?;
        self.levels.iter().try_for_each(|level| level.known.check())?;
        let means = self.levels.iter().all(|level| level.mean.is_none_or(f64::is_finite));
        let scores = self.compared.iter().flat_map(|(newness, distance)| [newness, distance]);
        let scores = scores.chain(self.told.iter().map(|(_, score)| score)).all(|score| *score >= 0.0 && score.is_finite());
        if self.compared.len() > COMPARED || !means || !scores {
            let expected = format!("finite means and at most {COMPARED} scores that are 0 or more");
            return Err(Error::ModelFile { expected, found: "others".into() });
        }
        Ok(())
    }
}

impl Model for StreamDetector {
    const KIND: &'static str = "anomaly-stream";
    const FORMAT: u16 = 1;

    fn check(&self) -> Result<()> {
        Self::new(self.false_alarm_rate())
            .map(|_| ())
            .map_err(|error| Error::ModelFile { expected: "a false-alarm rate".into(), found: error.to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observed(values: &[f64]) -> Vec<AnomalyPoint> {
        let detector = StreamDetector::new(0.01).unwrap();
        let mut state = detector.begin();
        values.iter().map(|value| detector.observe(&mut state, &[*value]).unwrap()).collect()
    }

    #[test]
    fn what_was_never_seen_is_told_once() {
        let mut values: Vec<f64> = (0..500).map(|place| f64::from(place * 37 % 100)).collect();
        values[400..405].copy_from_slice(&[200.0, 190.0, 210.0, 100.0, 150.0]);
        let points = observed(&values);
        assert!(points[400].is_anomaly && points[400].score > 1.0, "{:?}", points[400]);
        assert!(points[401].score < 0.01 && points[403].score < 0.01, "{:?}", points[401]);
        assert!(points[300..400].iter().all(|point| point.score < 0.01));
    }

    #[test]
    fn a_level_that_rises_within_the_range_is_told() {
        let mut values: Vec<f64> = (0..2000).map(|place| f64::from(place * 37 % 100)).collect();
        values[1500..1600].fill(95.0);
        let points = observed(&values);
        assert!(points[1500..1550].iter().any(|point| point.score > 0.015));
        assert!(points[1000..1500].iter().all(|point| point.score < 0.005));
    }

    #[test]
    fn the_extremes_of_numbers_and_missing_ones_are_answered() {
        assert!(observed(&[-0.0, 5e-324, -0.05]).iter().all(|point| point.score.is_finite()));
        let points = observed(&[f64::MAX, f64::MIN, f64::NAN, 0.0, 1e300, -1e300, f64::MIN_POSITIVE, f64::MAX]);
        assert!(points.iter().all(|point| point.score.is_finite() && point.p_value > 0.0 && point.p_value <= 1.0));
        assert!(points.iter().all(|point| point.expected.is_none_or(f64::is_finite)));
        assert_eq!((points[2].score, points[2].p_value), (0.0, 1.0));
        let detector = StreamDetector::new(0.01).unwrap();
        assert!(detector.observe(&mut detector.begin(), &[f64::INFINITY]).is_err());
        assert!(detector.observe(&mut detector.begin(), &[]).is_err());
    }
}
