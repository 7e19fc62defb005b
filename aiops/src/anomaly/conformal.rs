//! How rare a score is among normal ones.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// So many scores are kept: the smallest p-value is about this one's inverse.
const KEPT: usize = 8192;

/// So many times beyond the largest of them, nothing is rarer.
const FARTHEST: f64 = 1e40;

/// Scores of data that the model did not learn from, as conformal prediction needs them (Vovk, Gammerman & Shafer,
/// "Algorithmic Learning in a Random World", 2005, section 2.2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Calibration {
    /// From the smallest to the largest; never empty.
    scores: Vec<f64>,
}

impl Calibration {
    /// Of more than 8,192 scores evenly spaced ranks are kept, the smallest and the largest among them.
    pub(super) fn new(mut scores: Vec<f64>) -> Self {
        scores.retain(|score| score.is_finite());
        scores.sort_by(f64::total_cmp);
        if scores.len() > KEPT {
            let last = scores.len() - 1;
            scores = (0..KEPT).map(|index| scores[index * last / (KEPT - 1)]).collect();
        }
        if scores.is_empty() {
            scores.push(0.0);
        }
        Self { scores }
    }

    /// The share of normal scores that are at least as high, this one among them: in (0, 1], and uniform for normal data.
    pub(super) fn p_value(&self, score: f64) -> f64 {
        let below = self.scores.partition_point(|kept| *kept < score);
        (self.scores.len() - below + 1) as f64 / (self.scores.len() + 1) as f64
    }

    /// How rare a score is, the inverse of its p-value; beyond the largest that was seen it grows on with their ratio, so that
    /// the strangest rows still have an order.
    pub(super) fn rarity(&self, score: f64) -> f64 {
        Self::beyond(score, self.scores.last()) / self.p_value(score)
    }

    /// How rare one of the scores that it was made of is among the others: as a new one is among all, so that the rarities of
    /// both are distributed alike.
    pub(super) fn rarity_among_others(&self, score: f64) -> f64 {
        let below = self.scores.partition_point(|kept| *kept < score);
        // Of many scores not all were kept.
        if self.scores.get(below) != Some(&score) {
            return self.rarity(score);
        }
        let others = self.scores.len() - 1;
        let largest =
            if below == others { others.checked_sub(1).and_then(|last| self.scores.get(last)) } else { self.scores.last() };
        Self::beyond(score, largest) * self.scores.len() as f64 / (self.scores.len() - below) as f64
    }

    fn beyond(score: f64, largest: Option<&f64>) -> f64 {
        match largest {
            Some(largest) if score > *largest && *largest > 0.0 => (score / largest).min(FARTHEST),
            _ => 1.0,
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        let sorted = self.scores.windows(2).all(|pair| pair[0] <= pair[1]);
        if self.scores.is_empty() || !sorted || !self.scores.iter().all(|score| score.is_finite()) {
            let expected = "calibration scores that are finite and sorted".to_owned();
            return Err(Error::ModelFile { expected, found: "others".into() });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_p_value_is_the_share_of_scores_at_least_as_high() {
        let calibration = Calibration::new(vec![3.0, 1.0, 2.0, f64::NAN]);
        assert_eq!(calibration.p_value(0.0), 1.0);
        assert_eq!(calibration.p_value(2.0), 0.75);
        assert_eq!(calibration.p_value(9.0), 0.25);
        assert!(calibration.rarity(9.0) > calibration.rarity(3.1));
        assert_eq!(calibration.rarity(2.0), 4.0 / 3.0);
        assert_eq!(calibration.rarity(6.0), 8.0);
        assert_eq!(Calibration::new(Vec::new()).p_value(1.0), 0.5);
    }

    #[test]
    fn a_score_among_the_others_is_as_rare_as_a_new_one_among_them() {
        let scores = [3.0, 1.0, 2.0, 2.0, 7.0];
        let all = Calibration::new(scores.to_vec());
        for (place, score) in scores.iter().enumerate() {
            let mut others = scores.to_vec();
            others.remove(place);
            let (one, other) = (all.rarity_among_others(*score), Calibration::new(others).rarity(*score));
            assert!((one - other).abs() < 1e-12, "{score}: {one} {other}");
        }
        assert_eq!(Calibration::new(vec![1.0]).rarity_among_others(1.0), 1.0);
    }

    #[test]
    fn many_scores_are_thinned_to_their_ranks() {
        let calibration = Calibration::new((0..100_000).map(f64::from).collect());
        assert_eq!(calibration.scores.len(), KEPT);
        assert!((calibration.p_value(90_000.0) - 0.1).abs() < 1e-3);
        assert!(calibration.check().is_ok());
        assert!(Calibration { scores: vec![2.0, 1.0] }.check().is_err());
    }
}
