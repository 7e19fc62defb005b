//! A trained model of any kind, with what its data looked like.

use dharmagraph_aiops::anomaly::MultivariateModel;
use dharmagraph_aiops::data::Schema;
use dharmagraph_aiops::drift::DriftReference;
use dharmagraph_aiops::failure::FailureModel;
use dharmagraph_aiops::model::{Model, load};
use dharmagraph_aiops::threat::FlowDetector;
use dharmagraph_aiops::{Error, Result};
use serde::{Deserialize, Serialize};

use super::ModelKind;

/// A trained model with the distribution of the rows that it was trained on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Trained {
    /// The features that it is asked about.
    pub schema: Schema,
    /// How they were distributed.
    pub drift: DriftReference,
    /// The model.
    pub content: Content,
}

/// The model of a kind.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Content {
    /// Tells whether and when something fails.
    Failure {
        /// The model.
        model: Box<FailureModel>,
        /// How far it looks, in the unit of the remaining life; nothing where the target said only that it failed.
        horizon: Option<f64>,
    },
    /// Tells attacks from normal flows.
    Threat(Box<FlowDetector>),
    /// Tells how strange rows are.
    Anomaly(Box<MultivariateModel>),
}

impl Trained {
    /// Which kind it is.
    #[must_use]
    pub const fn kind(&self) -> ModelKind {
        match &self.content {
            Content::Failure { .. } => ModelKind::Failure,
            Content::Threat(_) => ModelKind::Threat,
            Content::Anomaly(_) => ModelKind::Anomaly,
        }
    }

    /// Reads a file of this kind.
    ///
    /// # Errors
    /// [`Error::ModelFile`] that says what was expected and what came.
    pub fn read(kind: ModelKind, file: &[u8]) -> Result<Self> {
        let model: Self = load(file)?;
        if model.kind() == kind {
            return Ok(model);
        }
        Err(Error::ModelFile { expected: format!("a model of the kind {kind}"), found: format!("one of {}", model.kind()) })
    }
}

impl Model for Trained {
    const KIND: &'static str = "trained";
    const FORMAT: u16 = 1;

    fn check(&self) -> Result<()> {
        let refuse = |expected: &str, found: &str| Err(Error::ModelFile { expected: expected.into(), found: found.into() });
        self.drift.check()?;
        let fits = match &self.content {
            Content::Failure { model, horizon } => {
                model.check()?;
                if horizon.is_some_and(|horizon| !(horizon > 0.0 && horizon.is_finite())) {
                    return refuse("a horizon above 0", "another one");
                }
                *model.schema() == self.schema
            }
            Content::Threat(model) => {
                model.check()?;
                *model.schema() == self.schema
            }
            Content::Anomaly(model) => {
                model.check()?;
                model.metrics() == self.schema.len()
            }
        };
        if fits { Ok(()) } else { refuse("the features of its model", "others") }
    }
}
