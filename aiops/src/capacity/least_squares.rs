//! Ridge regression on sums that grow row by row.

use linfa_linalg::cholesky::SolveCInplace;
use ndarray::Array2;

/// Sums of products over rows of regressors and a target, from which coefficients can be had at any time: a model for each
/// of many origins costs one pass over the series.
///
/// Solved as ridge regression (Hoerl and Kennard, 1970) on centred data, the penalty in units of the regressors' mean variance.
#[derive(Debug)]
pub(super) struct LeastSquares {
    /// Regressors, then the target, then 1.
    width: usize,
    /// The lower triangle of the sums of products, row after row.
    sums: Vec<f64>,
}

impl LeastSquares {
    pub(super) fn new(regressors: usize) -> Self {
        let width = regressors + 2;
        Self { width, sums: vec![0.0; width * width] }
    }

    /// Adds a row: the regressors, then the target.
    pub(super) fn add(&mut self, row: &[f64], weight: f64) {
        let last = self.width - 1;
        for (i, value) in row.iter().enumerate() {
            let weighted = value * weight;
            for (sum, other) in self.sums[i * self.width..].iter_mut().zip(&row[..=i]) {
                *sum += weighted * other;
            }
            self.sums[last * self.width + i] += weighted;
        }
        self.sums[last * self.width + last] += weight;
    }

    /// The coefficients, and behind them the constant; `None` where the rows do not determine finite ones.
    pub(super) fn solve(&self, penalty: f64) -> Option<Vec<f64>> {
        let count = self.width - 2;
        let last = self.width - 1;
        let rows = self.sums[last * self.width + last];
        if rows <= count as f64 {
            return None;
        }
        let mean = |i: usize| self.sums[last * self.width + i] / rows;
        let covariance = |i: usize, j: usize| self.sums[i * self.width + j] / rows - mean(i) * mean(j);
        let variance = (0..count).map(|i| covariance(i, i)).sum::<f64>() / count as f64;
        if !variance.is_finite() || variance <= f64::MIN_POSITIVE {
            return None;
        }
        // Only the lower triangle is read.
        let mut matrix = Array2::from_shape_fn((count, count), |(i, j)| if i < j { 0.0 } else { covariance(i, j) });
        matrix.diag_mut().mapv_inplace(|value| value + penalty * variance);
        let target = Array2::from_shape_fn((count, 1), |(i, _)| covariance(count, i));
        let mut coefficients = matrix.solvec_into(target).ok()?.into_iter().collect::<Vec<f64>>();
        coefficients.push(mean(count) - (0..count).map(|i| coefficients[i] * mean(i)).sum::<f64>());
        coefficients.iter().all(|value| value.is_finite()).then_some(coefficients)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_is_found() {
        let mut squares = LeastSquares::new(2);
        for (a, b) in [(0.0, 1.0), (1.0, 5.0), (2.0, 2.0), (3.0, 3.0), (4.0, 7.0)] {
            squares.add(&[a, b, 2.0 * a - 3.0 * b + 4.0], 1.0);
        }
        let coefficients = squares.solve(0.0).unwrap();
        for (found, expected) in coefficients.iter().zip([2.0, -3.0, 4.0]) {
            assert!((found - expected).abs() < 1e-9, "{coefficients:?}");
        }
    }

    #[test]
    fn what_is_not_determined_is_none() {
        let mut squares = LeastSquares::new(1);
        assert_eq!(squares.solve(0.0), None);
        for _ in 0..10 {
            squares.add(&[2.0, 3.0], 1.0);
        }
        assert_eq!(squares.solve(1e-3), None);
    }
}
