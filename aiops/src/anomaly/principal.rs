//! What the main directions of the data do not explain (Jackson & Mudholkar, "Control Procedures for Residuals Associated
//! With Principal Component Analysis", Technometrics 21, 1979).

use serde::{Deserialize, Serialize};

use super::matrix::{covariance, eigen};
use crate::error::{Error, Result};

/// The directions that explain this share of the variance are the main ones.
const EXPLAINED: f64 = 0.9;

/// Centre and main directions. Not by `linfa-reduction`: that iterates from a start which `SmallRng` draws, another one on machines
/// of another word size, and wants the number of directions beforehand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Principal {
    centre: Vec<f64>,
    /// One after the other, each of length 1.
    directions: Vec<f64>,
}

impl Principal {
    pub(super) fn fit(rows: &[&[f64]]) -> Self {
        let (centre, matrix) = covariance(rows);
        let pairs = eigen(&matrix);
        let total: f64 = pairs.iter().map(|(value, _)| value).sum();
        let mut explained = 0.0;
        let main = pairs.into_iter().take_while(|(value, _)| {
            let more = explained < EXPLAINED * total;
            explained += value;
            more
        });
        let directions = main.flat_map(|(_, direction)| direction).collect();
        Self { centre, directions }
    }

    /// The squared length of the rest; `parts` becomes that of each metric.
    pub(super) fn measure(&self, row: &[f64], parts: &mut Vec<f64>) -> f64 {
        parts.clear();
        parts.extend(row.iter().zip(&self.centre).map(|(value, centre)| value - centre));
        for direction in self.directions.chunks_exact(self.centre.len()) {
            let length: f64 = direction.iter().zip(parts.iter()).map(|(a, b)| a * b).sum();
            parts.iter_mut().zip(direction).for_each(|(part, along)| *part -= length * along);
        }
        parts.iter_mut().for_each(|part| *part *= *part);
        parts.iter().sum()
    }

    pub(super) fn check(&self, metrics: usize) -> Result<()> {
        let centred = self.centre.len() == metrics && self.centre.iter().all(|value| value.abs() <= 1e6);
        let whole = self.directions.len().is_multiple_of(metrics.max(1)) && self.directions.len() <= metrics * metrics;
        // Taking away what is along a direction shortens a row only where that is not longer than 1.
        let short = |direction: &[f64]| direction.iter().map(|along| along * along).sum::<f64>() <= 1.0 + 1e-9;
        if !centred || !whole || !self.directions.chunks_exact(metrics.max(1)).all(short) {
            let expected = format!("directions of {metrics} metrics");
            return Err(Error::ModelFile { expected, found: "others".into() });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leaves_the_main_directions_counts() {
        let rows: Vec<[f64; 2]> = (0..100).map(|row| f64::from(row) / 100.0).map(|x| [x, x]).collect();
        let rows: Vec<&[f64]> = rows.iter().map(<[f64; 2]>::as_slice).collect();
        let principal = Principal::fit(&rows);
        let mut parts = Vec::new();
        assert!(principal.measure(&[9.0, 9.0], &mut parts) < 1e-9);
        assert!((principal.measure(&[1.0, 0.0], &mut parts) - 0.5).abs() < 1e-9);
        assert!((parts[0] - 0.25).abs() < 1e-9 && principal.check(2).is_ok());
    }
}
