//! What is learnt from.

use crate::data::{Schema, Table};
use crate::error::{Error, Result};

/// The largest target, in size: sums of squares of such stay finite.
const TARGET: f64 = 1e100;

/// Rows with what each of them turned out to be.
#[derive(Debug, Clone)]
pub struct Examples {
    pub(super) schema: Schema,
    pub(super) rows: Table,
    pub(super) targets: Vec<f64>,
    pub(super) weights: Option<Vec<f64>>,
}

impl Examples {
    /// Rows of a schema, with one target each: 0 or 1 for the logistic loss, the class's number for softmax, else any.
    ///
    /// # Errors
    /// [`Error::Data`] where the rows are not of the schema, there is not one target for each, or one is not a number between
    /// -1e100 and 1e100.
    pub fn new(schema: Schema, rows: Table, targets: Vec<f64>) -> Result<Self> {
        if rows.columns() != schema.len() {
            let expected = format!("{} columns, as its schema has", schema.len());
            return Err(Error::data("table", expected, rows.columns().to_string()));
        }
        if targets.len() != rows.rows() {
            let expected = format!("one for each of {} rows", rows.rows());
            return Err(Error::data("targets", expected, targets.len().to_string()));
        }
        if let Some(place) = targets.iter().position(|target| !(-TARGET..=TARGET).contains(target)) {
            let what = format!("target of row {}", place + 1);
            return Err(Error::data(what, "a number between -1e100 and 1e100", targets[place].to_string()));
        }
        Ok(Self { schema, rows, targets, weights: None })
    }

    /// The same, each row counting as much as its weight says; without, each counts 1.
    ///
    /// # Errors
    /// [`Error::Data`] where there is not one weight for each row, or one is not between 0 and 1e9.
    pub fn with_weights(mut self, weights: Vec<f64>) -> Result<Self> {
        if weights.len() != self.targets.len() {
            let expected = format!("one for each of {} rows", self.targets.len());
            return Err(Error::data("weights", expected, weights.len().to_string()));
        }
        if let Some(place) = weights.iter().position(|weight| !(0.0..=1e9).contains(weight)) {
            let what = format!("weight of row {}", place + 1);
            return Err(Error::data(what, "a number between 0 and 1e9", weights[place].to_string()));
        }
        self.weights = Some(weights);
        Ok(self)
    }

    /// The rows at these places, with their targets and weights.
    #[must_use]
    pub fn select(&self, places: &[usize]) -> Self {
        let pick = |values: &Vec<f64>| places.iter().map(|place| values[*place]).collect();
        Self {
            schema: self.schema.clone(),
            rows: self.rows.select(places),
            targets: pick(&self.targets),
            weights: self.weights.as_ref().map(pick),
        }
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

    /// One target for each row.
    #[must_use]
    pub fn targets(&self) -> &[f64] {
        &self.targets
    }

    /// The weight of a row.
    pub(super) fn weight(&self, row: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[row])
    }
}
