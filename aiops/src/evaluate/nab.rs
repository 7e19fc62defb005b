//! The score of the Numenta Anomaly Benchmark, for detectors that know nothing of the values to come.
//!
//! Lavin & Ahmad, "Evaluating Real-time Anomaly Detection Algorithms: the Numenta Anomaly Benchmark", ICMLA 2015, in the
//! standard profile: an alarm within a labelled window counts once, the more the earlier it comes; an alarm outside costs
//! 0.11, less where it comes shortly after a window; a window without alarm costs 1. Rows of the probation at the beginning
//! of a series do not count. One threshold for all series is chosen that scores best, as the benchmark's own optimiser does.

use crate::error::{Error, Result};

/// What a false alarm costs, in the standard profile (Lavin & Ahmad 2015, table I).
const FALSE_ALARM: f64 = 0.11;
/// What a window without alarm costs, and one with an alarm at its beginning yields, in the standard profile.
const WINDOW: f64 = 1.0;
/// So many widths behind a window an alarm costs all of [`FALSE_ALARM`].
const FAR: f64 = 3.0;

/// A series as its detector scored it.
#[derive(Debug, Clone, Copy)]
pub struct NabSeries<'a> {
    /// How strange each row is, by the same scale for all series.
    pub scores: &'a [f64],
    /// Whether each row lies in a labelled window; rows in a row are one window.
    pub labels: &'a [bool],
    /// How many rows at the beginning do not count: 15 %, of the first 5,000 rows at most.
    pub probation: usize,
}

/// What [`nab_score`] found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NabScore {
    /// 0 for a detector that never alarms, 100 for one that alarms at the beginning of each window and nowhere else.
    pub score: f64,
    /// The threshold that scores so: rows at least as strange are alarms. `None` where it is best never to alarm.
    pub threshold: Option<f64>,
    /// How many windows there are.
    pub windows: usize,
    /// In how many of them the threshold alarms.
    pub found: usize,
    /// How many rows outside of them it alarms on.
    pub false_alarms: usize,
}

/// What an alarm at a row is worth.
struct Row {
    score: f64,
    /// The window that it lies in, counted over all series.
    window: Option<usize>,
    worth: f64,
}

/// Scores a detector over all series.
///
/// # Errors
/// [`Error::Data`] for another number of labels than of scores, a score that is not finite, or no window after a probation.
pub fn nab_score(series: &[NabSeries<'_>]) -> Result<NabScore> {
    let mut rows = Vec::new();
    let mut windows = 0;
    for (index, one) in series.iter().enumerate() {
        if one.labels.len() != one.scores.len() {
            let what = format!("labels of series {}", index + 1);
            return Err(Error::data(what, format!("{}, one for each score", one.scores.len()), one.labels.len().to_string()));
        }
        if let Some(place) = one.scores.iter().position(|score| !score.is_finite()) {
            let what = format!("series {}, score {}", index + 1, place + 1);
            return Err(Error::data(what, "a finite number", one.scores[place].to_string()));
        }
        windows = worths(one, windows, &mut rows);
    }
    if windows == 0 {
        return Err(Error::data("labels", "at least one window after the probation", "none"));
    }
    rows.sort_by(|a, b| b.score.total_cmp(&a.score));
    Ok(best(&rows, windows))
}

/// Adds the rows of a series that count; the number of windows so far comes back.
fn worths(series: &NabSeries<'_>, mut windows: usize, rows: &mut Vec<Row>) -> usize {
    let labels = series.labels;
    let mut place = 0;
    // The window before: its last row and its length.
    let mut before: Option<(usize, usize)> = None;
    while place < labels.len() {
        if !labels[place] {
            let position = before.map_or(FAR, |(end, length)| (place - end) as f64 / (length.max(2) - 1) as f64);
            if place >= series.probation {
                rows.push(Row { score: series.scores[place], window: None, worth: sigmoid(position) * FALSE_ALARM });
            }
            place += 1;
            continue;
        }
        let length = labels[place..].iter().take_while(|label| **label).count();
        let end = place + length - 1;
        for row in place.max(series.probation)..=end {
            let position = -((end - row + 1) as f64) / length as f64;
            let worth = WINDOW * sigmoid(position) / sigmoid(-1.0);
            rows.push(Row { score: series.scores[row], window: Some(windows), worth });
        }
        windows += usize::from(end >= series.probation);
        before = Some((end, length));
        place = end + 1;
    }
    windows
}

/// From 1 well before the end of a window over 0 at its end to -1 well behind it.
fn sigmoid(position: f64) -> f64 {
    if position >= FAR { -1.0 } else { 2.0 / (1.0 + (5.0 * position).exp()) - 1.0 }
}

/// Lowers the threshold row by row and keeps the best.
fn best(rows: &[Row], windows: usize) -> NabScore {
    let least = -(windows as f64) * WINDOW;
    let mut best = NabScore { score: least, threshold: None, windows, found: 0, false_alarms: 0 };
    let mut yields = vec![-WINDOW; windows];
    let (mut score, mut found, mut false_alarms) = (least, 0, 0);
    for (index, row) in rows.iter().enumerate() {
        match row.window {
            Some(window) => {
                found += usize::from(yields[window] <= -WINDOW);
                let better = yields[window].max(row.worth);
                score += better - yields[window];
                yields[window] = better;
            }
            None => {
                false_alarms += 1;
                score += row.worth;
            }
        }
        if rows.get(index + 1).is_none_or(|next| next.score < row.score) && score > best.score {
            best = NabScore { score, threshold: Some(row.score), windows, found, false_alarms };
        }
    }
    best.score = 100.0 * (best.score - least) / (2.0 * windows as f64 * WINDOW);
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 100 rows with a window of 10 at 50.
    fn labels() -> Vec<bool> {
        (0..100).map(|row| (50..60).contains(&row)).collect()
    }

    fn scored(alarms: &[usize]) -> NabScore {
        let scores: Vec<f64> = (0..100).map(|row| f64::from(u8::from(alarms.contains(&row)))).collect();
        nab_score(&[NabSeries { scores: &scores, labels: &labels(), probation: 15 }]).unwrap()
    }

    #[test]
    fn an_alarm_at_the_beginning_of_a_window_is_perfect_and_none_is_nothing() {
        let perfect = scored(&[50]);
        assert!((perfect.score - 100.0).abs() < 1e-12, "{perfect:?}");
        assert_eq!((perfect.windows, perfect.found, perfect.false_alarms), (1, 1, 0));
        // Alarming everywhere would find the window, at more cost than it is worth.
        let constant = scored(&[]);
        assert_eq!((constant.score, constant.threshold, constant.found), (0.0, None, 0));
    }

    #[test]
    fn a_late_alarm_yields_less_and_a_false_one_costs() {
        // In the middle: sigmoid(-0.5) / sigmoid(-1) = 0.8598 of 1 above the miss at -1.
        assert!((scored(&[55]).score - 92.99).abs() < 0.01, "{:?}", scored(&[55]));
        // Before any window: 0.11 of 2.
        assert!((scored(&[20, 50]).score - 94.5).abs() < 1e-9, "{:?}", scored(&[20, 50]));
        // One row behind the window of 10: 0.11 * (1 - 2 / (1 + exp(5 / 9))) = 0.0298 of 2.
        assert!((scored(&[50, 60]).score - 98.511).abs() < 0.01, "{:?}", scored(&[50, 60]));
        // Within the probation: nothing.
        assert!((scored(&[3, 50]).score - 100.0).abs() < 1e-12);
    }

    #[test]
    fn what_cannot_be_scored_is_refused() {
        assert!(nab_score(&[]).is_err());
        assert!(nab_score(&[NabSeries { scores: &[1.0], labels: &[], probation: 0 }]).is_err());
        assert!(nab_score(&[NabSeries { scores: &[f64::NAN], labels: &[true], probation: 0 }]).is_err());
        assert!(nab_score(&[NabSeries { scores: &[1.0], labels: &[true], probation: 1 }]).is_err());
    }
}
