//! What is kept of the training data, and compared with.

use serde::{Deserialize, Serialize};

use super::feature::FeatureReference;
use super::{MINIMUM_ROWS, SIGNIFICANCE, distance, stability};
use crate::data::{FeatureKind, Schema, Table};
use crate::error::{Error, Result};
use crate::model::{Model, Warning};

/// How each feature was distributed at the training, in a few kilobytes for each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DriftReference {
    rows: u64,
    features: Vec<FeatureReference>,
}

/// Which measure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Measure {
    /// The population stability index over ten bins, or the words, and one for what is missing.
    Psi,
    /// The distance of Kolmogorov and Smirnov between the known values.
    Ks,
    /// The same, between p-values and the uniform distribution.
    Uniformity,
}

impl Measure {
    /// Its name in a warning.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Psi => "psi",
            Self::Ks => "ks",
            Self::Uniformity => "uniformity",
        }
    }

    pub(super) fn warning(self, feature: &str, value: f64, threshold: f64) -> Warning {
        Warning::Drift { feature: feature.to_owned(), measure: self.name().to_owned(), value, threshold }
    }
}

/// How far a feature is from where it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureDrift {
    /// Its name.
    pub feature: String,
    /// How it was measured.
    pub measure: Measure,
    /// How far.
    pub value: f64,
    /// From where on it is drift.
    pub threshold: f64,
}

impl DriftReference {
    /// Keeps how the rows of a training are distributed.
    ///
    /// # Errors
    /// [`Error::Data`] where the rows are not of the schema, or there are none.
    pub fn new(schema: &Schema, rows: &Table) -> Result<Self> {
        if rows.columns() != schema.len() {
            let expected = format!("{} columns, as its schema has", schema.len());
            return Err(Error::data("table", expected, rows.columns().to_string()));
        }
        if rows.rows() == 0 {
            return Err(Error::data("table", "at least one row", "none"));
        }
        let features = schema.features().iter().enumerate().map(|(column, feature)| {
            let words = match &feature.kind {
                FeatureKind::Numeric => None,
                FeatureKind::Categorical { levels } => Some(levels.len()),
            };
            FeatureReference::new(feature.name.clone(), words, rows.column(column))
        });
        Ok(Self { rows: rows.rows() as u64, features: features.collect() })
    }

    /// Measures every feature of these rows; nothing for fewer than [`MINIMUM_ROWS`].
    ///
    /// # Errors
    /// [`Error::Data`] for another number of columns than the training had.
    pub fn measure(&self, rows: &Table) -> Result<Vec<FeatureDrift>> {
        if rows.columns() != self.features.len() {
            let expected = format!("{} columns, as at the training", self.features.len());
            return Err(Error::data("table", expected, rows.columns().to_string()));
        }
        if rows.rows() < MINIMUM_ROWS {
            return Ok(Vec::new());
        }
        // Two measures for each feature, of which none should warn without need (Bonferroni).
        let alpha = SIGNIFICANCE / (2 * self.features.len()) as f64;
        let inverse = |training: f64, found: f64| 1.0 / training + 1.0 / found;
        let mut measured = Vec::new();
        for (column, reference) in self.features.iter().enumerate() {
            let values: Vec<f64> = rows.column(column).collect();
            let mut add = |measure, value, threshold| {
                measured.push(FeatureDrift { feature: reference.name.clone(), measure, value, threshold });
            };
            let (expected, found) = reference.bins(&values);
            let threshold = stability::threshold(expected.len(), inverse(self.rows as f64, values.len() as f64), alpha);
            add(Measure::Psi, stability::index(&expected, &found), threshold);
            if let Some((value, training, found)) = reference.distance(&values) {
                add(Measure::Ks, value, distance::threshold(inverse(training, found), alpha));
            }
        }
        Ok(measured)
    }

    /// A warning for each measure that is drift, the features in the order of the schema.
    ///
    /// # Errors
    /// As [`DriftReference::measure`].
    pub fn compare(&self, rows: &Table) -> Result<Vec<Warning>> {
        let drifted = self.measure(rows)?.into_iter().filter(|drift| drift.value > drift.threshold);
        Ok(drifted.map(|drift| drift.measure.warning(&drift.feature, drift.value, drift.threshold)).collect())
    }
}

impl Model for DriftReference {
    const KIND: &'static str = "drift_reference";
    const FORMAT: u16 = 1;

    fn check(&self) -> Result<()> {
        let refuse = |found: String| Err(Error::ModelFile { expected: "distributions that hold together".into(), found });
        if self.features.is_empty() || self.rows == 0 || self.rows >= 1 << 53 {
            return refuse(format!("{} features of {} rows", self.features.len(), self.rows));
        }
        match self.features.iter().find(|feature| !feature.holds(self.rows)) {
            Some(feature) => refuse(format!("another one of the feature {}", feature.name)),
            None => Ok(()),
        }
    }
}
