//! Reference rows: what normal traffic would be if its features had nothing to do with each other.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use crate::data::Table;

/// Adds so many reference rows to `values`: each a normal row of which a share, drawn between none and all, of the features
/// comes from other normal rows.
pub(super) fn draw(rows: &Table, normal: &[usize], count: usize, seed: u64, values: &mut Vec<f64>) {
    if normal.is_empty() {
        return;
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    for _ in 0..count {
        let row = rows.row(normal[below(&mut random, normal.len())]);
        let share = random.next_u32();
        for (column, value) in row.iter().enumerate() {
            let other =
                if random.next_u32() < share { rows.row(normal[below(&mut random, normal.len())])[column] } else { *value };
            values.push(other);
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
        draw(&rows, &normal, 1000, 7, &mut once);
        draw(&rows, &normal, 1000, 7, &mut again);
        assert_eq!(once, again);
        assert_eq!(once.len(), 2000);
        assert!(once.chunks(2).all(|row| row[0] < 50.0 && (1000.0..1050.0).contains(&row[1])));
        let apart = once.chunks(2).filter(|row| row[1] - row[0] != 1000.0).count();
        assert!((300..900).contains(&apart), "{apart}");
    }
}
