//! Ridge regression on sums that grow row by row.

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
        let mut factor = vec![0.0; count * count];
        let mut coefficients = vec![0.0; count + 1];
        for i in 0..count {
            for j in 0..=i {
                let dot: f64 = (0..j).map(|k| factor[i * count + k] * factor[j * count + k]).sum();
                let ridge = if i == j { penalty * variance } else { 0.0 };
                let rest = covariance(i, j) + ridge - dot;
                factor[i * count + j] = if i > j {
                    rest / factor[j * count + j]
                } else if rest > 0.0 {
                    rest.sqrt()
                } else {
                    return None;
                };
            }
            let dot: f64 = (0..i).map(|k| factor[i * count + k] * coefficients[k]).sum();
            coefficients[i] = (covariance(count, i) - dot) / factor[i * count + i];
        }
        for i in (0..count).rev() {
            let dot: f64 = (i + 1..count).map(|k| factor[k * count + i] * coefficients[k]).sum();
            coefficients[i] = (coefficients[i] - dot) / factor[i * count + i];
        }
        coefficients[count] = mean(count) - (0..count).map(|i| coefficients[i] * mean(i)).sum::<f64>();
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
