//! How well the detectors find labelled anomalies.

use super::classification::average_precision;
use super::nab::{NabScore, NabSeries, nab_score};
use super::ranges::range_areas;
use crate::anomaly::{AnomalyPoint, MultivariateModel, SeriesDetector, StreamDetector, autocorrelation_period};
use crate::data::{Series, Table};
use crate::error::{Error, Result};
use crate::model::Online;

/// How well scores separate labelled points from the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DetectionScores {
    /// Volume under the range-based precision-recall surface ([`range_areas`]).
    pub volume: f64,
    /// Average precision point by point, the area under the precision-recall curve.
    pub average_precision: f64,
}

/// A series of the benchmark with its labels.
#[derive(Debug, Clone)]
pub struct LabelledSeries {
    /// Its values.
    pub series: Series,
    /// Whether each value is anomalous.
    pub labels: Vec<bool>,
    /// How many values at the beginning do not count for [`evaluate_stream`].
    pub probation: usize,
}

/// Scores a model on labelled rows that came one after the other, as it answers online. `window` is the widest buffer of
/// [`range_areas`].
///
/// # Errors
/// Those of [`Online::observe`] and of [`range_areas`].
pub fn evaluate_rows(model: &MultivariateModel, rows: &Table, labels: &[bool], window: usize) -> Result<DetectionScores> {
    let mut state = model.begin();
    let points: Vec<AnomalyPoint> = rows.iter().map(|row| model.observe(&mut state, row)).collect::<Result<_>>()?;
    detection_scores(labels, &points, window)
}

/// Scores a detector on a whole series, with its autocorrelation period as the widest buffer; `None` for one without anomaly.
///
/// # Errors
/// Those of [`SeriesDetector::detect`] and of [`range_areas`].
pub fn evaluate_series(detector: &SeriesDetector, labelled: &LabelledSeries) -> Result<Option<DetectionScores>> {
    if !labelled.labels.contains(&true) {
        return Ok(None);
    }
    let found = detector.detect(&labelled.series)?;
    let window = autocorrelation_period(labelled.series.values());
    detection_scores(&labelled.labels, &found.points, window).map(Some)
}

/// Scores a detector on values as they come, by the score of the Numenta benchmark over all series.
///
/// # Errors
/// Those of [`Online::observe`] and of [`nab_score`].
pub fn evaluate_stream(detector: &StreamDetector, labelled: &[LabelledSeries]) -> Result<NabScore> {
    let scores = |one: &LabelledSeries| -> Result<Vec<f64>> {
        let mut state = detector.begin();
        let values = one.series.values().iter();
        values.map(|value| detector.observe(&mut state, &[*value]).map(|point| point.score)).collect()
    };
    let scores: Vec<Vec<f64>> = labelled.iter().map(scores).collect::<Result<_>>()?;
    let series = labelled.iter().zip(&scores);
    let series: Vec<NabSeries<'_>> =
        series.map(|(one, scores)| NabSeries { scores, labels: &one.labels, probation: one.probation }).collect();
    nab_score(&series)
}

fn detection_scores(labels: &[bool], points: &[AnomalyPoint], window: usize) -> Result<DetectionScores> {
    if labels.len() != points.len() {
        return Err(Error::data("labels", format!("{}, one for each point", points.len()), labels.len().to_string()));
    }
    let scores: Vec<f64> = points.iter().map(|point| point.score).collect();
    let volume = range_areas(labels, &scores, window)?.precision_recall;
    Ok(DetectionScores { volume, average_precision: average_precision(&scores, labels) })
}
