//! What is asked about, as a row.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::model::FailureModel;
use super::windows::AGE;
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
    /// of a metric that it does not know is left out, with a warning; so there is for what [`Series::concerns`] tells, and for a
    /// series that does not say its unit though the training did.
    ///
    /// # Errors
    /// [`Error::Data`] for a model that was not trained on windows, for a metric that comes twice, for one in another unit than at
    /// the training, and for one of another step or last time than the first.
    pub fn row_of_series(&self, series: &[Series]) -> Result<(Vec<f64>, Vec<Warning>)> {
        let Some(windows) = self.windows() else {
            return Err(Error::data("series", "features, since the model was not trained on series", "series"));
        };
        let (mut found, mut warnings) = (BTreeMap::new(), Vec::new());
        for (place, metric) in series.iter().enumerate() {
            let what = || format!("series {}", metric.metric);
            if series[..place].iter().any(|before| before.metric == metric.metric) {
                return Err(Error::data(what(), "each metric once", "it twice"));
            }
            let ends = |series: &Series| (series.step(), series.time(series.values().len()));
            if ends(metric) != ends(&series[0]) {
                let expected = format!("the step and the last time of series {}", series[0].metric);
                return Err(Error::data(what(), expected, "others; align them first"));
            }
            let names = windows.names(&metric.metric);
            if !names.iter().any(|name| self.schema().position(name).is_some()) {
                warnings.push(Warning::UnknownFeature { feature: metric.metric.clone() });
                continue;
            }
            warnings.extend(self.schema().check_unit(&names[0], metric)?);
            warnings.extend(metric.concerns());
            let mut values = Vec::with_capacity(windows.count());
            windows.add(metric.values(), &mut values);
            found.extend(names.into_iter().zip(values.into_iter().map(Value::Number)));
        }
        let longest = series.iter().map(|metric| metric.values().len()).max().unwrap_or(0);
        found.insert(AGE.to_owned(), Value::Number(longest as f64));
        found.retain(|name, _| self.schema().position(name).is_some());
        let (row, missing) = self.row(&found)?;
        warnings.extend(missing);
        Ok((row, warnings))
    }
}
