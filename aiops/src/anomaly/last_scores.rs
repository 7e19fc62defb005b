//! The last scores of a stream, and how rare another is among them.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// So many scores are remembered; the smallest p-value is about this one's inverse.
const COMPARED: usize = 1000;

/// The last scores. As long as rows are exchangeable, the p-values are uniform, each for itself (conformal prediction over a
/// sliding window: Laxhammar & Falkman, "Online Learning and Sequential Anomaly Detection in Trajectories", IEEE PAMI 36, 2014).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct LastScores {
    scores: Vec<f64>,
    /// The place of the oldest, where there is no place left.
    next: usize,
}

impl LastScores {
    /// The share of the last scores that are at least as high, this one among them; it is then one of them.
    pub(super) fn compare(&mut self, score: f64) -> f64 {
        let higher = self.scores.iter().filter(|known| **known >= score).count();
        let p_value = (higher + 1) as f64 / (self.scores.len() + 1) as f64;
        if self.scores.len() < COMPARED {
            self.scores.push(score);
        } else {
            self.scores[self.next % COMPARED] = score;
            self.next = (self.next + 1) % COMPARED;
        }
        p_value
    }

    pub(super) fn check(&self) -> Result<()> {
        let scores = self.scores.iter().all(|score| *score >= 0.0 && score.is_finite());
        if scores && self.scores.len() <= COMPARED && self.next < COMPARED {
            return Ok(());
        }
        Err(Error::ModelFile { expected: format!("at most {COMPARED} scores that are 0 or more"), found: "others".into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_compared_with_the_last_thousand() {
        let mut last = LastScores::default();
        assert_eq!(last.compare(5.0), 1.0);
        assert_eq!((last.compare(9.0), last.compare(1.0)), (0.5, 1.0));
        (0..COMPARED).for_each(|_| _ = last.compare(0.0));
        assert_eq!((last.compare(1.0), last.scores.len()), (1.0 / 1001.0, COMPARED));
        assert!(last.check().is_ok());
        assert!(LastScores { scores: vec![f64::NAN], next: 0 }.check().is_err());
        assert!(LastScores { scores: Vec::new(), next: COMPARED }.check().is_err());
    }
}
