//! The factor of a small covariance, by which distances are measured.

use serde::{Deserialize, Serialize};

use super::METRICS;
use super::matrix::dot;
use crate::error::{Error, Result};

/// The least pivot, beside that of the ridge, which only rounding or a foreign content goes below.
const LEAST: f64 = 1e-6;
/// No entry is larger: those of a factor are at most the roots of the variances, which are measured in ranges.
const LARGEST: f64 = 1e3;

/// The lower Cholesky factor of a symmetric matrix, its rows up to the diagonal one after the other.
///
/// It is made again while a stream goes on, and so without an allocation once it has its size; systems are solved with it as it
/// is (Golub & Van Loan, "Matrix Computations", 4th ed., algorithms 3.1.1 and 4.2.1), each sum in one order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Factor {
    rows: Vec<f64>,
}

/// Where a row of a triangle begins.
pub(super) const fn start(row: usize) -> usize {
    row * (row + 1) / 2
}

impl Factor {
    /// Whether there is one.
    pub(super) const fn is_made(&self) -> bool {
        !self.rows.is_empty()
    }

    /// Factors the matrix of which `entry` gives the lower triangle.
    pub(super) fn make(&mut self, size: usize, entry: impl Fn(usize, usize) -> f64) {
        self.rows.resize(start(size), 0.0);
        for row in 0..size {
            let (above, own) = self.rows.split_at_mut(start(row));
            for column in 0..=row {
                let other = &above[start(column).min(above.len())..];
                let sum: f64 = if column == row { dot(&own[..row], &own[..row]) } else { dot(&own[..column], &other[..column]) };
                let rest = entry(row, column) - sum;
                own[column] = if column == row { rest.max(LEAST).sqrt() } else { rest / other[column] };
            }
        }
    }

    /// The squared distance of a row from zero, `z' M^-1 z`; `parts` becomes what each of its values has in it, its own times
    /// that of `M^-1 z`. They sum to the distance.
    pub(super) fn measure(&self, row: &[f64], parts: &mut [f64]) -> f64 {
        let size = row.len();
        let mut solved = [0.0; METRICS];
        let mut squared = 0.0;
        for (place, value) in row.iter().enumerate() {
            let factors = &self.rows[start(place)..=start(place) + place];
            solved[place] = (value - dot(&factors[..place], &solved[..place])) / factors[place];
            squared += solved[place] * solved[place];
        }
        for place in (0..size).rev() {
            let factors = &self.rows[start(place)..=start(place) + place];
            let value = solved[place] / factors[place];
            solved[..place].iter_mut().zip(factors).for_each(|(rest, factor)| *rest -= value * factor);
            parts[place] = value * row[place];
        }
        squared
    }

    /// Whether it is none yet, or one of this size.
    pub(super) fn check(&self, size: usize) -> Result<()> {
        let fits = self.rows.is_empty() || self.rows.len() == start(size);
        let pivots = (0..size).filter_map(|row| self.rows.get(start(row) + row)).all(|pivot| *pivot * *pivot >= LEAST * 0.5);
        if fits && pivots && self.rows.iter().all(|entry| entry.abs() <= LARGEST) {
            return Ok(());
        }
        Err(Error::ModelFile { expected: format!("a factor of the covariance of {size} metrics"), found: "another".into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_is_that_of_the_inverse_and_its_parts_sum_to_it() {
        let matrix = [[4.0, 2.0, 0.6], [2.0, 3.0, 0.4], [0.6, 0.4, 2.0]];
        let mut factor = Factor::default();
        assert!(!factor.is_made());
        factor.make(3, |row, column| matrix[row][column]);
        // The row is the matrix times (1, -2, 3): the distance is their product.
        let row = [1.8, -2.8, 5.8];
        let mut parts = [0.0; 3];
        let squared = factor.measure(&row, &mut parts);
        assert!((squared - (1.8 + 5.6 + 17.4)).abs() < 1e-12, "{squared}");
        assert!(parts.iter().zip([1.8, 5.6, 17.4]).all(|(part, known)| (part - known).abs() < 1e-12), "{parts:?}");
        assert!(factor.check(3).is_ok() && factor.check(2).is_err() && Factor::default().check(2).is_ok());
    }

    #[test]
    fn a_matrix_without_inverse_is_taken_as_one_that_has() {
        let mut factor = Factor::default();
        factor.make(2, |_, _| 1.0);
        assert!(factor.check(2).is_ok() && factor.measure(&[1.0, 0.0], &mut [0.0; 2]).is_finite());
        assert!(Factor { rows: vec![0.0, 0.0, 0.0] }.check(2).is_err());
        assert!(Factor { rows: vec![1.0, f64::NAN, 1.0] }.check(2).is_err());
    }
}
