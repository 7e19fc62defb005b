//! What the columns of a [`Table`](super::Table) mean.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Series;
use crate::error::{Error, Result};
use crate::model::Warning;

/// The most features that a schema has.
const FEATURES: usize = 10_000;

/// A named feature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// Its name, unique in its schema.
    pub name: String,
    /// Its unit, if it has one: `percent`, `bytes`, `celsius`. A model refuses the same feature in another unit.
    // Always written, since the format of model files has no names by which a field could be left out.
    #[serde(default)]
    pub unit: Option<String>,
    /// What its values are.
    pub kind: FeatureKind,
}

/// What the values of a feature are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeatureKind {
    /// Numbers that have an order.
    Numeric,
    /// One of these words; its value in a [`Table`](super::Table) is its place in the list. A word that is not in it is
    /// missing, with a warning.
    Categorical {
        /// The words, in the order of their places.
        levels: Vec<String>,
    },
}

/// The features of a table, in the order of its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Feature>", into = "Vec<Feature>")]
pub struct Schema {
    features: Vec<Feature>,
}

impl Schema {
    /// A schema of these features.
    ///
    /// # Errors
    /// [`Error::Data`] for none, for a name that is empty or twice there, and for a level that is twice there;
    /// [`Error::TooMuch`] for more than 10,000.
    pub fn new(features: Vec<Feature>) -> Result<Self> {
        if features.is_empty() {
            return Err(Error::data("schema", "at least one feature", "none"));
        }
        if features.len() > FEATURES {
            return Err(Error::TooMuch { what: "the schema's features".into(), limit: FEATURES, found: features.len() });
        }
        let mut names: Vec<&str> = features.iter().map(|feature| feature.name.as_str()).collect();
        names.sort_unstable();
        if names.first() == Some(&"") {
            return Err(Error::data("schema", "a name for each feature", "an empty one"));
        }
        if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Error::data("schema", "each feature once", format!("`{}` twice", twice[0])));
        }
        for feature in &features {
            let FeatureKind::Categorical { levels } = &feature.kind else { continue };
            let mut sorted: Vec<&String> = levels.iter().collect();
            sorted.sort_unstable();
            if let Some(twice) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
                return Err(Error::data(format!("feature {}", feature.name), "each level once", format!("`{}` twice", twice[0])));
            }
        }
        Ok(Self { features })
    }

    /// Numeric features without unit.
    ///
    /// # Errors
    /// As [`Schema::new`].
    pub fn numeric<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Result<Self> {
        let numeric = |name: N| Feature { name: name.into(), unit: None, kind: FeatureKind::Numeric };
        Self::new(names.into_iter().map(numeric).collect())
    }

    /// The same features, some of them with a unit, by their names.
    ///
    /// # Errors
    /// [`Error::Data`] for a feature that there is not, and for one of words, which have no unit.
    pub fn with_units(mut self, units: &BTreeMap<String, String>) -> Result<Self> {
        for (name, unit) in units {
            let missing = || Error::data("units", "names of features", format!("`{name}`"));
            let place = self.position(name).ok_or_else(missing)?;
            let feature = &mut self.features[place];
            if feature.kind != FeatureKind::Numeric {
                return Err(Error::data(format!("unit of {name}"), "a feature of numbers", "one of words"));
            }
            feature.unit = Some(unit.clone());
        }
        Ok(self)
    }

    /// Compares the unit of a series with that of the feature that it is; a warning where it does not say its unit. Where the
    /// training did not, and for a feature that the schema does not have, there is nothing to compare.
    ///
    /// # Errors
    /// [`Error::Data`] for another unit.
    pub fn check_unit(&self, feature: &str, series: &Series) -> Result<Option<Warning>> {
        let known = self.position(feature).and_then(|place| self.features[place].unit.as_deref());
        let what = || format!("series {}", series.metric);
        match (known, series.unit.as_deref()) {
            (Some(expected), Some(came)) if expected != came => {
                Err(Error::data(what(), format!("the unit {expected}, as at the training"), came))
            }
            (Some(expected), None) => Ok(Some(Warning::UnknownUnit { what: what(), expected: expected.to_owned() })),
            _ => Ok(None),
        }
    }

    /// The features, in the order of the columns.
    #[must_use]
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.features.len()
    }

    /// Never: a schema has features.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// The column of a feature.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.features.iter().position(|feature| feature.name == name)
    }
}

impl TryFrom<Vec<Feature>> for Schema {
    type Error = Error;

    fn try_from(features: Vec<Feature>) -> Result<Self> {
        Self::new(features)
    }
}

impl From<Schema> for Vec<Feature> {
    fn from(schema: Schema) -> Self {
        schema.features
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_there_and_unique() {
        assert!(Schema::numeric(["a", "b"]).is_ok());
        assert!(Schema::numeric(Vec::<String>::new()).is_err());
        assert!(Schema::numeric(["a", "a"]).is_err());
        assert!(Schema::numeric(["a", ""]).is_err());
    }

    #[test]
    fn another_unit_is_refused_and_none_is_told() {
        let units = BTreeMap::from([("a".to_owned(), "percent".to_owned())]);
        let schema = Schema::numeric(["a", "b"]).unwrap().with_units(&units).unwrap();
        let check = |feature: &str, unit: Option<&str>| {
            schema.check_unit(feature, &Series::new(feature, unit.map(str::to_owned), 0, 1, vec![1.0]).unwrap())
        };
        assert_eq!(check("a", Some("percent")).unwrap(), None);
        assert_eq!(check("b", Some("ratio")).unwrap(), None);
        assert_eq!(check("c", None).unwrap(), None);
        assert!(check("a", Some("ratio")).unwrap_err().to_string().contains("the unit percent"));
        let warning = Warning::UnknownUnit { what: "series a".into(), expected: "percent".into() };
        assert_eq!(check("a", None).unwrap(), Some(warning));
        assert!(Schema::numeric(["b"]).unwrap().with_units(&units).is_err());
    }

    #[test]
    fn a_schema_reads_back_and_is_checked_then() {
        let schema = Schema::new(vec![Feature {
            name: "state".into(),
            unit: None,
            kind: FeatureKind::Categorical { levels: vec!["up".into(), "down".into()] },
        }])
        .unwrap();
        let text = serde_json::to_string(&schema).unwrap();
        assert_eq!(serde_json::from_str::<Schema>(&text).unwrap(), schema);
        assert!(serde_json::from_str::<Schema>("[]").is_err());
    }
}
