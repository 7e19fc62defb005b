//! Tables from and as arrays of ndarray.

use ndarray::ArrayView2;

use super::Table;
use crate::error::Result;

impl Table {
    /// A table of the rows of an array, whatever its order in memory. `NaN` is a missing value.
    ///
    /// # Errors
    /// As [`Table::new`].
    pub fn from_array(rows: ArrayView2<'_, f64>) -> Result<Self> {
        Self::new(rows.iter().copied().collect(), rows.ncols())
    }

    /// The table as an array, without copying.
    #[must_use]
    pub fn as_array(&self) -> ArrayView2<'_, f64> {
        ArrayView2::from_shape((self.rows(), self.columns()), self.values()).expect("a table has whole rows")
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn an_array_and_its_table_have_the_same_rows() {
        let rows = array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
        let table = Table::from_array(rows.view()).unwrap();
        assert_eq!(table.row(1), [3.0, 4.0]);
        assert_eq!(table.as_array(), rows);
        assert_eq!(Table::from_array(rows.t()).unwrap().row(0), [1.0, 3.0, 5.0]);
        assert!(Table::from_array(array![[f64::INFINITY]].view()).is_err());
        assert!(Table::from_array(ArrayView2::from(&[[0.0_f64; 0]; 3])).is_err());
    }
}
