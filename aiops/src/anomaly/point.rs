//! What a detector says.

use serde::{Deserialize, Serialize};

/// What a detector says of a row or of a point of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnomalyPoint {
    /// How strange it is, 0 or more; comparable only within one model.
    pub score: f64,
    /// The share of normal data that is at least as strange, in (0, 1].
    pub p_value: f64,
    /// Whether the p-value is at most the false-alarm rate.
    pub is_anomaly: bool,
    /// What a normal value would have been, where the detector can tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<f64>,
    /// The part of each metric in the score, in the order of the columns; they sum to it, but for rounding. One that moves
    /// with another as it should lowers the score: its part is negative. Empty for a single series.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contributions: Vec<f64>,
}

/// Points in a row that are anomalous.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnomalyRange {
    /// The place of its first point.
    pub start: usize,
    /// The place of its last point.
    pub end: usize,
    /// How bad it is.
    pub severity: Severity,
}

/// How bad an anomaly is, by its smallest p-value against the false-alarm rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum Severity {
    /// As rare as a false alarm.
    Low,
    /// Three times rarer.
    Medium,
    /// Ten times rarer.
    High,
    /// Thirty times rarer.
    Critical,
}

impl Severity {
    pub(super) fn new(p_value: f64, false_alarm_rate: f64) -> Self {
        match false_alarm_rate / p_value {
            rarer if rarer >= 30.0 => Self::Critical,
            rarer if rarer >= 10.0 => Self::High,
            rarer if rarer >= 3.0 => Self::Medium,
            _ => Self::Low,
        }
    }
}

/// The anomalous points as ranges; ranges with at most `gap` points between them are one.
#[must_use]
pub fn merge_anomalies(points: &[AnomalyPoint], false_alarm_rate: f64, gap: usize) -> Vec<AnomalyRange> {
    let mut ranges: Vec<AnomalyRange> = Vec::new();
    for (place, point) in points.iter().enumerate().filter(|(_, point)| point.is_anomaly) {
        let severity = Severity::new(point.p_value, false_alarm_rate);
        match ranges.last_mut() {
            Some(last) if place - last.end <= gap.saturating_add(1) => {
                last.end = place;
                last.severity = last.severity.max(severity);
            }
            _ => ranges.push(AnomalyRange { start: place, end: place, severity }),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_anomalies_are_one_with_the_worst_severity() {
        let point = |p_value: f64| AnomalyPoint {
            score: 1.0,
            p_value,
            is_anomaly: p_value <= 0.01,
            expected: None,
            contributions: Vec::new(),
        };
        let points: Vec<AnomalyPoint> = [0.5, 0.01, 0.5, 0.001, 0.5, 0.5, 0.0001].map(point).into();
        let ranges = merge_anomalies(&points, 0.01, 1);
        assert_eq!(ranges[0], AnomalyRange { start: 1, end: 3, severity: Severity::High });
        assert_eq!(ranges[1], AnomalyRange { start: 6, end: 6, severity: Severity::Critical });
        assert_eq!(merge_anomalies(&points, 0.01, 2).len(), 1);
        assert!(merge_anomalies(&[], 0.01, 2).is_empty());
    }
}
