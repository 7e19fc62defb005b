//! Several metrics as they come, row after row, without training.

use serde::{Deserialize, Serialize};

use super::METRICS;
use super::factor::Factor;
use super::known::Known;
use super::last_scores::LastScores;
use super::parameters::checked_rate;
use super::persistence::{Persistence, PersistenceState};
use super::point::AnomalyPoint;
use super::running::{LARGEST, Running};
use crate::error::{Error, Result};
use crate::model::{Model, Online};

/// Added to each variance, in squared ranges: a tenth of its range is not much for any metric, however still it stood.
const RIDGE: f64 = 1e-2;
/// After so many rows the covariance is factored anew. Nothing is judged before that has happened once.
const REFRESHED: u64 = 8;
/// Rows up to the distance `sqrt(metrics) + this` count wholly, others by the ratio of the two: the weights of Campbell ("Robust
/// Procedures in Multivariate Analysis I", Applied Statistics 29, 1980) with his b1 = 2. An anomaly so moves what is normal by a
/// bounded step, and one that stays becomes normal.
const FAR: f64 = std::f64::consts::SQRT_2;

/// Scores rows of several metrics as they come, knowing nothing of those to come, and learns from each what is normal.
///
/// A row's distance is that of Mahalanobis, in units of how the metrics varied together in about the last 10,000 rows, each metric
/// measured in the range that is known of it. As with a [`MultivariateModel`](super::MultivariateModel), an anomaly is held and
/// what lasts counts more. P-values compare with the last 1,000 rows: each is uniform where rows are exchangeable, which neighbours
/// in time are only in part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MultivariateStreamDetector {
    metrics: usize,
    false_alarm_rate: f64,
}

/// What [`MultivariateStreamDetector`] remembers. Its size grows with the square of the metrics: 20 KB for 38 of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MultivariateStreamState {
    ranges: Vec<Known>,
    running: Running,
    factor: Factor,
    rows: u64,
    held: PersistenceState,
    scores: LastScores,
}

impl MultivariateStreamDetector {
    /// A detector for rows of so many metrics that raises an alarm for this share of normal ones.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a false-alarm rate outside (0, 1) and for no metric; [`Error::TooMuch`] for more than 512.
    pub fn new(metrics: usize, false_alarm_rate: f64) -> Result<Self> {
        if metrics > METRICS {
            return Err(Error::TooMuch { what: "the stream's metrics".into(), limit: METRICS, found: metrics });
        }
        if metrics == 0 {
            return Err(Error::Parameter { name: "metrics", expected: "at least one", found: "0".into() });
        }
        Ok(Self { metrics, false_alarm_rate: checked_rate(false_alarm_rate)? })
    }

    /// How many metrics a row has.
    #[must_use]
    pub const fn metrics(&self) -> usize {
        self.metrics
    }
}

impl Online for MultivariateStreamDetector {
    type State = MultivariateStreamState;
    type Answer = AnomalyPoint;

    fn begin(&self) -> MultivariateStreamState {
        MultivariateStreamState {
            ranges: vec![Known::default(); self.metrics],
            running: Running::new(self.metrics),
            factor: Factor::default(),
            rows: 0,
            held: PersistenceState::default(),
            scores: LastScores::default(),
        }
    }

    /// Scores the row by those before it, then learns from it.
    ///
    /// A metric that is missing is taken as at its mean, and not learnt from. A row in which all are missing, and the first eight,
    /// have score 0 and p-value 1.
    ///
    /// # Errors
    /// As [`Online::observe`]; [`Error::Data`] for a state of another number of metrics.
    fn observe(&self, state: &mut MultivariateStreamState, values: &[f64]) -> Result<AnomalyPoint> {
        let metrics = self.metrics;
        if values.len() != metrics || state.metrics() != metrics {
            let found =
                if values.len() == metrics { format!("a state of {}", state.metrics()) } else { values.len().to_string() };
            return Err(Error::data("row", format!("{metrics} metrics"), found));
        }
        if let Some(place) = values.iter().position(|value| value.is_infinite()) {
            let what = format!("metric {}", place + 1);
            return Err(Error::data(what, "a finite number, or NaN for a missing one", "an infinite one"));
        }
        let (score, p_value, contributions) = state.observe(values);
        Ok(AnomalyPoint { score, p_value, is_anomaly: p_value <= self.false_alarm_rate, expected: None, contributions })
    }
}

impl MultivariateStreamState {
    /// How many metrics a row has.
    #[must_use]
    pub fn metrics(&self) -> usize {
        self.running.metrics()
    }

    fn observe(&mut self, values: &[f64]) -> (f64, f64, Vec<f64>) {
        let metrics = values.len();
        let mut contributions = vec![0.0; metrics];
        if values.iter().all(|value| value.is_nan()) {
            return (0.0, 1.0, contributions);
        }
        let (mut row, mut deviations, mut scaled) = ([0.0; METRICS], [0.0; METRICS], [0.0; METRICS]);
        let (row, deviations, scaled) = (&mut row[..metrics], &mut deviations[..metrics], &mut scaled[..metrics]);
        for ((place, value), range) in row.iter_mut().zip(values).zip(&mut self.ranges) {
            // `clamp` leaves what is missing as it is.
            *place = value.clamp(-LARGEST, LARGEST);
            if !place.is_nan() {
                range.observe(*place);
            }
        }
        self.running.deviations(row, deviations);
        for ((scaled, deviation), range) in scaled.iter_mut().zip(&*deviations).zip(&self.ranges) {
            // No value is farther from the mean than its range is long; the mean may lag behind a range that shrinks.
            let ranges = deviation / range.length();
            *scaled = if ranges.is_nan() { 0.0 } else { ranges.clamp(-1.0, 1.0) };
        }
        if self.rows >= REFRESHED && self.rows.is_multiple_of(REFRESHED) {
            self.refresh();
        }
        self.rows = self.rows.wrapping_add(1);
        if !self.factor.is_made() {
            self.running.observe(row, deviations, 1.0);
            return (0.0, 1.0, contributions);
        }
        let most = metrics as f64 / RIDGE;
        let squared = self.factor.measure(scaled, &mut contributions);
        // A factor that was read may be anyone's; no row is farther by one that was made here.
        let alone = if squared.is_nan() { most } else { squared.min(most) };
        let near = (metrics as f64).sqrt() + FAR;
        self.running.observe(row, deviations, (near / alone.sqrt()).min(1.0));
        let score = Persistence::observe(&mut self.held, alone);
        share(&mut contributions, score / alone, score);
        (score, self.scores.compare(score), contributions)
    }

    /// Factors the covariance, in ranges and with the ridge.
    fn refresh(&mut self) {
        let Self { ranges, running, factor, .. } = self;
        factor.make(running.metrics(), |row, column| {
            let entry = running.covariance(row, column) / ranges[row].length() / ranges[column].length();
            let entry = if entry.is_nan() { 0.0 } else { entry.clamp(-1.0, 1.0) };
            if row == column { entry + RIDGE } else { entry }
        });
    }
}

/// Makes parts of what was measured parts of the score that came of it; even ones where they are none.
fn share(parts: &mut [f64], ratio: f64, score: f64) {
    let even = score / parts.len() as f64;
    let fits = parts.iter().all(|part| (part * ratio).is_finite());
    parts.iter_mut().for_each(|part| *part = if fits { *part * ratio } else { even });
}

impl Model for MultivariateStreamDetector {
    const KIND: &'static str = "anomaly-multivariate-stream";
    const FORMAT: u16 = 1;

    fn check(&self) -> Result<()> {
        let refuse =
            |error: Error| Error::ModelFile { expected: "metrics and a false-alarm rate".into(), found: error.to_string() };
        Self::new(self.metrics, self.false_alarm_rate).map(|_| ()).map_err(refuse)
    }
}

impl Model for MultivariateStreamState {
    const KIND: &'static str = "anomaly-multivariate-stream-state";
    const FORMAT: u16 = 1;

    fn check(&self) -> Result<()> {
        self.running.check()?;
        if self.ranges.len() != self.metrics() {
            let (expected, found) = (format!("{} ranges", self.metrics()), self.ranges.len().to_string());
            return Err(Error::ModelFile { expected, found });
        }
        self.ranges.iter().try_for_each(Known::check)?;
        self.factor.check(self.metrics())?;
        self.held.check()?;
        self.scores.check()
    }
}
