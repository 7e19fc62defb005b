//! Rows of features.

use crate::error::{Error, Result};

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
