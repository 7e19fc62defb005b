//! The data sets' files.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs::File;
use std::path::Path;

use csv::{Reader, StringRecord};
use dharmagraph_aiops::data::{Feature, FeatureKind, Schema, Table};
use flate2::read::MultiGzDecoder;

/// The cells of a file, by column.
#[derive(Debug)]
pub(crate) struct Columns {
    names: Vec<String>,
    cells: Vec<Vec<String>>,
}

impl Columns {
    /// Reads packed CSV with a line of names.
    pub(crate) fn read(file: &Path) -> Result<Self, Box<dyn Error>> {
        let opened = File::open(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let mut reader = Reader::from_reader(MultiGzDecoder::new(opened));
        let names: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
        let mut cells = vec![Vec::new(); names.len()];
        let mut record = StringRecord::new();
        while reader.read_record(&mut record)? {
            record.iter().zip(&mut cells).for_each(|(cell, column)| column.push(cell.to_owned()));
        }
        Ok(Self { names, cells })
    }

    /// Takes a column out.
    pub(crate) fn take(&mut self, name: &str) -> Result<Vec<String>, Box<dyn Error>> {
        let place = self.names.iter().position(|known| known == name).ok_or_else(|| format!("there is no column `{name}`"))?;
        self.names.remove(place);
        Ok(self.cells.remove(place))
    }

    /// Takes a column of numbers out.
    pub(crate) fn take_numbers(&mut self, name: &str) -> Result<Vec<f64>, Box<dyn Error>> {
        Ok(self.take(name)?.iter().map(|cell| cell.parse()).collect::<Result<_, _>>()?)
    }

    /// The columns as features: of numbers where every cell is one, else of words.
    pub(crate) fn features(self) -> Result<(Schema, Table), Box<dyn Error>> {
        let rows = self.cells.first().map_or(0, Vec::len);
        let columns = self.names.len();
        let mut values = vec![0.0; rows * columns];
        let mut features = Vec::with_capacity(columns);
        for (place, (name, cells)) in self.names.into_iter().zip(self.cells).enumerate() {
            let numbers: Result<Vec<f64>, _> = cells.iter().map(|cell| cell.parse()).collect();
            let (kind, column) = match numbers {
                Ok(numbers) => (FeatureKind::Numeric, numbers),
                Err(_) => {
                    let levels: Vec<String> = cells.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
                    let level = |cell: &String| levels.binary_search(cell).map_or(f64::NAN, |level| level as f64);
                    let column = cells.iter().map(level).collect();
                    (FeatureKind::Categorical { levels }, column)
                }
            };
            column.into_iter().enumerate().for_each(|(row, value)| values[row * columns + place] = value);
            features.push(Feature { name, unit: None, kind });
        }
        Ok((Schema::new(features)?, Table::new(values, columns)?))
    }
}
