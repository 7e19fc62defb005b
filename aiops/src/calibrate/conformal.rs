//! Values with intervals that hold as often as they say.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The fewest rows of a bin: a tenth of them is 20.
const FEWEST: usize = 200;
/// The most bins.
const BINS: usize = 12;

/// A value within an interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The value.
    pub point: f64,
    /// Where the interval begins; not above the value.
    pub lower: f64,
    /// Where it ends; not below the value.
    pub upper: f64,
    /// How often it holds: 0.9 is nine times in ten.
    pub level: f64,
}

/// Conformal intervals from predictions of rows that the model was not fitted on (cross-conformal: Vovk 2015; Barber et al., CV+,
/// Annals of Statistics 2021), by what came (label-conditional: Vovk et al. 2005, section 4.5).
///
/// For each value that may come there is a range that its predictions lie in as often as the level says, as much of the rest below
/// as above; the interval of a prediction is what has it in its range, the belt of Neyman 1937. So it holds as often for small as
/// for large values, however common either is among the rows that are asked about: remaining lives of engines near their end and
/// of new ones are spread otherwise where it is asked than in the training. Where many rows share the greatest value, as at a cap,
/// that has a range of its own, with nothing above it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conformal {
    level: f64,
    belt: Vec<Range>,
    cap: Option<Cap>,
}

/// Where the predictions of a value lie. Each end ascends along the belt.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Range {
    value: f64,
    lower: f64,
    upper: f64,
}

/// The value that many rows share at the end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Cap {
    value: f64,
    /// From which prediction on it may come.
    lower: f64,
    /// The greatest value below it.
    before: f64,
}

impl Conformal {
    /// Fits intervals of one level on what was predicted out of fold and what came.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a level that is not between 0 and 1; [`Error::Data`] for another number of outcomes than of
    /// predictions, for none, and for one that is not a number between -1e100 and 1e100.
    pub fn fit(predicted: &[f64], came: &[f64], level: f64) -> Result<Self> {
        if !(level > 0.0 && level < 1.0) {
            return Err(Error::Parameter { name: "level", expected: "a number between 0 and 1", found: level.to_string() });
        }
        if predicted.len() != came.len() || predicted.is_empty() {
            let found = format!("{} predictions and {} outcomes", predicted.len(), came.len());
            return Err(Error::data("calibration", "an outcome for each prediction, and one at least", found));
        }
        if let Some(value) = predicted.iter().chain(came).find(|value| !(-1e100..=1e100).contains(*value)) {
            return Err(Error::data("calibration", "numbers between -1e100 and 1e100", value.to_string()));
        }
        let mut order: Vec<usize> = (0..predicted.len()).collect();
        order.sort_by(|a, b| came[*a].total_cmp(&came[*b]).then(predicted[*a].total_cmp(&predicted[*b])));
        let most = came[order[order.len() - 1]];
        let shared = order.partition_point(|row| came[*row] < most);
        let (below, capped) = order.split_at(if order.len() - shared >= FEWEST { shared } else { order.len() });
        let cap = below.last().filter(|_| !capped.is_empty()).map(|last| {
            let place = share(capped.len(), 1.0 - level);
            Cap { value: most, lower: predicted[capped[place]], before: came[*last] }
        });
        let below = if below.is_empty() { capped } else { below };
        Ok(Self { level, belt: belt(below, predicted, came, level), cap })
    }

    /// The interval around a prediction.
    #[must_use]
    pub fn interval(&self, point: f64) -> Interval {
        let lower = self.value_at(point, |range| range.upper, |end| end < point);
        let upper = match self.cap {
            Some(cap) if point >= cap.lower => cap.value,
            Some(cap) => self.value_at(point, |range| range.lower, |end| end <= point).min(cap.before),
            None => self.value_at(point, |range| range.lower, |end| end <= point),
        };
        Interval { point, lower: lower.min(point), upper: upper.max(point), level: self.level }
    }

    /// Where an end of the belt passes a prediction: linear between values, and as far from them beyond the first and the last.
    fn value_at(&self, point: f64, end: impl Fn(&Range) -> f64, passed: impl Fn(f64) -> bool) -> f64 {
        let after = self.belt.partition_point(|range| passed(end(range)));
        match (after.checked_sub(1).map(|before| &self.belt[before]), self.belt.get(after)) {
            (Some(low), Some(high)) => {
                let share = ((point - end(low)) / (end(high) - end(low))).clamp(0.0, 1.0);
                low.value + share * (high.value - low.value)
            }
            (Some(range), None) | (None, Some(range)) => point + (range.value - end(range)),
            (None, None) => point,
        }
    }

    /// How often the intervals hold.
    #[must_use]
    pub const fn level(&self) -> f64 {
        self.level
    }

    /// Checks what was read.
    pub(crate) fn check(&self) -> Result<()> {
        let finite = |values: [f64; 3]| values.iter().all(|value| value.abs() <= 1e100);
        let inside = self.belt.iter().all(|range| finite([range.value, range.lower, range.upper]))
            && self.cap.is_none_or(|cap| finite([cap.value, cap.lower, cap.before]) && cap.before < cap.value);
        let ascending = self
            .belt
            .windows(2)
            .all(|pair| pair[0].value < pair[1].value && pair[0].lower <= pair[1].lower && pair[0].upper <= pair[1].upper);
        if self.level > 0.0 && self.level < 1.0 && self.belt.len() <= BINS && inside && ascending {
            return Ok(());
        }
        Err(Error::ModelFile { expected: "intervals of finite numbers".into(), found: "others".into() })
    }
}

/// The ranges of rows in the order of what came, at the middles of bins of as many each.
fn belt(rows: &[usize], predicted: &[f64], came: &[f64], level: f64) -> Vec<Range> {
    let count = (rows.len() / FEWEST).clamp(1, BINS);
    let mut belt: Vec<Range> = Vec::with_capacity(count);
    for bin in 0..count {
        let rows = &rows[bin * rows.len() / count..(bin + 1) * rows.len() / count];
        let mut errors: Vec<f64> = rows.iter().map(|row| predicted[*row] - came[*row]).collect();
        errors.sort_unstable_by(f64::total_cmp);
        let tail = share(errors.len(), (1.0 - level) / 2.0);
        let value = came[rows[rows.len() / 2]];
        if belt.last().is_none_or(|last| last.value < value) {
            let least = belt.last().map_or(f64::NEG_INFINITY, |last| last.upper);
            let upper = (value + errors[errors.len() - 1 - tail]).max(least);
            belt.push(Range { value, lower: value + errors[tail], upper });
        }
    }
    // What may come is in one piece: the lower ends ascend, too.
    let mut most = f64::INFINITY;
    for range in belt.iter_mut().rev() {
        range.lower = range.lower.min(most);
        most = range.lower;
    }
    belt
}

/// How many of so many values are left out at an end, so that both sides keep one. Rounded to the nearest: models of the folds err
/// a little more than the one that answers, so that counting one value more (Vovk et al. 2005) would be too much.
fn share(count: usize, share: f64) -> usize {
    ((share * count as f64).round() as usize).min((count - 1) / 2)
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{RngCore, SeedableRng};

    use super::*;

    #[test]
    fn intervals_hold_for_small_and_for_large_values() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let noise: Vec<f64> = (0..4000).map(|_| f64::from(random.next_u32()) / f64::from(u32::MAX) - 0.5).collect();
        let came: Vec<f64> = (0..4000).map(|row| f64::from(row) / 40.0).collect();
        let predicted: Vec<f64> = came.iter().zip(&noise).map(|(came, noise)| came * (1.0 + noise / 2.0)).collect();
        let conformal = Conformal::fit(&predicted, &came, 0.9).unwrap();
        let held = |range: std::ops::Range<usize>| {
            let count = range.len();
            let inside = |row: &usize| {
                let interval = conformal.interval(predicted[*row]);
                (interval.lower..=interval.upper).contains(&came[*row])
            };
            range.filter(inside).count() as f64 / count as f64
        };
        assert!((held(0..4000) - 0.9).abs() < 0.025, "{}", held(0..4000));
        assert!((held(1000..2000) - 0.9).abs() < 0.03, "{}", held(1000..2000));
        assert!(conformal.interval(90.0).upper - 90.0 > 3.0 * (conformal.interval(20.0).upper - 20.0));
        assert!(conformal.check().is_ok());
    }

    #[test]
    fn a_cap_that_many_share_has_a_range_of_its_own() {
        // Up to 100 the prediction is what came, give or take ten; then it came as 100, and was predicted from 90 on.
        let came: Vec<f64> = (0..4000).map(|row| f64::from(row.min(2000)) / 20.0).collect();
        let predicted: Vec<f64> = (0..4000)
            .map(
                |row| if row < 2000 { came[row as usize] + f64::from(row % 21 - 10) } else { 90.0 + f64::from(row % 100) / 10.0 },
            )
            .collect();
        let conformal = Conformal::fit(&predicted, &came, 0.9).unwrap();
        assert_eq!(conformal.interval(91.5).upper, 100.0);
        assert!(conformal.interval(89.0).upper < 100.0);
        let middle = conformal.interval(50.0);
        assert!((middle.lower - 41.0).abs() < 1.5 && (middle.upper - 59.0).abs() < 1.5, "{middle:?}");
        let capped = (2000..4000).filter(|row| conformal.interval(predicted[*row]).upper >= 100.0).count();
        assert!((1780..=1830).contains(&capped), "{capped}");
    }

    #[test]
    fn what_cannot_be_fitted_is_refused() {
        assert!(Conformal::fit(&[], &[], 0.9).is_err());
        assert!(Conformal::fit(&[1.0], &[1.0], 1.0).is_err());
        assert!(Conformal::fit(&[1.0], &[f64::NAN], 0.9).is_err());
    }
}
