//! A score over time: what lasts counts more, and what is over is held for a while.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::model::Model;

/// So many rows a peak is held. An operator looks at minutes, not at a sample; with one row a minute this is a quarter of an
/// hour.
const HELD: usize = 16;
/// The share of the newest row in the running mean, which so looks back about as far (Roberts, "Control Chart Tests Based on
/// Geometric Moving Averages", Technometrics 1, 1959).
const SHARE: f64 = 0.1;
/// A score above is taken as this: the product of two stays finite.
const HIGHEST: f64 = 1e150;

/// The geometric mean of the highest score of the last rows and the running mean of all.
pub(super) struct Persistence;

/// What [`MultivariateModel`](super::MultivariateModel) remembers of the rows before: their last 16 scores and a mean.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PersistenceState {
    recent: Vec<f64>,
    next: usize,
    mean: Option<f64>,
}

impl Persistence {
    pub(super) fn observe(state: &mut PersistenceState, score: f64) -> f64 {
        let score = score.clamp(0.0, HIGHEST);
        // A state that was read is anyone's: it may be too long or hold what no score is.
        state.recent.truncate(HELD);
        if state.recent.len() < HELD {
            state.recent.push(score);
        } else {
            state.next %= HELD;
            state.recent[state.next] = score;
            state.next += 1;
        }
        let before = state.mean.filter(|mean| (0.0..=HIGHEST).contains(mean)).unwrap_or(score);
        let mean = before + SHARE * (score - before);
        state.mean = Some(mean);
        let highest = state.recent.iter().copied().filter(|recent| *recent <= HIGHEST).fold(0.0, f64::max);
        (highest * mean.max(0.0)).sqrt()
    }
}

impl Model for PersistenceState {
    const KIND: &'static str = "anomaly-persistence";
    const FORMAT: u16 = 1;

    fn check(&self) -> Result<()> {
        let scores = self.recent.iter().chain(&self.mean).all(|score| (0.0..=HIGHEST).contains(score));
        if scores && self.recent.len() <= HELD && self.next <= HELD {
            return Ok(());
        }
        Err(Error::ModelFile { expected: format!("at most {HELD} scores that are 0 or more"), found: "others".into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observed(scores: &[f64]) -> Vec<f64> {
        let mut state = PersistenceState::default();
        scores.iter().map(|score| Persistence::observe(&mut state, *score)).collect()
    }

    #[test]
    fn a_peak_is_held_and_then_forgotten() {
        let mut scores = vec![1.0; 40];
        scores[20] = 100.0;
        let held = observed(&scores);
        assert_eq!(held[19], 1.0);
        assert!(held[20] > 30.0 && held[35] > 10.0 && held[36] < 3.0, "{held:?}");
    }

    #[test]
    fn what_lasts_counts_more_than_what_flashes() {
        let mut scores = vec![1.0; 40];
        scores[20] = 100.0;
        let flash = observed(&scores)[29];
        scores[20..30].fill(100.0);
        assert!(observed(&scores)[29] > 2.0 * flash);
        assert!(observed(&[f64::MAX, f64::MAX]).iter().all(|score| score.is_finite()));
    }

    #[test]
    fn a_foreign_state_does_no_harm() {
        let mut state = PersistenceState { recent: vec![f64::NAN; 99], next: usize::MAX, mean: Some(f64::INFINITY) };
        assert!(Persistence::observe(&mut state, 1.0).is_finite());
        assert_eq!(state.recent.len(), HELD);
    }
}
