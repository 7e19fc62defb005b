//! A series as a whole, looked at after it ended.

use super::conformal::Calibration;
use super::parameters::SeriesDetector;
use super::period::autocorrelation_period;
use super::point::{AnomalyPoint, AnomalyRange, merge_anomalies};
use super::polynomial::{line_around, smoothed};
use super::subspace::subspace_distances;
use super::windows::{centre_distances, spread};
use crate::data::Series;
use crate::error::{Error, Result};
use crate::model::Warning;

/// Values at least that are not missing.
const VALUES: usize = 32;
/// Points at most: each costs up to the square of the window.
const POINTS: usize = 500_000;
/// The shortest window: less has no shape to tell anomalies by.
const SHORTEST: usize = 64;
/// A window is at most this part of the series, so that there are others to compare it with.
const PARTS: usize = 4;
/// Numbers of centres: few see what is rare, more see what is of another shape. Their standardised scores are added.
const CLUSTERS: [usize; 3] = [3, 5, 10];
/// The weights of a set of centres, of the principal directions and of the line. Standardised scores are fused, not ranks:
/// ranks forget how far the strangest points are from the others.
const WEIGHTS: [f64; 3] = [1.0, 0.5, 0.5];
/// Missing values above this share are warned of.
const MISSING: f64 = 0.2;

/// What [`SeriesDetector::detect`] found.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesAnomalies {
    /// One for each value, in order. A missing one has score 0 and p-value 1.
    pub points: Vec<AnomalyPoint>,
    /// The anomalous points as ranges.
    pub anomalies: Vec<AnomalyRange>,
    /// How many points were looked at together.
    pub window: usize,
    /// What to be careful about.
    pub warnings: Vec<Warning>,
}

impl SeriesDetector {
    /// Scores each point of a series by the whole of it: by windows that are far from the usual ones, that the usual
    /// directions do not explain, and by points that those around would not have foretold.
    ///
    /// P-values compare with the training points, if they were given, else with all points of the series: then the share of
    /// anomalous points is the false-alarm rate.
    ///
    /// # Errors
    /// [`Error::TooShort`] for fewer than 32 values that are not missing, [`Error::TooMuch`] for more than 500,000 points.
    pub fn detect(&self, series: &Series) -> Result<SeriesAnomalies> {
        let values = series.values();
        let what = format!("series {}", series.metric);
        let present = values.iter().filter(|value| !value.is_nan()).count();
        if present < VALUES {
            return Err(Error::TooShort { what, needed: VALUES, found: present });
        }
        if values.len() > POINTS {
            return Err(Error::TooMuch { what: format!("{what}, in points"), limit: POINTS, found: values.len() });
        }
        let mut warnings = Vec::new();
        let share = 1.0 - present as f64 / values.len() as f64;
        if share > MISSING {
            warnings.push(Warning::Missing { what: what.clone(), share });
        }
        let filled = filled(values);
        let Some(normal) = Normal::new(&filled) else {
            warnings.push(Warning::Constant { what });
            return Ok(self.outcome(values, &vec![0.0; values.len()], &filled, SHORTEST, warnings));
        };
        let normalised: Vec<f64> = filled.iter().map(|value| normal.apply(*value)).collect();
        let window = autocorrelation_period(&normalised).max(SHORTEST).min(values.len() / PARTS);
        if values.len() < 2 * PARTS * SHORTEST {
            warnings.push(Warning::TooShort { what, wanted: 2 * PARTS * SHORTEST, found: values.len() });
        }
        let expected = line_around(&normalised, window);
        let scores = self.fused(&normalised, &expected, window);
        let expected: Vec<f64> = expected.iter().map(|value| normal.undo(*value)).collect();
        Ok(self.outcome(values, &scores, &expected, window, warnings))
    }

    fn fused(&self, values: &[f64], expected: &[f64], window: usize) -> Vec<f64> {
        let mut scores = vec![0.0; values.len()];
        for clusters in CLUSTERS {
            let distances = centre_distances(values, window, clusters, self.seed());
            add(&mut scores, &spread(&distances, window), WEIGHTS[0]);
        }
        add(&mut scores, &spread(&subspace_distances(values, window), window), WEIGHTS[1]);
        let errors: Vec<f64> = values.iter().zip(expected).map(|(value, expected)| (value - expected).abs()).collect();
        add(&mut scores, &smoothed(&errors, window), WEIGHTS[2]);
        let least = scores.iter().copied().fold(f64::INFINITY, f64::min);
        scores.iter_mut().for_each(|score| *score -= least);
        scores
    }

    fn outcome(
        &self,
        values: &[f64],
        scores: &[f64],
        expected: &[f64],
        window: usize,
        warnings: Vec<Warning>,
    ) -> SeriesAnomalies {
        let training = self.training_points().map_or(values.len(), |points| points.min(values.len()));
        let known = values.iter().zip(scores).take(training).filter(|(value, _)| !value.is_nan()).map(|(_, score)| *score);
        let known = Calibration::new(known.collect());
        let rate = self.false_alarm_rate();
        let point = |((value, score), expected): ((&f64, &f64), &f64)| {
            let missing = value.is_nan();
            let p_value = if missing { 1.0 } else { known.p_value(*score) };
            AnomalyPoint {
                score: if missing { 0.0 } else { *score },
                p_value,
                is_anomaly: p_value <= rate,
                expected: Some(*expected),
                contributions: Vec::new(),
            }
        };
        let points: Vec<AnomalyPoint> = values.iter().zip(scores).zip(expected).map(point).collect();
        let anomalies = merge_anomalies(&points, rate, window / 8);
        SeriesAnomalies { points, anomalies, window, warnings }
    }
}

/// Mean and standard deviation, of values that may be as large as numbers are.
struct Normal {
    largest: f64,
    mean: f64,
    deviation: f64,
}

impl Normal {
    /// `None` where the values do not vary.
    fn new(values: &[f64]) -> Option<Self> {
        let first = values[0];
        if values.iter().all(|value| *value == first) {
            return None;
        }
        let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        let count = values.len() as f64;
        let mean = values.iter().map(|value| value / largest).sum::<f64>() / count;
        let squares = values.iter().map(|value| (value / largest - mean) * (value / largest - mean)).sum::<f64>();
        let deviation = (squares / count).sqrt();
        (deviation > 0.0 && deviation.is_finite()).then_some(Self { largest, mean, deviation })
    }

    fn apply(&self, value: f64) -> f64 {
        (value / self.largest - self.mean) / self.deviation
    }

    fn undo(&self, value: f64) -> f64 {
        ((value * self.deviation + self.mean) * self.largest).clamp(f64::MIN, f64::MAX)
    }
}

/// Missing values on the line between those beside them; at the ends the nearest one.
fn filled(values: &[f64]) -> Vec<f64> {
    let mut filled = values.to_vec();
    let mut before: Option<usize> = None;
    for place in 0..filled.len() {
        if filled[place].is_nan() {
            continue;
        }
        let first = before.map_or(0, |before| before + 1);
        let left = before.map_or(values[place], |before| values[before]);
        for (passed, gap) in filled[first..place].iter_mut().enumerate() {
            let share = (passed + 1) as f64 / (place - first + 1) as f64;
            *gap = left * (1.0 - share) + values[place] * share;
        }
        before = Some(place);
    }
    if let Some(last) = before {
        filled[last + 1..].fill(values[last]);
    }
    filled
}

/// Adds standardised scores, with a weight.
fn add(sums: &mut [f64], scores: &[f64], weight: f64) {
    let count = scores.len() as f64;
    let mean = scores.iter().sum::<f64>() / count;
    let deviation = (scores.iter().map(|score| (score - mean) * (score - mean)).sum::<f64>() / count).sqrt();
    if deviation > 0.0 && deviation.is_finite() {
        sums.iter_mut().zip(scores).for_each(|(sum, score)| *sum += weight * (score - mean) / deviation);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_bridged() {
        let nan = f64::NAN;
        assert_eq!(filled(&[nan, 1.0, nan, 3.0, nan]), [1.0, 1.0, 2.0, 3.0, 3.0]);
    }
}
