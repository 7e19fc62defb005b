//! Rows by their values: what DISTINCT and grouping remember.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

use crate::error::Result;
use crate::evaluate::{Context, count_work};
use crate::value::{Value, group};

/// The distinct rows so far, in the order in which they came. Values lie one behind the other, so that a row that is known
/// costs no allocation.
#[derive(Debug, Default)]
pub(super) struct Grouping {
    hasher: RandomState,
    values: Vec<Value>,
    width: usize,
    /// The newest row with a hash.
    newest: HashMap<u64, usize, BuildHasherDefault<Hashed>>,
    /// The row before, with the same hash.
    before: Vec<Option<usize>>,
}

impl Grouping {
    /// The number of a row, from 0, and whether it is new.
    pub(super) fn insert<'v>(
        &mut self,
        row: impl ExactSizeIterator<Item = &'v Value> + Clone,
        context: &Context<'_>,
    ) -> Result<(usize, bool)> {
        let hash = self.hash(row.clone(), context)?;
        let newest = self.newest.get(&hash).copied();
        if let Some(number) = self.find_from(newest, row.clone()) {
            return Ok((number, false));
        }
        let number = self.before.len();
        let bytes = row.clone().fold(size_of::<(u64, usize, usize, usize)>(), |sum, value| sum.saturating_add(value.size()));
        context.meter.keep(bytes)?;
        self.width = row.len();
        self.values.extend(row.cloned());
        self.newest.insert(hash, number);
        self.before.push(newest);
        Ok((number, true))
    }

    /// The number of a row that is there.
    pub(super) fn find<'v>(&self, row: impl Iterator<Item = &'v Value> + Clone, context: &Context<'_>) -> Result<Option<usize>> {
        let hash = self.hash(row.clone(), context)?;
        Ok(self.find_from(self.newest.get(&hash).copied(), row))
    }

    fn hash<'v>(&self, row: impl Iterator<Item = &'v Value>, context: &Context<'_>) -> Result<u64> {
        let mut hasher = self.hasher.build_hasher();
        for value in row {
            count_work(value, value, context)?;
            group::hash(value, &mut hasher);
        }
        Ok(hasher.finish())
    }

    /// Looks through the rows with one hash.
    fn find_from<'v>(&self, newest: Option<usize>, row: impl Iterator<Item = &'v Value> + Clone) -> Option<usize> {
        let mut candidate = newest;
        while let Some(number) = candidate {
            if self.row(number).iter().zip(row.clone()).all(|(known, value)| group::same(known, value)) {
                return Some(number);
            }
            candidate = self.before.get(number).copied().flatten();
        }
        None
    }

    /// How many distinct rows there are.
    pub(super) fn len(&self) -> usize {
        self.before.len()
    }

    /// The values of a row.
    pub(super) fn row(&self, number: usize) -> &[Value] {
        self.values.get(number * self.width..(number + 1) * self.width).unwrap_or_default()
    }
}

/// Takes a number that is a hash already.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
