//! Where a score lies among those of normal data.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Ranks up to this one are kept each; above, each is about 1/20 further than the one before.
const EXACT: usize = 64;

/// The scores of normal rows that a model has not seen, thinned out: a few hundred of them, however many there were.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Ranks {
    /// Scores, the highest first, with how many there are from the top to each, itself counted.
    kept: Vec<(f64, u64)>,
    count: u64,
}

impl Ranks {
    /// Takes scores in any order.
    pub(super) fn new(mut scores: Vec<f64>) -> Self {
        scores.sort_unstable_by(|a, b| b.total_cmp(a));
        let mut kept = Vec::new();
        let mut rank = 1;
        while rank <= scores.len() {
            kept.push((scores[rank - 1], rank as u64));
            rank += if rank < EXACT { 1 } else { rank / 20 };
        }
        if let Some(least) = scores.last() {
            kept.push((*least, scores.len() as u64));
        }
        Self { kept, count: scores.len() as u64 }
    }

    /// The conformal p-value (Vovk, Gammerman and Shafer, "Algorithmic Learning in a Random World", 2005): the share of normal
    /// scores, the new one counted among them, that are at least as high. Where ranks were thinned out, the next lower one's.
    pub(super) fn p_value(&self, score: f64) -> f64 {
        let place = self.kept.partition_point(|(kept, _)| *kept >= score);
        let above = match self.kept.get(place) {
            // The scores between this one and the one before may lie on either side.
            Some((_, rank)) => rank - 1,
            None => self.count,
        };
        (above + 1) as f64 / (self.count + 1) as f64
    }

    /// The score that at most this share of the normal ones lie above. Only scores higher than it are alarms.
    pub(super) fn threshold(scores: &mut [f64], budget: f64) -> f64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length is a place")]
        let allowed = (budget * scores.len() as f64) as usize;
        if scores.is_empty() {
            return 0.0;
        }
        let place = allowed.min(scores.len() - 1);
        *scores.select_nth_unstable_by(place, |a, b| b.total_cmp(a)).1
    }

    /// As [`Ranks::threshold`], from the scores that were kept: lower budgets exactly, higher ones at most 1/20 too strictly.
    pub(super) fn score_at(&self, budget: f64) -> f64 {
        let allowed = budget * self.count as f64;
        let place = self.kept.partition_point(|(_, rank)| (rank - 1) as f64 <= allowed);
        self.kept.get(place.saturating_sub(1)).map_or(0.0, |(score, _)| *score)
    }

    /// Checks what was read.
    pub(super) fn check(&self) -> Result<()> {
        let sorted = self.kept.windows(2).all(|pair| pair[0].0 >= pair[1].0 && pair[0].1 <= pair[1].1);
        let ranks = self.kept.iter().all(|(score, rank)| score.is_finite() && (1..=self.count).contains(rank));
        if sorted && ranks && self.count < 1 << 53 && !self.kept.is_empty() {
            return Ok(());
        }
        Err(Error::ModelFile { expected: "scores of normal rows from the highest on".into(), found: "others".into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_count_those_that_are_as_high() {
        let ranks = Ranks::new((1..=9).map(f64::from).collect());
        assert!(ranks.check().is_ok());
        for (score, p) in [(10.0, 0.1), (9.0, 0.2), (8.5, 0.2), (1.0, 1.0), (0.0, 1.0)] {
            assert_eq!(ranks.p_value(score), p, "{score}");
        }
    }

    #[test]
    fn thinned_out_p_values_are_never_too_low_and_hardly_too_high() {
        let ranks = Ranks::new((0..100_000).map(f64::from).collect());
        assert!(ranks.kept.len() < 300, "{}", ranks.kept.len());
        for score in [99_950.5, 99_000.5, 90_000.5, 50_000.5, 10.5] {
            let exact = (100_000.0 - f64::ceil(score) + 1.0) / 100_001.0;
            let found = ranks.p_value(score);
            assert!(found >= exact && found <= exact * 1.06, "{score}: {found}, exactly {exact}");
        }
    }

    #[test]
    fn at_most_the_budget_lies_above_the_threshold() {
        let mut scores: Vec<f64> = (0..1000).map(f64::from).collect();
        let threshold = Ranks::threshold(&mut scores, 0.01);
        assert_eq!(scores.iter().filter(|score| **score > threshold).count(), 10);
        assert_eq!(Ranks::new(scores.clone()).score_at(0.01), threshold);
        assert_eq!(Ranks::threshold(&mut [1.0; 5], 0.5), 1.0);
        assert_eq!(Ranks::threshold(&mut [], 0.5), 0.0);
    }
}
