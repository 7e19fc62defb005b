//! A trained model of any kind.

use dharmagraph_aiops::boost::Booster;
use dharmagraph_aiops::model::{load, save};
use dharmagraph_aiops::{Error, Result};

use super::ModelKind;

/// A trained model.
#[derive(Debug)]
#[non_exhaustive]
pub enum Trained {
    /// Tells whether and when something fails.
    Failure(Box<Booster>),
}

impl Trained {
    /// Reads a model's file.
    ///
    /// # Errors
    /// [`Error::ModelFile`] that says what was expected and what came.
    pub fn load(kind: ModelKind, file: &[u8]) -> Result<Self> {
        match kind {
            ModelKind::Failure => load(file).map(Box::new).map(Self::Failure),
            _ => Err(Error::ModelFile { expected: "failure".into(), found: kind.to_string() }),
        }
    }

    /// Writes it; the same model gives the same bytes.
    ///
    /// # Errors
    /// [`Error::ModelFile`].
    pub fn save(&self) -> Result<Vec<u8>> {
        match self {
            Self::Failure(model) => save(&**model),
        }
    }
}
