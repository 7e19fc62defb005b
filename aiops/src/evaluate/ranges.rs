//! How well scores rank the points of labelled ranges: volume under the surface of range-based precision and recall.
//!
//! Paparrizos et al., "Volume Under the Surface: A New Accuracy Evaluation Measure for Time-Series Anomaly Detection", PVLDB
//! 15(11), 2022, as the benchmark TSB-AD (Liu & Paparrizos, NeurIPS 2024) computes it: labels are widened on both sides by a
//! buffer whose value falls with the square root of the distance, recall is weighted by the share of ranges that were found
//! at all, and the areas are averaged over every width of the buffer.

use crate::error::{Error, Result};

/// How many thresholds each curve has, as TSB-AD takes them: at evenly spaced ranks of the scores.
const THRESHOLDS: usize = 250;

/// The areas under both curves, each the mean over the widths of the buffer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RangeAreas {
    /// Volume under the precision-recall surface, the measure that counts where anomalies are rare.
    pub precision_recall: f64,
    /// Volume under the receiver operating surface.
    pub receiver_operating: f64,
}

/// First and last place of a range, both in it.
type Range = (usize, usize);

/// The areas for these scores and labels (true is anomalous), for every buffer width from 0 to `window` points.
///
/// # Errors
/// [`Error::Data`] for another number of labels than of scores, a score that is not finite, or no anomalous point.
pub fn range_areas(labels: &[bool], scores: &[f64], window: usize) -> Result<RangeAreas> {
    if labels.len() != scores.len() {
        return Err(Error::data("labels", format!("{}, one for each score", scores.len()), labels.len().to_string()));
    }
    if let Some(place) = scores.iter().position(|score| !score.is_finite()) {
        return Err(Error::data(format!("score {}", place + 1), "a finite number", scores[place].to_string()));
    }
    let ranges = ranges(labels);
    if ranges.is_empty() {
        return Err(Error::data("labels", "at least one anomalous point", "none"));
    }
    let ranking = Ranking::new(labels, scores);
    let (mut precision_recall, mut receiver_operating) = (0.0, 0.0);
    for width in 0..=window {
        let areas = ranking.areas(labels, &ranges, width);
        precision_recall += areas.precision_recall;
        receiver_operating += areas.receiver_operating;
    }
    let widths = (window + 1) as f64;
    Ok(RangeAreas { precision_recall: precision_recall / widths, receiver_operating: receiver_operating / widths })
}

/// What does not depend on the width of the buffer.
struct Ranking {
    /// For each point, the first threshold that it reaches.
    reached: Vec<usize>,
    /// For each threshold, how many points reach it.
    alarms: Vec<f64>,
    /// For each threshold, how many points within a label reach it.
    hits: Vec<f64>,
}

impl Ranking {
    fn new(labels: &[bool], scores: &[f64]) -> Self {
        let mut sorted = scores.to_vec();
        sorted.sort_by(|a, b| b.total_cmp(a));
        let step = (scores.len() - 1) as f64 / (THRESHOLDS - 1) as f64;
        let place = |index: usize| if index == THRESHOLDS - 1 { scores.len() - 1 } else { (index as f64 * step) as usize };
        let thresholds: Vec<f64> = (0..THRESHOLDS).map(|index| sorted[place(index)]).collect();
        let reached: Vec<usize> = scores.iter().map(|score| thresholds.partition_point(|threshold| threshold > score)).collect();
        let alarms = cumulative(reached.iter().map(|at| (*at, 1.0)));
        let hits = cumulative(reached.iter().zip(labels).map(|(at, label)| (*at, f64::from(u8::from(*label)))));
        Self { reached, alarms, hits }
    }

    fn areas(&self, labels: &[bool], ranges: &[Range], width: usize) -> RangeAreas {
        let points = labels.len() as f64;
        let positives = ranges.iter().map(|(start, end)| (end - start + 1) as f64).sum::<f64>();
        let weights = widened(labels, ranges, width);
        let true_positives = cumulative(self.reached.iter().copied().zip(weights));
        let segments = segments(ranges, labels.len(), width / 2);
        let first = |&(start, end): &Range| (start..=end).map(|place| self.reached[place]).min().unwrap_or(THRESHOLDS);
        let found = cumulative(segments.iter().map(|segment| (first(segment), 1.0)));
        let (mut precision_area, mut operating_area, mut recall, mut fall_out) = (0.0, 0.0, 0.0, 0.0);
        for index in 0..THRESHOLDS {
            let weighted = true_positives[index];
            let wanted = (2.0 * positives + weighted - self.hits[index]) / 2.0;
            let next_recall = (weighted / wanted).min(1.0) * found[index] / segments.len() as f64;
            let next_fall_out = if points > wanted { (self.alarms[index] - weighted) / (points - wanted) } else { fall_out };
            precision_area += (next_recall - recall) * weighted / self.alarms[index];
            operating_area += (next_fall_out - fall_out) * f64::midpoint(next_recall, recall);
            (recall, fall_out) = (next_recall, next_fall_out);
        }
        operating_area += (1.0 - fall_out) * f64::midpoint(1.0, recall);
        RangeAreas { precision_recall: precision_area, receiver_operating: operating_area }
    }
}

/// The sum of the values up to each threshold.
fn cumulative(values: impl Iterator<Item = (usize, f64)>) -> Vec<f64> {
    let mut sums = vec![0.0; THRESHOLDS + 1];
    for (at, value) in values {
        sums[at] += value;
    }
    for index in 1..THRESHOLDS {
        sums[index] += sums[index - 1];
    }
    sums
}

/// The ranges of consecutive anomalous points.
fn ranges(labels: &[bool]) -> Vec<Range> {
    let mut ranges: Vec<Range> = Vec::new();
    for (place, _) in labels.iter().enumerate().filter(|(_, label)| **label) {
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == place => *end = place,
            _ => ranges.push((place, place)),
        }
    }
    ranges
}

/// Labels as weights: 1 within a range, `sqrt(1 - distance / width)` up to `width / 2` points from it.
fn widened(labels: &[bool], ranges: &[Range], width: usize) -> Vec<f64> {
    let mut weights: Vec<f64> = labels.iter().map(|label| f64::from(u8::from(*label))).collect();
    let half = width / 2;
    for &(start, end) in ranges {
        let after = (end + 1..(end + half + 1).min(labels.len())).map(|place| (place, place - end));
        let before = (start.saturating_sub(half)..start).map(|place| (place, start - place));
        for (place, distance) in after.chain(before) {
            weights[place] += (1.0 - distance as f64 / width as f64).sqrt();
        }
    }
    weights.iter_mut().for_each(|weight| *weight = weight.min(1.0));
    weights
}

/// The ranges with their buffers; those whose buffers touch are one.
fn segments(ranges: &[Range], points: usize, half: usize) -> Vec<Range> {
    let mut segments: Vec<Range> = Vec::new();
    for &(start, end) in ranges {
        let widened = (start.saturating_sub(half), (end + half).min(points - 1));
        match segments.last_mut() {
            Some(last) if last.1 >= widened.0 => last.1 = widened.1,
            _ => segments.push(widened),
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<bool> {
        text.bytes().map(|byte| byte == b'1').collect()
    }

    #[test]
    fn perfect_scores_fill_the_surface_without_a_buffer() {
        let labels = labels("0000011100000000");
        let scores: Vec<f64> = labels.iter().map(|label| f64::from(u8::from(*label))).collect();
        let areas = range_areas(&labels, &scores, 0).unwrap();
        assert!((areas.precision_recall - 1.0).abs() < 1e-12 && (areas.receiver_operating - 1.0).abs() < 1e-12, "{areas:?}");
    }

    #[test]
    fn the_areas_are_those_of_the_definition_written_out() {
        // From a direct transcription of the definition in numpy, threshold by threshold and point by point.
        let first = labels("0001100000000010000000000111100000001000");
        let scores: Vec<f64> = (0..first.len()).map(|place| (place * 7919 % 101) as f64 / 101.0).collect();
        let expected = [
            (0, 0.237_191_524_148_949, 0.501_953_125),
            (4, 0.319_728_499_813_294, 0.615_664_882_116_921),
            (9, 0.516_913_011_883_796, 0.760_537_002_624_454),
            (20, 0.753_337_259_650_062, 0.881_481_066_627_137),
        ];
        for (window, precision_recall, receiver_operating) in expected {
            let areas = range_areas(&first, &scores, window).unwrap();
            assert!((areas.precision_recall - precision_recall).abs() < 1e-12, "{window}: {areas:?}");
            assert!((areas.receiver_operating - receiver_operating).abs() < 1e-12, "{window}: {areas:?}");
        }
        // Ranges at both ends, and equal scores.
        let second = labels("110000000011100000000000000001");
        let scores: Vec<f64> = (0..second.len()).map(|place| (place * place * 31 % 17) as f64).collect();
        for (window, precision_recall) in [(0, 0.238_552_188_552_189), (6, 0.345_509_599_722_918), (40, 0.821_749_334_024_873)] {
            let areas = range_areas(&second, &scores, window).unwrap();
            assert!((areas.precision_recall - precision_recall).abs() < 1e-12, "{window}: {areas:?}");
        }
    }

    #[test]
    fn what_cannot_be_measured_is_refused() {
        assert!(range_areas(&[true], &[1.0, 2.0], 1).is_err());
        assert!(range_areas(&[true, false], &[1.0, f64::NAN], 1).is_err());
        assert!(range_areas(&[false, false], &[1.0, 2.0], 1).is_err());
        assert!(range_areas(&[], &[], 1).is_err());
        assert!(range_areas(&[true], &[1.0], 1000).is_ok());
    }
}
