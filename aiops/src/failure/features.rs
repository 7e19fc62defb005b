//! What is asked about, as a row.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::model::FailureModel;
use super::windows::{AGE, Windows};
use crate::data::{FeatureKind, Series};
use crate::error::{Error, Result};
use crate::model::Warning;

/// The value of a feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A category.
    Word(String),
}

impl FailureModel {
    /// A row of the model's schema from named features. What does not come is missing, with a warning; so is a category that the
    /// training did not have.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a feature that the model does not know; [`Error::Data`] for a word where it knows a number, a
    /// number where it knows words, and an infinite one.
    pub fn row(&self, features: &BTreeMap<String, Value>) -> Result<(Vec<f64>, Vec<Warning>)> {
        if let Some(name) = features.keys().find(|name| self.schema().position(name).is_none()) {
            return Err(Error::NotFound { what: "feature", name: name.clone() });
        }
        let mut warnings = Vec::new();
        let mut row = Vec::with_capacity(self.schema().len());
        for feature in self.schema().features() {
            let refuse = |expected: &str, found: String| Err(Error::data(format!("feature {}", feature.name), expected, found));
            row.push(match (features.get(&feature.name), &feature.kind) {
                (None, _) => {
                    warnings.push(Warning::MissingFeature { feature: feature.name.clone() });
                    f64::NAN
                }
                (Some(Value::Number(number)), FeatureKind::Numeric) => {
                    if number.is_infinite() {
                        return refuse("a finite number", number.to_string());
                    }
                    *number
                }
                (Some(Value::Word(word)), FeatureKind::Categorical { levels }) => {
                    let place = levels.iter().position(|level| level == word);
                    if place.is_none() {
                        let value = word.chars().take(80).collect();
                        warnings.push(Warning::UnseenCategory { feature: feature.name.clone(), value });
                    }
                    place.map_or(f64::NAN, |place| place as f64)
                }
                (Some(Value::Word(_)), FeatureKind::Numeric) => return refuse("a number", "a word".into()),
                (Some(Value::Number(number)), FeatureKind::Categorical { .. }) => return refuse("a word", number.to_string()),
            });
        }
        Ok((row, warnings))
    }

    /// A row of the model's schema from metrics over time, up to their last points, by the windows it was trained with. A series
    /// of a metric that it does not know is left out.
    ///
    /// # Errors
    /// [`Error::Data`] for a model that was not trained on windows, for a metric that comes twice, and for one in another unit
    /// than at the training.
    pub fn row_of_series(&self, series: &[Series]) -> Result<(Vec<f64>, Vec<Warning>)> {
        let Some(windows) = self.windows() else {
            return Err(Error::data("series", "features, since the model was not trained on series", "series"));
        };
        let mut found = BTreeMap::new();
        for (place, metric) in series.iter().enumerate() {
            if series[..place].iter().any(|before| before.metric == metric.metric) {
                return Err(Error::data(format!("series {}", metric.metric), "each metric once", "it twice"));
            }
            self.add_series(windows, metric, &mut found)?;
        }
        let longest = series.iter().map(|metric| metric.values().len()).max().unwrap_or(0);
        found.insert(AGE.to_owned(), Value::Number(longest as f64));
        found.retain(|name, _| self.schema().position(name).is_some());
        self.row(&found)
    }

    fn add_series(&self, windows: &Windows, series: &Series, found: &mut BTreeMap<String, Value>) -> Result<()> {
        let mut values = Vec::with_capacity(windows.count());
        windows.add(series.values(), &mut values);
        for (name, value) in windows.names(&series.metric).into_iter().zip(values) {
            let known = self.schema().position(&name).map(|place| &self.schema().features()[place]);
            if let Some(feature) = known
                && let (Some(expected), Some(came)) = (&feature.unit, &series.unit)
                && expected != came
            {
                return Err(Error::data(format!("series {}", series.metric), format!("the unit {expected}"), came.clone()));
            }
            found.insert(name, Value::Number(value));
        }
        Ok(())
    }
}
