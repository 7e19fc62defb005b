//! Training a model on labelled rows.

use std::collections::BTreeMap;

use dharmagraph_aiops::boost::{Examples, Parameters};
use dharmagraph_aiops::model::Trainer;
use dharmagraph_aiops::{Error, Result};
use serde::Deserialize;

use super::{ModelKind, Trained};
use crate::frame::Frame;

/// Which columns mean what.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainingOptions {
    /// What is to be predicted: for `failure` 0 or 1, for `threat` the class, `normal` for what is none. Anomalies have none.
    pub target: Option<String>,
    /// Rows of one group, a machine for instance, stay together when the model is validated.
    pub group: Option<String>,
    /// For `failure`: how long it went on to work.
    pub remaining: Option<String>,
    /// Columns that are not features.
    pub ignore: Vec<String>,
}

/// A model that was just trained.
#[derive(Debug)]
pub struct Trainee {
    /// Its file.
    pub file: Vec<u8>,
    /// The model.
    pub model: Trained,
    /// How many rows it was trained on.
    pub rows: usize,
    /// A hash of those.
    pub data_hash: String,
    /// What was measured meanwhile.
    pub metrics: BTreeMap<String, f64>,
}

/// Trains a model.
///
/// # Errors
/// [`Error::Data`] for columns that are not there and rows that nothing can be learnt from.
pub fn train(kind: ModelKind, mut frame: Frame, options: &TrainingOptions) -> Result<Trainee> {
    let data_hash = frame.hash();
    let rows = frame.rows();
    for name in &options.ignore {
        frame.take(name)?;
    }
    match kind {
        ModelKind::Failure => {
            let target = options.target.as_deref().ok_or_else(|| missing("target", "the name of the column to predict"))?;
            let targets = frame.take(target)?.into_numbers(target)?;
            let (schema, table) = frame.into_table()?;
            let examples = Examples::new(schema, table, targets)?;
            let model = Parameters::default().check()?.fit(&examples)?;
            let model = Trained::Failure(Box::new(model));
            Ok(Trainee { file: model.save()?, model, rows, data_hash, metrics: BTreeMap::new() })
        }
        _ => Err(Error::data("kind", "failure", kind.to_string())),
    }
}

fn missing(what: &str, expected: &str) -> Error {
    Error::data(what, expected, "nothing")
}
