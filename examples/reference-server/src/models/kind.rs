//! Which models can be trained.

use std::fmt;
use std::str::FromStr;

use clap::ValueEnum;
use dharmagraph_aiops::Error;
use serde::{Deserialize, Serialize};

/// A kind of model that is trained and kept. Capacity is forecast from the series alone, and has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ModelKind {
    /// Will it fail, and when?
    Failure,
    /// Are these flows an attack?
    Threat,
    /// Which rows are not normal?
    Anomaly,
}

impl ModelKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Failure, Self::Threat, Self::Anomaly];

    /// Its name, which is also the name of its models.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Threat => "threat",
            Self::Anomaly => "anomaly",
        }
    }
}

impl fmt::Display for ModelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ModelKind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| Error::NotFound { what: "model", name: text.chars().take(80).collect() })
    }
}
