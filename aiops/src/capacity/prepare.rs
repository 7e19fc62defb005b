//! From a series as it came to one that every member can work on.

use super::order::median;
use crate::data::Series;
use crate::error::{Error, Result};
use crate::model::Warning;

/// The newest points that are looked at; older ones say little of what comes, and cost time. At a value every minute this is
/// more than eleven days, at one every five minutes eight weeks, at one an hour nearly two years.
pub const NEWEST: usize = 16_384;

/// The fewest values that are not missing: one fewer, and no error of any forecast can be measured twice.
pub(super) const NEEDED: usize = 4;

/// From which share of missing values on there is a warning.
const MISSING: f64 = 0.2;

/// How many interquartile ranges from the quartiles a value is cut. Far beyond what Tukey's fences (1977) call far out (3):
/// only what would drown every other value in rounding is cut.
const FENCE: f64 = 1_000.0;

/// A series without gaps, scaled to at most 1 in absolute value.
#[derive(Debug)]
pub(super) struct Prepared {
    /// Scaled values, gaps filled along straight lines.
    pub(super) values: Vec<f64>,
    /// Which of them were there.
    pub(super) observed: Vec<bool>,
    /// What one of `values` is in the unit of the series.
    pub(super) scale: f64,
    /// Whether no value is negative.
    pub(super) non_negative: bool,
    pub(super) warnings: Vec<Warning>,
}

impl Prepared {
    /// Takes the newest points, cuts what is absurdly far out, scales, fills gaps. Values missing before the first one are
    /// dropped.
    ///
    /// # Errors
    /// [`Error::TooShort`] for fewer than four values that are not missing.
    pub(super) fn new(series: &Series) -> Result<Self> {
        let what = || format!("series {}", series.metric);
        let mut warnings = Vec::new();
        let all = series.values();
        let newest = &all[all.len().saturating_sub(NEWEST)..];
        if newest.len() < all.len() {
            warnings.push(Warning::TooLong { what: what(), used: NEWEST, found: all.len() });
        }
        let first = newest.iter().position(|value| !value.is_nan()).unwrap_or(newest.len());
        let values = &newest[first..];
        let observed: Vec<bool> = values.iter().map(|value| !value.is_nan()).collect();
        let mut present: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        if present.len() < NEEDED {
            return Err(Error::TooShort {
                what: format!("{}, without missing values,", what()),
                needed: NEEDED,
                found: present.len(),
            });
        }
        let share = 1.0 - present.len() as f64 / newest.len() as f64;
        if share >= MISSING {
            warnings.push(Warning::Missing { what: what(), share });
        }
        if present.iter().all(|value| *value == present[0]) {
            warnings.push(Warning::Constant { what: what() });
        }
        let (lowest, highest) = fences(&mut present);
        let cut = |value: f64| value.clamp(lowest, highest);
        let scale = present.iter().fold(0.0, |largest: f64, value| largest.max(cut(*value).abs()));
        let scale = if scale > 0.0 { scale } else { 1.0 };
        let scaled: Vec<f64> = values.iter().map(|value| cut(*value) / scale).collect();
        let non_negative = present.iter().all(|value| *value >= 0.0);
        Ok(Self { values: filled(scaled), observed, scale, non_negative, warnings })
    }

    /// In the unit of the series, and never infinite.
    pub(super) fn restore(&self, value: f64) -> f64 {
        (value * self.scale).clamp(f64::MIN, f64::MAX)
    }

    /// Moves what is before this place by so much.
    pub(super) fn raise_before(&mut self, place: usize, by: f64) {
        self.values[..place].iter_mut().for_each(|value| *value += by);
        self.non_negative &= self.values.iter().all(|value| *value >= 0.0);
    }

    /// Fills each gap with what was there one season before, where that is known.
    pub(super) fn fill_by_season(&mut self, season: usize) {
        for place in season..self.values.len() {
            if !self.observed[place] {
                self.values[place] = self.values[place - season];
            }
        }
    }
}

/// Below and above what values are cut; nothing is where more than half of the values are the same.
fn fences(present: &mut [f64]) -> (f64, f64) {
    let Some(centre) = median(present) else { return (f64::MIN, f64::MAX) };
    let middle = (present.len() - 1) / 2;
    let lower = median(&mut present[..=middle]).unwrap_or(centre);
    let upper = median(&mut present[middle..]).unwrap_or(centre);
    let reach = (upper * 0.5 - lower * 0.5) * 2.0 * FENCE;
    if reach > 0.0 && reach.is_finite() {
        ((lower - reach).max(f64::MIN), (upper + reach).min(f64::MAX))
    } else {
        (f64::MIN, f64::MAX)
    }
}

/// The values with gaps filled along straight lines, after the last one by it. The first one is there.
fn filled(mut values: Vec<f64>) -> Vec<f64> {
    let mut known = 0;
    for place in 1..values.len() {
        if values[place].is_nan() {
            continue;
        }
        let (from, to, steps) = (values[known], values[place], (place - known) as f64);
        for (number, gap) in values[known + 1..place].iter_mut().enumerate() {
            *gap = from + (to - from) * (number + 1) as f64 / steps;
        }
        known = place;
    }
    let last = values[known];
    values[known + 1..].fill(last);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(values: &[f64]) -> Result<Prepared> {
        Prepared::new(&Series::new("disk", None, 0, 60, values.to_vec()).unwrap())
    }

    #[test]
    fn gaps_are_filled_and_known_as_such() {
        let nan = f64::NAN;
        let mut prepared = prepared(&[nan, 1.0, nan, 2.0, 4.0, nan, 4.0, nan]).unwrap();
        assert_eq!(prepared.values, [0.25, 0.375, 0.5, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(prepared.observed, [true, false, true, true, false, true, false]);
        assert!(matches!(prepared.warnings[..], [Warning::Missing { .. }]));
        prepared.fill_by_season(2);
        assert_eq!(prepared.values, [0.25, 0.375, 0.5, 1.0, 0.5, 1.0, 0.5]);
    }

    #[test]
    fn too_few_values_are_refused_with_their_number() {
        let error = prepared(&[1.0, f64::NAN, 2.0, 3.0]).unwrap_err();
        assert!(matches!(error, Error::TooShort { needed: 4, found: 3, .. }), "{error}");
        assert!(prepared(&[]).is_err());
    }

    #[test]
    fn absurd_values_are_cut_and_the_largest_kept_finite() {
        let mut values: Vec<f64> = (0..40).map(f64::from).collect();
        values[20] = 1e300;
        let cut = prepared(&values).unwrap();
        assert!(cut.scale < 1e6, "{}", cut.scale);
        let large = prepared(&[f64::MAX, f64::MIN, f64::MAX, f64::MIN, f64::MAX]).unwrap();
        assert_eq!(large.restore(3.0), f64::MAX);
        assert!(large.values.iter().all(|value| value.abs() <= 1.0));
    }
}
