//! `rand()`.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

/// A source of numbers that are random enough for a query and for nothing else. Each run starts another sequence.
#[derive(Debug)]
pub(crate) struct Random(Cell<u64>);

impl Default for Random {
    fn default() -> Self {
        Self(Cell::new(RandomState::new().hash_one(0)))
    }
}

impl Random {
    /// The next number from 0 up to, and without, 1.
    pub(crate) fn next(&self) -> f64 {
        // SplitMix64, by Sebastiano Vigna.
        let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bits = (mixed ^ (mixed >> 31)) >> (u64::BITS - f64::MANTISSA_DIGITS);
        #[expect(clippy::cast_precision_loss, reason = "the bits are as many as a float holds")]
        let (bits, range) = (bits as f64, (1_u64 << f64::MANTISSA_DIGITS) as f64);
        bits / range
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_in_their_range_and_differ() {
        let random = Random::default();
        let numbers: Vec<f64> = (0..1_000).map(|_| random.next()).collect();
        assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
        assert!(numbers.windows(2).any(|pair| pair[0] < pair[1]) && numbers.windows(2).any(|pair| pair[0] > pair[1]));
    }
}
