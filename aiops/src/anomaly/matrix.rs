//! The linear algebra that the detectors need, on arrays of ndarray. Each sum has one order, so that every machine gets the same
//! bits: the factors and the solver of `linfa-linalg` are plain loops. Products of ndarray are not, since the processor chooses
//! their kernels.

use linfa_linalg::cholesky::Cholesky;
use linfa_linalg::triangular::{SolveTriangularInplace, UPLO};
use ndarray::Array2;

/// Mean of each column, and the covariance (divided by the number of rows).
pub(super) fn covariance(rows: &[&[f64]]) -> (Vec<f64>, Array2<f64>) {
    let columns = rows.first().map_or(0, |row| row.len());
    let count = rows.len().max(1) as f64;
    let deviations = |column: usize| {
        let mean = rows.iter().map(|row| row[column]).sum::<f64>() / count;
        let deviations: Vec<f64> = rows.iter().map(|row| row[column] - mean).collect();
        (mean, deviations)
    };
    let (centre, deviations): (Vec<f64>, Vec<Vec<f64>>) = (0..columns).map(deviations).unzip();
    let mut matrix = Array2::zeros((columns, columns));
    for (row, own) in deviations.iter().enumerate() {
        for (column, other) in deviations[..=row].iter().enumerate() {
            let value = dot(own, other) / count;
            (matrix[[row, column]], matrix[[column, row]]) = (value, value);
        }
    }
    (centre, matrix)
}

/// Four sums side by side, always in the same order, so that the compiler may use vectors and every machine gets the same.
pub(super) fn dot(left: &[f64], right: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (left_fours, right_fours) = (left.chunks_exact(4), right.chunks_exact(4));
    let tail: f64 = left_fours.remainder().iter().zip(right_fours.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in left_fours.zip(right_fours) {
        for index in 0..4 {
            sums[index] += a[index] * b[index];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + tail
}

/// The inverse of the lower Cholesky factor of a covariance with `ridge` on its diagonal, its rows up to the diagonal one after
/// the other.
///
/// None of its entries is larger than 1 / sqrt(ridge). Where rounding makes them so, or finds no factor, each column counts for
/// itself.
pub(super) fn whitening(mut matrix: Array2<f64>, ridge: f64) -> Vec<f64> {
    matrix.diag_mut().mapv_inplace(|variance| variance + ridge);
    let inverse = || {
        let factor = matrix.cholesky_dirty().ok()?;
        // The transposed is solved, since then all that is read and written together lies side by side.
        let identity = Array2::eye(factor.nrows()).reversed_axes();
        Some(factor.t().solve_triangular_into(identity, UPLO::Upper).ok()?.reversed_axes())
    };
    let bounded = |inverse: &Array2<f64>| inverse.iter().all(|entry| entry.abs() <= 1.001 / ridge.sqrt());
    let inverse = inverse().filter(bounded).unwrap_or_else(|| Array2::from_diag(&matrix.diag().mapv(|v| 1.0 / v.sqrt())));
    inverse.outer_iter().enumerate().flat_map(|(row, entries)| entries.into_iter().take(row + 1).copied()).collect()
}

/// The rows of such an inverse factor.
pub(super) fn triangle(factor: &[f64], size: usize) -> impl Iterator<Item = &[f64]> {
    (0..size).map(|row| (row, row * (row + 1) / 2)).map(|(row, start)| &factor[start..=start + row])
}

/// So many sweeps at most; ten are the rule (Golub & Van Loan, "Matrix Computations", 4th ed., section 8.6.3).
const SWEEPS: usize = 40;

/// Smaller eigenvalues count as none: their squares would lose digits, and their vectors not be of length 1.
const LEAST: f64 = 1e-150;

/// Eigenvalues of a covariance from the largest on, each with its vector of length 1.
///
/// Rows are turned in pairs until all are orthogonal (Hestenes 1958): a symmetric matrix without negative eigenvalues has become
/// its vectors then, each as long as its value. Not `eigh` of `linfa-linalg`, which multiplies by kernels that the processor
/// chooses and takes the system's `hypot`: a model's file would depend on the machine. It also has no bound on its rounds.
pub(super) fn eigen(matrix: &Array2<f64>) -> Vec<(f64, Vec<f64>)> {
    let mut rows: Vec<Vec<f64>> = matrix.outer_iter().map(|row| row.to_vec()).collect();
    let least = 1e-15 * rows.iter().map(|row| dot(row, row)).fold(0.0, f64::max);
    let mut turned = true;
    for _ in 0..SWEEPS {
        if !std::mem::take(&mut turned) {
            break;
        }
        for second in 1..rows.len() {
            let (before, after) = rows.split_at_mut(second);
            before.iter_mut().for_each(|first| turned |= turn(first, &mut after[0], least));
        }
    }
    let length = |row: Vec<f64>| (dot(&row, &row).sqrt(), row);
    let mut pairs: Vec<(f64, Vec<f64>)> = rows.into_iter().map(length).filter(|(value, _)| *value >= LEAST).collect();
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    pairs.iter_mut().for_each(|(value, row)| row.iter_mut().for_each(|entry| *entry /= *value));
    pairs
}

/// Makes two rows orthogonal, unless their product is not above `least`; tells whether they were turned.
fn turn(first: &mut [f64], second: &mut [f64], least: f64) -> bool {
    let product = dot(first, second);
    if product.abs() <= least {
        return false;
    }
    let theta = (dot(second, second) - dot(first, first)) / (2.0 * product);
    // Square roots are exact on every machine, `hypot` is not; where the square is too large, the angle is zero.
    let tangent = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
    let sine = tangent * cosine;
    for (a, b) in first.iter_mut().zip(second) {
        (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
    }
    true
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use super::*;

    #[test]
    fn the_covariance_is_that_of_the_rows() {
        let (centre, matrix) = covariance(&[&[1.0, 2.0], &[3.0, 2.0], &[5.0, 8.0]]);
        assert_eq!(centre, [3.0, 4.0]);
        assert_eq!(matrix, array![[8.0, 12.0], [12.0, 24.0]] / 3.0);
    }

    #[test]
    fn the_factor_inverts_and_the_vectors_diagonalise() {
        let matrix = array![[4.0, 2.0, 0.6], [2.0, 3.0, 0.4], [0.6, 0.4, 2.0]];
        let factor = whitening(matrix.clone(), 0.5);
        let mut inverse = Array2::<f64>::zeros((3, 3));
        for (entries, mut row) in triangle(&factor, 3).zip(inverse.outer_iter_mut()) {
            row.iter_mut().zip(entries).for_each(|(to, from)| *to = *from);
        }
        let identity = Array2::<f64>::eye(3);
        let whitened = inverse.dot(&(&matrix + &identity * 0.5)).dot(&inverse.t());
        assert!((whitened - identity).iter().all(|entry| entry.abs() < 1e-12));
        let pairs = eigen(&matrix);
        assert!(pairs[0].0 >= pairs[1].0 && pairs[1].0 >= pairs[2].0);
        for (value, vector) in pairs {
            let vector = Array1::from(vector);
            assert!((matrix.dot(&vector) - value * &vector).iter().all(|entry| entry.abs() < 1e-12));
        }
    }

    #[test]
    fn what_has_no_factor_is_whitened_column_by_column() {
        assert_eq!(whitening(array![[3.0, 9.0], [9.0, 3.0]], 1.0), [0.5, 0.0, 0.5]);
        // Only the lower triangle counts; next to nothing is left of the second pivot.
        let hollow = array![[3.0, 0.0], [4.0 - 1e-15, 3.0]];
        assert_eq!(whitening(hollow, 1.0), [0.5, 0.0, 0.5]);
        assert!(eigen(&Array2::zeros((3, 3))).is_empty() && eigen(&Array2::zeros((0, 0))).is_empty());
    }
}
