//! A range that is known, and slowly forgotten.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// By this share of itself the range that is known shrinks at each end with each value, so that after one extreme value a
/// smaller one is new again: by half in 11,500 values, forty days of five minutes.
const FORGOTTEN: f64 = 3e-5;
/// Farther than so many ranges outside, nothing is newer.
const NEWEST: f64 = 1e6;

/// A range that is known.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Known {
    bounds: Option<(f64, f64)>,
}

impl Known {
    /// How many of its lengths the value lies outside; the range then holds it.
    pub(super) fn observe(&mut self, value: f64) -> f64 {
        // What was read may be anything: a range that is none is begun anew.
        let bounds = self.bounds.filter(|(low, high)| low.is_finite() && high.is_finite() && low <= high);
        let Some((low, high)) = bounds else {
            self.bounds = Some((value, value));
            return 0.0;
        };
        // Halves: the length of a range may be more than the largest number.
        let half = high / 2.0 - low / 2.0;
        let outside = (value / 2.0 - high / 2.0).max(low / 2.0 - value / 2.0).max(0.0);
        let shrunk = half * 2.0 * FORGOTTEN;
        let shrunk = if shrunk.is_finite() { shrunk } else { 0.0 };
        self.bounds = Some(((low + shrunk).min(value), (high - shrunk).max(value)));
        match outside {
            0.0 => 0.0,
            _ if half > 0.0 => (outside / half).min(NEWEST),
            _ => NEWEST,
        }
    }

    /// Its upper end; 0 where nothing is known.
    pub(super) fn high(&self) -> f64 {
        self.bounds.map_or(0.0, |(_, high)| high)
    }

    /// Its length; 0 where nothing is known.
    pub(super) fn length(&self) -> f64 {
        self.bounds.map_or(0.0, |(low, high)| high - low)
    }

    pub(super) fn check(&self) -> Result<()> {
        match self.bounds {
            Some((low, high)) if !(low.is_finite() && high.is_finite() && low <= high) => {
                Err(Error::ModelFile { expected: "a range of finite numbers".into(), found: format!("{low} to {high}") })
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_grows_at_once_and_shrinks_slowly() {
        let mut known = Known::default();
        assert_eq!((known.observe(1.0), known.observe(3.0), known.length()), (0.0, NEWEST, 2.0));
        assert_eq!((known.observe(5.0), known.high(), known.length() < 4.0), (1.0, 5.0, true));
        (0..30_000).for_each(|_| _ = known.observe(2.0));
        assert!(known.length() < 1.5 && known.check().is_ok(), "{known:?}");
        assert!(Known { bounds: Some((f64::NAN, 1.0)) }.check().is_err());
    }
}
