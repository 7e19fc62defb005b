//! Rows and features of a tree.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;

use super::split::Split;

/// Puts the rows that go left before those that go right, each side in its order, and gives their number.
pub(super) fn partition(rows: &mut [u32], column: &[u8], split: &Split, moved: &mut Vec<u32>) -> usize {
    let mut left = [false; 256];
    (0..=255_u8).for_each(|bin| left[usize::from(bin)] = split.goes_left(bin));
    moved.clear();
    moved.resize(rows.len(), 0);
    let (mut to_left, mut to_right) = (0, 0);
    for place in 0..rows.len() {
        let row = rows[place];
        let goes_left = left[usize::from(column[row as usize])];
        // Both are written and one is kept, since a branch here is taken at random.
        rows[to_left] = row;
        moved[to_right] = row;
        to_left += usize::from(goes_left);
        to_right += usize::from(!goes_left);
    }
    rows[to_left..].copy_from_slice(&moved[..to_right]);
    to_left
}

/// This share of what is marked, at least one, drawn without replacement.
pub(super) fn draw(from: &[bool], share: f64, random: &mut ChaCha8Rng) -> Vec<bool> {
    if share >= 1.0 {
        return from.to_vec();
    }
    let mut places: Vec<usize> = (0..from.len()).filter(|place| from[*place]).collect();
    let wanted = ((places.len() as f64 * share).round() as usize).max(1);
    let mut drawn = vec![false; from.len()];
    for taken in 0..wanted.min(places.len()) {
        let left = (places.len() - taken) as u64;
        // The upper half of a product spreads a draw over the places (Lemire 2019); its bias is below 2^-50.
        let pick = taken + ((u128::from(random.next_u64()) * u128::from(left)) >> 64) as usize;
        places.swap(taken, pick);
        drawn[places[taken]] = true;
    }
    drawn
}

/// This share of the rows, each drawn by itself, in their order.
pub(super) fn bag(rows: &[u32], share: f64, random: &mut ChaCha8Rng) -> Vec<u32> {
    if share >= 1.0 {
        return rows.to_vec();
    }
    let below = share * f64::from(u32::MAX);
    rows.iter().copied().filter(|_| f64::from(random.next_u32()) <= below).collect()
}
