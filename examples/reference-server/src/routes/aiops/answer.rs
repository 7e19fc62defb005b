//! What every answer says beside what was asked.

use dharmagraph_aiops::model::Warning;
use dharmagraph_aiops::registry::ModelVersion;
use dharmagraph_cmdb::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::series::time;
use crate::problem::Problem;

/// Which model answered.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ModelName {
    /// Its name: a kind of trained models, or that of a rule.
    pub(super) name: String,
    /// Its version; for what is not trained, that of the server.
    pub(super) version: String,
    /// When it was trained, RFC 3339; null for what is not trained.
    pub(super) trained_at: Option<Timestamp>,
    /// A hash of what it was trained on.
    pub(super) data_hash: Option<String>,
}

impl ModelName {
    /// What answers without training.
    pub(super) fn rule(name: &str) -> Self {
        Self { name: name.to_owned(), version: env!("CARGO_PKG_VERSION").to_owned(), trained_at: None, data_hash: None }
    }
}

impl From<&ModelVersion> for ModelName {
    fn from(version: &ModelVersion) -> Self {
        Self {
            name: version.name.clone(),
            version: version.version.to_string(),
            trained_at: Some(time(version.trained_at)),
            data_hash: Some(version.data_hash.clone()),
        }
    }
}

/// An answer with its name, its model, its time and its warnings.
#[derive(Debug)]
pub(super) struct Answer<A> {
    pub(super) model: ModelName,
    pub(super) body: A,
    pub(super) warnings: Vec<Value>,
}

impl<A: Serialize> Answer<A> {
    pub(super) fn new(model: ModelName, body: A, warnings: &[Warning]) -> Self {
        Self { model, body, warnings: warnings.iter().map(warning).collect() }
    }

    /// The answer as JSON.
    pub(super) fn into_value(self) -> Result<Value, Problem> {
        let failed = |error: serde_json::Error| Problem::internal(error.to_string());
        let mut answer = Map::from_iter([
            ("prediction_id".to_owned(), Value::from(Uuid::new_v4().to_string())),
            ("model".to_owned(), serde_json::to_value(self.model).map_err(failed)?),
            ("predicted_at".to_owned(), Value::from(Timestamp::now().to_string())),
        ]);
        if let Value::Object(body) = serde_json::to_value(self.body).map_err(failed)? {
            answer.extend(body);
        }
        answer.insert("warnings".to_owned(), Value::Array(self.warnings));
        Ok(Value::Object(answer))
    }
}

/// A warning as JSON: its `code` and what it is about.
pub(super) fn warning(warning: &Warning) -> Value {
    serde_json::to_value(warning).unwrap_or_default()
}

/// A word of a model's answer in capitals, as the API writes severities and types.
pub(super) fn upper(word: &impl Serialize) -> String {
    match serde_json::to_value(word) {
        Ok(Value::String(word)) => word.to_ascii_uppercase(),
        _ => String::new(),
    }
}
