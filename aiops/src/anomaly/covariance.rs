//! Distance from the centre in units of how the metrics vary together (Mahalanobis 1936).

use serde::{Deserialize, Serialize};

use super::matrix::{covariance, dot, triangle, whitening};
use crate::error::{Error, Result};

/// Added to each variance, in squared units of the scale: a tenth of one is not much for any metric. Without it a direction in which
/// the training did not vary decides alone (Ledoit & Wolf 2004 shrink likewise to a multiple of the identity).
const RIDGE: f64 = 1e-2;

/// The share of the training that lies farthest and is left out of the second estimate, as the reweighted minimum covariance
/// determinant leaves out what is beyond the 97.5 % quantile (Rousseeuw & Van Driessen, "A Fast Algorithm for the Minimum
/// Covariance Determinant Estimator", Technometrics 41, 1999). A training that nobody labelled holds anomalies.
const TRIMMED: f64 = 0.025;

/// No centre and no factor that was fitted is larger; sums of squares of smaller ones are finite.
const LARGEST: f64 = 1e6;

/// Centre and inverse factor of the covariance, of what is left of the training without its farthest rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Covariance {
    centre: Vec<f64>,
    /// The inverse of the lower Cholesky factor, its rows up to the diagonal one after the other.
    whitening: Vec<f64>,
}

impl Covariance {
    pub(super) fn fit(rows: &[&[f64]]) -> Self {
        let first = Self::of(rows);
        let mut parts = Vec::new();
        let distances: Vec<f64> = rows.iter().map(|row| first.measure(row, &mut parts)).collect();
        let mut sorted = distances.clone();
        sorted.sort_by(f64::total_cmp);
        let last = rows.len().saturating_sub(1) as f64 * (1.0 - TRIMMED);
        let Some(farthest) = sorted.get(last as usize) else { return first };
        let kept: Vec<&[f64]> = rows.iter().zip(&distances).filter(|(_, d)| *d <= farthest).map(|(row, _)| *row).collect();
        Self::of(&kept)
    }

    fn of(rows: &[&[f64]]) -> Self {
        let (centre, matrix) = covariance(rows);
        Self { centre, whitening: whitening(matrix, RIDGE) }
    }

    /// The squared distance; `parts` becomes the share of each metric, its deviation times that of the whole row seen from it.
    pub(super) fn measure(&self, row: &[f64], parts: &mut Vec<f64>) -> f64 {
        let metrics = self.centre.len();
        let mut squared = 0.0;
        parts.clear();
        parts.resize(metrics, 0.0);
        let mut deviations = [0.0; super::METRICS];
        for ((deviation, value), centre) in deviations.iter_mut().zip(row).zip(&self.centre) {
            *deviation = value - centre;
        }
        for factors in triangle(&self.whitening, metrics) {
            let white = dot(factors, &deviations[..factors.len()]);
            squared += white * white;
            for (part, factor) in parts.iter_mut().zip(factors) {
                *part += white * factor;
            }
        }
        for (part, deviation) in parts.iter_mut().zip(&deviations) {
            *part *= deviation;
        }
        squared
    }

    pub(super) fn check(&self, metrics: usize) -> Result<()> {
        let bounded = self.centre.iter().chain(&self.whitening).all(|value| value.abs() <= LARGEST);
        if self.centre.len() != metrics || self.whitening.len() != metrics * (metrics + 1) / 2 || !bounded {
            let expected = format!("a covariance of {metrics} metrics");
            return Err(Error::ModelFile { expected, found: "another".into() });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_the_relation_is_farther_than_what_keeps_it() {
        let rows: Vec<[f64; 2]> = (0..100).map(|row| f64::from(row) / 100.0 - 0.5).map(|x| [x, x]).collect();
        let rows: Vec<&[f64]> = rows.iter().map(<[f64; 2]>::as_slice).collect();
        let covariance = Covariance::fit(&rows);
        let mut parts = Vec::new();
        let kept = covariance.measure(&[0.5, 0.5], &mut parts);
        assert!((parts.iter().sum::<f64>() - kept).abs() < 1e-9, "{parts:?}");
        let broken = covariance.measure(&[0.5, -0.5], &mut parts);
        assert!((parts.iter().sum::<f64>() - broken).abs() < 1e-9, "{parts:?}");
        // Without the trimmed ends the variance of each is v = 0.975^2 / 12; with r = 0.01 the distances are 0.5 / (2 v + r)
        // along the relation and 0.5 / r across it.
        assert!((kept - 2.97).abs() < 0.1 && (broken - 50.0).abs() < 0.5, "{kept} {broken}");
        assert!(covariance.check(2).is_ok() && covariance.check(3).is_err());
    }
}
