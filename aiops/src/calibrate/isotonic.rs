//! Scores as probabilities.

use serde::{Deserialize, Serialize};

use crate::boost::sigmoid;
use crate::error::{Error, Result};

/// How much of a probability is the score's own logistic function. It keeps the order of scores that isotonic regression makes
/// equal, and takes certainty from the ends; a hundredth moves no probability by more than that.
const OWN: f64 = 0.01;
/// The most knots of a model that is read.
const KNOTS: usize = 1 << 20;

/// Isotonic regression of outcomes on scores (Zadrozny and Elkan, KDD 2002), fitted by pooling adjacent violators (Ayer et al.
/// 1955), linear between the centres of its blocks (Oron and Flournoy 2017).
///
/// - A higher score never has a lower probability.
/// - Probabilities lie within 0 and 1, whatever the score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Isotonic {
    /// Mean score and mean outcome of each block, both ascending.
    knots: Vec<(f64, f64)>,
}

impl Isotonic {
    /// Fits outcomes on the scores that a model gave rows which it was not fitted on, the logarithms of odds.
    ///
    /// # Errors
    /// [`Error::Data`] for another number of outcomes than of scores, for none, and for a score that is not a finite number.
    pub fn fit(scores: &[f64], outcomes: &[bool]) -> Result<Self> {
        if scores.len() != outcomes.len() || scores.is_empty() {
            let found = format!("{} scores and {} outcomes", scores.len(), outcomes.len());
            return Err(Error::data("calibration", "an outcome for each score, and one at least", found));
        }
        if let Some(place) = scores.iter().position(|score| !score.is_finite()) {
            return Err(Error::data(format!("score {}", place + 1), "a finite number", scores[place].to_string()));
        }
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
        // Sum of scores, sum of outcomes, count.
        let mut blocks: Vec<(f64, f64, f64)> = Vec::new();
        let mut last = f64::NAN;
        for place in order {
            let hit = f64::from(outcomes[place]);
            match blocks.last_mut() {
                // Equal scores are one point.
                Some(block) if scores[place] == last => *block = (block.0 + scores[place], block.1 + hit, block.2 + 1.0),
                _ => {
                    pool(&mut blocks);
                    blocks.push((scores[place], hit, 1.0));
                }
            }
            last = scores[place];
        }
        pool(&mut blocks);
        Ok(Self { knots: blocks.iter().map(|(score, hits, count)| (score / count, hits / count)).collect() })
    }

    /// The probability that a score stands for.
    #[must_use]
    pub fn probability(&self, score: f64) -> f64 {
        let after = self.knots.partition_point(|knot| knot.0 <= score);
        let step = match (after.checked_sub(1).map(|before| self.knots[before]), self.knots.get(after)) {
            (Some(low), Some(high)) => low.1 + (high.1 - low.1) * ((score - low.0) / (high.0 - low.0)).clamp(0.0, 1.0),
            (Some(end), None) | (None, Some(&end)) => end.1,
            (None, None) => 0.5,
        };
        (step + OWN * (sigmoid(score) - step)).clamp(0.0, 1.0)
    }

    /// Checks what was read.
    pub(crate) fn check(&self) -> Result<()> {
        let inside = |knot: &(f64, f64)| knot.0.is_finite() && (0.0..=1.0).contains(&knot.1);
        let ascending = |pair: &[(f64, f64)]| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1;
        if self.knots.len() <= KNOTS && self.knots.iter().all(inside) && self.knots.windows(2).all(ascending) {
            return Ok(());
        }
        Err(Error::ModelFile { expected: "a calibration that rises".into(), found: "another one".into() })
    }
}

/// Makes one of the last blocks while the outcomes fall from one to the next.
fn pool(blocks: &mut Vec<(f64, f64, f64)>) {
    while let [.., low, high] = blocks[..] {
        if low.1 / low.2 < high.1 / high.2 {
            break;
        }
        blocks.truncate(blocks.len() - 2);
        blocks.push((low.0 + high.0, low.1 + high.1, low.2 + high.2));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn violators_are_pooled_and_the_rest_is_linear_between_the_centres() {
        let fitted = Isotonic::fit(&[1.0, 2.0, 3.0, 4.0, 5.0], &[false, true, false, true, true]).unwrap();
        assert_eq!(fitted.knots, [(1.0, 0.0), (2.5, 0.5), (4.5, 1.0)]);
        let own = |score: f64, step: f64| 0.99 * step + 0.01 * sigmoid(score);
        for (score, step) in [(0.0, 0.0), (1.75, 0.25), (2.5, 0.5), (9.0, 1.0)] {
            assert!((fitted.probability(score) - own(score, step)).abs() < 1e-12, "{score}");
        }
    }

    #[test]
    fn the_order_of_scores_is_kept_and_probabilities_are_within_their_range() {
        let scores: Vec<f64> = (0..300).map(|place| f64::from(place) / 50.0 - 3.0).collect();
        let outcomes: Vec<bool> = (0..300_u32).map(|place| place.wrapping_mul(2_654_435_761) >> 24 < place).collect();
        let fitted = Isotonic::fit(&scores, &outcomes).unwrap();
        let probabilities: Vec<f64> = scores.iter().map(|score| fitted.probability(*score)).collect();
        assert!(probabilities.windows(2).all(|pair| pair[0] < pair[1]));
        for score in [f64::MIN, f64::MAX, f64::INFINITY, f64::NEG_INFINITY] {
            assert!((0.0..=1.0).contains(&fitted.probability(score)));
        }
        assert!(fitted.check().is_ok());
    }

    #[test]
    fn what_cannot_be_fitted_is_refused() {
        assert!(Isotonic::fit(&[], &[]).is_err());
        assert!(Isotonic::fit(&[f64::NAN], &[true]).is_err());
        assert!(Isotonic::fit(&[1.0], &[true, false]).is_err());
    }
}
