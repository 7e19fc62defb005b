//! What became of units.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use super::windows::Windows;
use crate::data::{Schema, Table};
use crate::error::{Error, Result};

/// Rows of features of units, with whether each unit failed within the horizon after that row.
#[derive(Debug, Clone)]
pub struct Records {
    pub(super) schema: Schema,
    pub(super) rows: Table,
    pub(super) units: Vec<u64>,
    pub(super) fails: Vec<bool>,
    pub(super) remaining: Option<Vec<f64>>,
    pub(super) windows: Option<Windows>,
}

impl Records {
    /// Rows of a schema. Rows of one unit have the same number in `units`: no model is judged on a unit that it learnt from.
    ///
    /// # Errors
    /// [`Error::Data`] where the rows are not of the schema, or there is not one unit and one outcome for each.
    pub fn new(schema: Schema, rows: Table, units: Vec<u64>, fails: Vec<bool>) -> Result<Self> {
        if rows.columns() != schema.len() {
            let expected = format!("{} columns, as its schema has", schema.len());
            return Err(Error::data("table", expected, rows.columns().to_string()));
        }
        for (what, found) in [("units", units.len()), ("outcomes", fails.len())] {
            if found != rows.rows() {
                return Err(Error::data(what, format!("one for each of {} rows", rows.rows()), found.to_string()));
            }
        }
        Ok(Self { schema, rows, units, fails, remaining: None, windows: None })
    }

    /// Rows with the life that remained of the unit at each of them; those that have at most `horizon` fail.
    ///
    /// # Errors
    /// As [`Records::new`]; [`Error::Data`] for a remaining life that is not a number between 0 and 1e15.
    pub fn with_remaining(schema: Schema, rows: Table, units: Vec<u64>, remaining: Vec<f64>, horizon: f64) -> Result<Self> {
        if let Some(place) = remaining.iter().position(|life| !(0.0..=1e15).contains(life)) {
            let what = format!("remaining life of row {}", place + 1);
            return Err(Error::data(what, "a number between 0 and 1e15", remaining[place].to_string()));
        }
        let fails = remaining.iter().map(|life| *life <= horizon).collect();
        Ok(Self { remaining: Some(remaining), ..Self::new(schema, rows, units, fails)? })
    }

    /// Features by windows of what was measured: rows of metrics become rows of their history up to then. Rows of a unit must be
    /// in the order of time, and follow each other.
    ///
    /// # Errors
    /// [`Error::Data`] for a unit whose rows do not follow each other; [`Error::TooMuch`] for windows that hold more than
    /// 20,000,000,000 points in all rows together; as [`Schema::new`] and [`Table::new`] for too many
    /// features.
    pub fn windowed(self, windows: &Windows) -> Result<Self> {
        let (schema, rows) = windows.expand(&self.schema, &self.rows, &self.units)?;
        Ok(Self { schema, rows, windows: Some(windows.clone()), ..self })
    }

    /// What the columns mean.
    #[must_use]
    pub const fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The rows.
    #[must_use]
    pub const fn rows(&self) -> &Table {
        &self.rows
    }

    /// The unit of each row.
    #[must_use]
    pub fn units(&self) -> &[u64] {
        &self.units
    }

    /// Whether each row's unit failed within the horizon.
    #[must_use]
    pub fn fails(&self) -> &[bool] {
        &self.fails
    }

    /// The life that remained at each row.
    #[must_use]
    pub fn remaining(&self) -> Option<&[f64]> {
        self.remaining.as_deref()
    }

    /// The rows at these places.
    #[must_use]
    pub fn select(&self, places: &[usize]) -> Self {
        Self {
            schema: self.schema.clone(),
            rows: self.rows.select(places),
            units: places.iter().map(|place| self.units[*place]).collect(),
            fails: places.iter().map(|place| self.fails[*place]).collect(),
            remaining: self.remaining.as_ref().map(|lives| places.iter().map(|place| lives[*place]).collect()),
            windows: self.windows.clone(),
        }
    }

    /// The part of each row, all rows of a unit in the same: units are shuffled by the seed and dealt out in turn. Fewer parts
    /// than asked for where there are fewer units.
    ///
    /// # Errors
    /// [`Error::Data`] for fewer than two units.
    pub fn folds(&self, folds: usize, seed: u64) -> Result<Vec<usize>> {
        let mut units = self.units.clone();
        units.sort_unstable();
        units.dedup();
        if units.len() < 2 {
            let expected = "at least two, so that no model is judged on one that it learnt from";
            return Err(Error::data("units", expected, units.len().to_string()));
        }
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut place = vec![0; units.len()];
        let mut order: Vec<usize> = (0..units.len()).collect();
        for last in (1..order.len()).rev() {
            let pick = (u128::from(random.next_u64()) * (last as u128 + 1)) >> 64;
            order.swap(last, pick as usize);
        }
        let folds = folds.clamp(2, units.len());
        order.iter().enumerate().for_each(|(turn, unit)| place[*unit] = turn % folds);
        Ok(self.units.iter().map(|unit| units.binary_search(unit).map_or(0, |found| place[found])).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_unit_are_in_one_fold_and_folds_are_even() {
        let units: Vec<u64> = (0..100).map(|row| row % 10 * 7).collect();
        let rows = Table::new(vec![0.0; 100], 1).unwrap();
        let records = Records::new(Schema::numeric(["x"]).unwrap(), rows, units, vec![false; 100]).unwrap();
        let folds = records.folds(5, 1).unwrap();
        assert!((0..100).all(|row| folds[row] == folds[row % 10]));
        assert!((0..5).all(|fold| folds.iter().filter(|found| **found == fold).count() == 20));
        assert_eq!(folds, records.folds(5, 1).unwrap());
        assert_ne!(folds, records.folds(5, 2).unwrap());
        assert!(records.select(&[0, 10]).folds(5, 1).is_err());
    }
}
