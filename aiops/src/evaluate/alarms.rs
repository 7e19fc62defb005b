//! Measures of yes and no.

use serde::{Deserialize, Serialize};

/// How good alarms are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AlarmScores {
    /// The share of rows that were told rightly.
    pub accuracy: f64,
    /// The mean of the F1 of alarms and that of their absence; 0 for one that never was and was never said.
    pub macro_f1: f64,
    /// The share of attacks that raised an alarm; 0 where there are none.
    pub recall: f64,
    /// The share of the rest that raised one; 0 where there is none.
    pub false_alarm_rate: f64,
}

/// Compares alarms with the truth, row by row; what one has more than the other is left out.
#[must_use]
pub fn alarm_scores(alarms: &[bool], truth: &[bool]) -> AlarmScores {
    let count = |alarm: bool, attack: bool| alarms.iter().zip(truth).filter(|pair| *pair == (&alarm, &attack)).count() as f64;
    let (hits, false_alarms, missed, quiet) = (count(true, true), count(true, false), count(false, true), count(false, false));
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    let f1 = |right: f64| share(2.0 * right, 2.0 * right + false_alarms + missed);
    AlarmScores {
        accuracy: share(hits + quiet, hits + false_alarms + missed + quiet),
        macro_f1: f64::midpoint(f1(hits), f1(quiet)),
        recall: share(hits, hits + missed),
        false_alarm_rate: share(false_alarms, false_alarms + quiet),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_those_counted_by_hand() {
        // Two hits, one false alarm, one missed, four quiet: F1 is 4/6 and 8/10.
        let alarms = [true, true, true, false, false, false, false, false];
        let truth = [true, true, false, true, false, false, false, false];
        let scores = alarm_scores(&alarms, &truth);
        assert_eq!((scores.accuracy, scores.recall, scores.false_alarm_rate), (0.75, 2.0 / 3.0, 0.2));
        assert!((scores.macro_f1 - (4.0 / 6.0 + 0.8) / 2.0).abs() < 1e-15);
    }

    #[test]
    fn nothing_gives_zeros() {
        let scores = alarm_scores(&[], &[]);
        assert_eq!((scores.accuracy, scores.macro_f1, scores.recall, scores.false_alarm_rate), (0.0, 0.0, 0.0, 0.0));
    }
}
