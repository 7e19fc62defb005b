//! Rows as people bring them, in CSV or JSON, before a schema says what their columns are.

mod align;
mod cell;
mod column;
mod csv;

use std::collections::BTreeMap;

use dharmagraph_aiops::data::{Feature, FeatureKind, Schema, Table};
use dharmagraph_aiops::{Error, Result};

pub use align::{Strangers, align};
pub use cell::Cell;
pub use column::Column;

/// The most words that a column of words may have; a column with more names each row, and nothing can be learnt from that.
const LEVELS: usize = 4096;

/// Named columns of equal length.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    names: Vec<String>,
    columns: Vec<Column>,
    rows: usize,
}

impl Frame {
    /// A frame of rows in which each cell has its name; what a row does not name is missing from it.
    ///
    /// # Errors
    /// [`Error::Data`] for rows without any cell.
    pub fn from_rows(rows: &[BTreeMap<String, Cell>]) -> Result<Self> {
        let mut columns: BTreeMap<&str, Vec<&Cell>> = BTreeMap::new();
        for (index, row) in rows.iter().enumerate() {
            for (name, cell) in row {
                let column = columns.entry(name).or_default();
                column.resize(index, &Cell::Missing);
                column.push(cell);
            }
        }
        if columns.is_empty() {
            return Err(Error::data("rows", "rows with named values", if rows.is_empty() { "none" } else { "empty ones" }));
        }
        for column in columns.values_mut() {
            column.resize(rows.len(), &Cell::Missing);
        }
        let (names, columns): (Vec<_>, Vec<_>) =
            columns.into_iter().map(|(name, cells)| (name.to_owned(), Column::of(&cells))).unzip();
        Ok(Self { names, columns, rows: rows.len() })
    }

    /// The names of the columns.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many rows.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// A column by its name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.names.iter().position(|known| known == name).map(|index| &self.columns[index])
    }

    /// Takes a column out.
    ///
    /// # Errors
    /// [`Error::Data`] that lists the columns where there is none of this name.
    pub fn take(&mut self, name: &str) -> Result<Column> {
        let Some(index) = self.names.iter().position(|known| known == name) else {
            let mut names = self.names.iter().take(50).map(String::as_str).collect::<Vec<_>>().join(", ");
            names.truncate(names.floor_char_boundary(400));
            let name: String = name.chars().take(80).collect();
            return Err(Error::data("column", format!("one of {names}"), format!("`{name}`")));
        };
        self.names.remove(index);
        Ok(self.columns.remove(index))
    }

    /// The columns as features and rows: words become categories.
    ///
    /// # Errors
    /// [`Error::Data`] for no column, for a column of more than 4,096 words, and for one of many numbers with a few words between
    /// them; those of [`Schema`] and [`Table`].
    pub fn into_table(self) -> Result<(Schema, Table)> {
        let feature = |(name, column): (&String, &Column)| {
            if let Some((row, word)) = column.slip() {
                let word: String = word.chars().take(80).collect();
                let expected = "a number as in most other rows, or nothing where it is missing";
                return Err(Error::data(format!("column {name}, row {}", row + 1), expected, format!("`{word}`")));
            }
            let kind = match column {
                Column::Numbers(_) => FeatureKind::Numeric,
                Column::Words { levels, .. } if levels.len() > LEVELS => {
                    let expected = format!("at most {LEVELS} different words; leave the column out where it names the row");
                    return Err(Error::data(format!("column {name}"), expected, levels.len().to_string()));
                }
                Column::Words { levels, .. } => FeatureKind::Categorical { levels: levels.clone() },
            };
            Ok(Feature { name: name.clone(), unit: None, kind })
        };
        let schema = Schema::new(self.names.iter().zip(&self.columns).map(feature).collect::<Result<_>>()?)?;
        let mut values = Vec::with_capacity(self.rows * self.columns.len());
        for row in 0..self.rows {
            values.extend(self.columns.iter().map(|column| column.values()[row]));
        }
        let table = Table::new(values, schema.len())?;
        Ok((schema, table))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_may_lack_cells_and_words_become_categories() {
        let row = |cells: &[(&str, Cell)]| cells.iter().map(|(name, cell)| ((*name).to_owned(), cell.clone())).collect();
        let rows: [BTreeMap<String, Cell>; 3] = [
            row(&[("a", Cell::Number(1.0))]),
            row(&[("b", Cell::Word("up".into())), ("a", Cell::Missing)]),
            row(&[("b", Cell::Word("down".into()))]),
        ];
        let (schema, table) = Frame::from_rows(&rows).unwrap().into_table().unwrap();
        assert_eq!(schema.features()[1].kind, FeatureKind::Categorical { levels: vec!["down".into(), "up".into()] });
        assert_eq!((table.row(0)[0], table.row(1)[1], table.row(2)[1]), (1.0, 1.0, 0.0));
        assert!(table.row(0)[1].is_nan() && table.row(2)[0].is_nan());
        assert!(Frame::from_rows(&[]).is_err() && Frame::from_rows(&[BTreeMap::new()]).is_err());
    }

    #[test]
    fn a_column_that_is_not_there_is_told_with_those_that_are() {
        let mut frame = Frame::from_csv(b"a,b\n1,2\n").unwrap();
        let error = frame.take("c").unwrap_err().to_string();
        assert!(error.contains("one of a, b") && error.contains("`c`"), "{error}");
        assert_eq!(frame.take("a").unwrap(), Column::Numbers(vec![1.0]));
        assert_eq!(frame.names(), ["b"]);
    }
}
