//! Reference rows: what normal traffic would be if its features had nothing to do with each other.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use crate::data::Table;

/// One in so many features that are drawn anew is drawn from the values that any row has, each as likely.
const RARE: u32 = 5;

/// Draws reference rows from the normal rows of a table.
#[derive(Debug)]
pub(super) struct Reference<'a> {
    rows: &'a Table,
    /// The different values of each column, ascending; missing is one of them.
    values: Vec<Vec<f64>>,
}

impl<'a> Reference<'a> {
    /// Looks at the rows at these places.
    pub(super) fn new(rows: &'a Table, places: &[usize]) -> Self {
        let different = |column: usize| {
            let mut values: Vec<f64> = places.iter().map(|row| rows.row(*row)[column]).collect();
            values.sort_unstable_by(f64::total_cmp);
            values.dedup_by(|a, b| a.total_cmp(b).is_eq());
            values
        };
        Self { rows, values: (0..rows.columns()).map(different).collect() }
    }

    /// Adds so many reference rows to `values`. Each is a normal row of which a share, drawn between none and all, of the
    /// features is drawn anew: most from other normal rows, so that what is usual comes together unusually, and some from all
    /// values that there are, so that what is rare comes, too.
    pub(super) fn draw(&self, normal: &[usize], count: usize, seed: u64, values: &mut Vec<f64>) {
        if normal.is_empty() {
            return;
        }
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        for _ in 0..count {
            let row = self.rows.row(normal[below(&mut random, normal.len())]);
            let share = random.next_u32();
            for (column, value) in row.iter().enumerate() {
                values.push(if random.next_u32() >= share {
                    *value
                } else if random.next_u32() < u32::MAX / RARE {
                    self.values[column][below(&mut random, self.values[column].len())]
                } else {
                    self.rows.row(normal[below(&mut random, normal.len())])[column]
                });
            }
        }
    }
}

/// A number below the limit, each as likely but for one part in 2^32 (Lemire, "Fast random integer generation in an interval",
/// ACM TOMACS 2019, without the rejection).
fn below(random: &mut ChaCha8Rng, limit: usize) -> usize {
    let product = u128::from(random.next_u64()) * limit as u128;
    usize::try_from(product >> 64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_one_of_its_column_and_combinations_are_new() {
        let rows = Table::new((0..100).flat_map(|row| [f64::from(row), f64::from(row) + 1000.0]).collect(), 2).unwrap();
        let normal: Vec<usize> = (0..50).collect();
        let (mut once, mut again) = (Vec::new(), Vec::new());
        let all: Vec<usize> = (0..100).collect();
        let reference = Reference::new(&rows, &all);
        reference.draw(&normal, 1000, 7, &mut once);
        reference.draw(&normal, 1000, 7, &mut again);
        assert_eq!(once, again);
        assert_eq!(once.len(), 2000);
        assert!(once.chunks(2).all(|row| (0.0..100.0).contains(&row[0]) && (1000.0..1100.0).contains(&row[1])));
        let rare = once.chunks(2).filter(|row| row[0] >= 50.0).count();
        assert!((25..100).contains(&rare), "{rare}");
        let apart = once.chunks(2).filter(|row| row[1] - row[0] != 1000.0).count();
        assert!((300..900).contains(&apart), "{apart}");
    }
}
