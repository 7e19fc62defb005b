//! Rows of features.

use super::Schema;
use super::series::MISSING;
use crate::error::{Error, Result};
use crate::model::Warning;

/// The most values that a table has: 800 MB of them.
const VALUES: usize = 100_000_000;

/// Rows of features, one `f64` for each, row after row. `NaN` is a missing value; infinite values are refused.
///
/// [`Table::from_array`] makes one of an array of ndarray, [`Table::as_array`] shows it as one.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    values: Vec<f64>,
    columns: usize,
}

impl Table {
    /// A table of `values.len() / columns` rows.
    ///
    /// # Errors
    /// [`Error::Data`] where the values do not fill whole rows, there is no column, or a value is infinite, which it names by
    /// row and column; [`Error::TooMuch`] for more than 100,000,000.
    pub fn new(values: Vec<f64>, columns: usize) -> Result<Self> {
        if columns == 0 || !values.len().is_multiple_of(columns) {
            let found = format!("{} values for {columns} columns", values.len());
            return Err(Error::data("table", "whole rows of at least one column", found));
        }
        if values.len() > VALUES {
            return Err(Error::TooMuch { what: "the table's values".into(), limit: VALUES, found: values.len() });
        }
        if let Some(place) = values.iter().position(|value| value.is_infinite()) {
            let what = format!("table, row {}, column {}", place / columns + 1, place % columns + 1);
            return Err(Error::data(what, "a finite number, or NaN for a missing one", "an infinite one"));
        }
        Ok(Self { values, columns })
    }

    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.values.len() / self.columns
    }

    /// How many columns.
    #[must_use]
    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// One row.
    #[must_use]
    pub fn row(&self, index: usize) -> &[f64] {
        &self.values[index * self.columns..(index + 1) * self.columns]
    }

    /// Every row, in order.
    pub fn iter(&self) -> std::slice::ChunksExact<'_, f64> {
        self.values.chunks_exact(self.columns)
    }

    /// Every value, row after row.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// One column, from the first row to the last.
    pub fn column(&self, index: usize) -> impl Iterator<Item = f64> + '_ {
        self.iter().map(move |row| row[index])
    }

    /// Refuses rows that nothing can be learnt from: each column has one value in all of them, or is missing in all.
    pub(crate) fn check_varies(&self) -> Result<()> {
        let same = |first: f64, value: f64| value == first || (value.is_nan() && first.is_nan());
        let Some(first) = self.iter().next() else { return Ok(()) };
        if self.iter().any(|row| row.iter().zip(first).any(|(value, first)| !same(*first, *value))) {
            return Ok(());
        }
        let found = format!("{} rows of which each has the same values", self.rows());
        Err(Error::data("table", "a feature that varies", found))
    }

    /// What to be careful about where a model learns from these rows: features that are the same in all of them, and those of
    /// which more than a fifth is missing.
    #[must_use]
    pub fn concerns(&self, schema: &Schema) -> Vec<Warning> {
        let mut warnings = Vec::new();
        for (column, feature) in schema.features().iter().enumerate().take(self.columns) {
            let what = || format!("feature {}", feature.name);
            let mut known = self.column(column).filter(|value| !value.is_nan());
            let first = known.next();
            let (mut count, mut constant) = (usize::from(first.is_some()), true);
            for value in known {
                (count, constant) = (count + 1, constant && Some(value) == first);
            }
            let share = 1.0 - count as f64 / self.rows().max(1) as f64;
            if share > MISSING {
                warnings.push(Warning::Missing { what: what(), share });
            }
            if constant && count > 1 {
                warnings.push(Warning::Constant { what: what() });
            }
        }
        warnings
    }

    /// The rows at these places.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        Self { values: rows.iter().flat_map(|row| self.row(*row)).copied().collect(), columns: self.columns }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_vary_is_told_and_where_nothing_does_refused() {
        let schema = Schema::numeric(["a", "b", "c"]).unwrap();
        let row = |row: u32| [f64::from(row), 7.0, f64::NAN];
        let table = Table::new((0..10).flat_map(row).collect(), 3).unwrap();
        let what = |name: &str| format!("feature {name}");
        let missing = Warning::Missing { what: what("c"), share: 1.0 };
        assert_eq!(table.concerns(&schema), [Warning::Constant { what: what("b") }, missing]);
        assert!(table.check_varies().is_ok());
        assert!(table.select(&[0, 0, 0]).check_varies().unwrap_err().to_string().contains("a feature that varies"));
        assert!(Table::new(vec![1.0, f64::NAN], 1).unwrap().check_varies().is_ok());
        assert!(Table::new(vec![f64::NAN; 4], 2).unwrap().check_varies().is_err());
    }

    #[test]
    fn a_table_has_whole_rows_of_finite_values() {
        let table = Table::new(vec![1.0, f64::NAN, 3.0, 4.0], 2).unwrap();
        assert_eq!((table.rows(), table.columns()), (2, 2));
        assert_eq!(table.row(1), [3.0, 4.0]);
        assert_eq!(table.column(0).collect::<Vec<_>>(), [1.0, 3.0]);
        assert_eq!(table.select(&[1, 1]).values(), [3.0, 4.0, 3.0, 4.0]);
        assert!(Table::new(vec![1.0; 3], 2).is_err());
        assert!(Table::new(Vec::new(), 0).is_err());
        let error = Table::new(vec![1.0, 2.0, f64::INFINITY], 1).unwrap_err().to_string();
        assert!(error.contains("row 3, column 1"), "{error}");
    }
}
