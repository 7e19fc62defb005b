//! The little linear algebra that the detectors need: covariance, Cholesky, Jacobi. Each sum has one order, so that every
//! machine gets the same bits.

/// Mean of each column, and the covariance (row after row, symmetric; divided by the number of rows).
pub(super) fn covariance(rows: &[&[f64]]) -> (Vec<f64>, Vec<f64>) {
    let columns = rows.first().map_or(0, |row| row.len());
    let count = rows.len().max(1) as f64;
    let mut centre = vec![0.0; columns];
    for row in rows {
        centre.iter_mut().zip(*row).for_each(|(sum, value)| *sum += value);
    }
    centre.iter_mut().for_each(|sum| *sum /= count);
    let mut matrix = vec![0.0; columns * columns];
    let mut deviations = vec![0.0; columns];
    for row in rows {
        for ((deviation, value), mean) in deviations.iter_mut().zip(*row).zip(&centre) {
            *deviation = value - mean;
        }
        for (index, sums) in matrix.chunks_exact_mut(columns).enumerate() {
            let own = deviations[index];
            sums[..=index].iter_mut().zip(&deviations).for_each(|(sum, other)| *sum += own * other);
        }
    }
    for row in 0..columns {
        for column in 0..=row {
            let value = matrix[row * columns + column] / count;
            matrix[row * columns + column] = value;
            matrix[column * columns + row] = value;
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

/// The inverse of the lower Cholesky factor of a symmetric matrix, its rows up to the diagonal one after the other. A pivot
/// below `least`, which only rounding makes, counts as that.
pub(super) fn inverse_factor(matrix: &[f64], size: usize, least: f64) -> Vec<f64> {
    let start = |row: usize| row * (row + 1) / 2;
    let mut factor = vec![0.0; start(size)];
    for row in 0..size {
        for column in 0..=row {
            let (left, right) = (&factor[start(row)..start(row) + column], &factor[start(column)..start(column) + column]);
            let rest = matrix[row * size + column] - left.iter().zip(right).map(|(a, b)| a * b).sum::<f64>();
            factor[start(row) + column] =
                if row == column { rest.max(least * 1e-6).sqrt() } else { rest / factor[start(column) + column] };
        }
    }
    let mut inverse = vec![0.0; start(size)];
    for column in 0..size {
        inverse[start(column) + column] = 1.0 / factor[start(column) + column];
        for row in column + 1..size {
            let sum: f64 = (column..row).map(|middle| factor[start(row) + middle] * inverse[start(middle) + column]).sum();
            inverse[start(row) + column] = -sum / factor[start(row) + row];
        }
    }
    inverse
}

/// So many sweeps at most; ten are the rule (Golub & Van Loan, "Matrix Computations", 4th ed., section 8.5).
const SWEEPS: usize = 40;

/// Eigenvalues from the largest on, and to each its vector of length 1 (row after row), by cyclic Jacobi rotations.
pub(super) fn eigen(mut matrix: Vec<f64>, size: usize) -> (Vec<f64>, Vec<f64>) {
    let mut vectors = vec![0.0; size * size];
    (0..size).for_each(|index| vectors[index * size + index] = 1.0);
    let scale: f64 = (0..size).map(|index| matrix[index * size + index].abs()).sum();
    for _ in 0..SWEEPS {
        let rest = (0..size).flat_map(|row| (0..row).map(move |column| (row, column)));
        if rest.map(|(row, column)| matrix[row * size + column].abs()).fold(0.0, f64::max) <= scale * 1e-15 {
            break;
        }
        for first in 0..size {
            for second in first + 1..size {
                rotate(&mut matrix, &mut vectors, size, (first, second));
            }
        }
    }
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|a, b| matrix[b * size + b].total_cmp(&matrix[a * size + a]));
    let values = order.iter().map(|index| matrix[index * size + index].max(0.0)).collect();
    let vectors = order.iter().flat_map(|index| vectors[index * size..(index + 1) * size].iter().copied()).collect();
    (values, vectors)
}

/// Makes the entry at `pair` zero; `vectors` are kept as rows.
fn rotate(matrix: &mut [f64], vectors: &mut [f64], size: usize, pair: (usize, usize)) {
    let (first, second) = pair;
    let entry = matrix[first * size + second];
    if entry == 0.0 {
        return;
    }
    let theta = (matrix[second * size + second] - matrix[first * size + first]) / (2.0 * entry);
    // Square roots are exact on every machine, `hypot` is not; where the square is too large, the angle is zero.
    let tangent = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
    let sine = tangent * cosine;
    let turn = |values: &mut [f64], a: usize, b: usize| {
        let (left, right) = (values[a], values[b]);
        values[a] = cosine * left - sine * right;
        values[b] = sine * left + cosine * right;
    };
    for index in 0..size {
        turn(matrix, index * size + first, index * size + second);
    }
    for index in 0..size {
        turn(matrix, first * size + index, second * size + index);
        turn(vectors, first * size + index, second * size + index);
    }
    matrix[first * size + second] = 0.0;
    matrix[second * size + first] = 0.0;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_inverts_and_the_vectors_diagonalise() {
        let matrix = vec![4.0, 2.0, 0.6, 2.0, 3.0, 0.4, 0.6, 0.4, 2.0];
        let inverse = inverse_factor(&matrix, 3, 1e-9);
        let entry = |row: usize, column: usize| if column <= row { inverse[row * (row + 1) / 2 + column] } else { 0.0 };
        let (values, vectors) = eigen(matrix.clone(), 3);
        assert!(values[0] >= values[1] && values[1] >= values[2]);
        for row in 0..3 {
            for column in 0..3 {
                let same = f64::from(u8::from(row == column));
                let product = |a: usize, b: usize| entry(row, a) * matrix[a * 3 + b] * entry(column, b);
                let whitened: f64 = (0..9).map(|index| product(index / 3, index % 3)).sum();
                assert!((whitened - same).abs() < 1e-12, "{whitened}");
                let image: f64 = (0..3).map(|index| matrix[row * 3 + index] * vectors[column * 3 + index]).sum();
                assert!((image - values[column] * vectors[column * 3 + row]).abs() < 1e-12);
            }
        }
    }
}
