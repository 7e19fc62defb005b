//! Which models there are, which of them answer, and their files.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use dharmagraph_aiops::registry::{ModelVersion, Registry};
use dharmagraph_cmdb::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::batch::read_json;
use super::series::time;
use crate::models::{self, ModelKind};
use crate::parameters::{QueryString, Reference, quoted, read_body};
use crate::problem::Problem;
use crate::state::AppState;

const BODY_LIMIT: usize = 16 * 1024;

/// A trained model.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrainedModel {
    /// Its name, which is its kind.
    #[schema(example = "failure")]
    name: String,
    /// Its version.
    #[schema(example = "3")]
    version: String,
    /// When it was trained, RFC 3339.
    #[schema(value_type = String)]
    trained_at: Timestamp,
    /// A hash of the rows that it was trained on.
    data_hash: String,
    /// The features that it is asked about.
    features: Vec<String>,
    /// What was measured at the training, on a fifth of the rows by a model of the others; `rows` counts them all.
    metrics: BTreeMap<String, f64>,
    /// BLAKE3 of its file.
    file_hash: String,
    /// How long its file is.
    bytes: u64,
    /// Whether it answers.
    current: bool,
    /// What to be careful about in the rows that it was trained on; told when it is trained.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<BTreeMap<String, Value>>>)]
    warnings: Option<Vec<Value>>,
}

impl TrainedModel {
    pub(super) fn new(version: &ModelVersion, registry: &Registry) -> Self {
        let ModelVersion { name, version, trained_at, data_hash, schema, metrics, file_hash, size, kind: _ } = version.clone();
        let current = registry.current(&name).ok().flatten().is_some_and(|current| current.version == version);
        let features = schema.map_or_else(Vec::new, |schema| schema.features().iter().map(|f| f.name.clone()).collect());
        let (version, trained_at) = (version.to_string(), time(trained_at));
        Self { name, version, trained_at, data_hash, features, metrics, file_hash, bytes: size, current, warnings: None }
    }

    pub(super) fn with_warnings(self, warnings: Vec<Value>) -> Self {
        Self { warnings: Some(warnings), ..self }
    }
}

/// Every model.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModelList {
    /// By name and version.
    models: Vec<TrainedModel>,
}

/// Which version is to answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Promotion {
    /// A version of this kind, newer or older than the current one.
    #[schema(value_type = String, example = "3")]
    version: VersionText,
}

/// A version as text or number.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a version, as text or as a whole number")]
enum VersionText {
    Number(u32),
    Text(String),
}

/// Lists the trained models.
#[utoipa::path(get, path = "/api/v3/aiops/models", tag = "aiops",
    responses((status = 200, description = "Every model", body = ModelList))
)]
pub(super) async fn models(State(state): State<AppState>, uri: Uri) -> Result<Json<ModelList>, Problem> {
    QueryString::read(&uri, &[])?;
    let registry = state.models().registry();
    Ok(Json(ModelList { models: registry.list().map(|version| TrainedModel::new(version, &registry)).collect() }))
}

/// Lets a version answer from now on: promotes a newer one, or rolls back to an older one.
#[utoipa::path(put, path = "/api/v3/aiops/models/{kind}/current", tag = "aiops",
    params(("kind" = String, Path, description = "`failure`, `threat` or `anomaly`")),
    request_body = Promotion,
    responses((status = 200, description = "The model that answers now", body = TrainedModel))
)]
pub(super) async fn promote(
    State(state): State<AppState>,
    Reference(kind): Reference,
    request: Request,
) -> Result<Json<TrainedModel>, Problem> {
    let (parts, body) = request.into_parts();
    QueryString::read(&parts.uri, &[])?;
    let kind: ModelKind = kind.parse()?;
    let promotion: Promotion = read_json(&read_body(&parts.headers, body, BODY_LIMIT).await?)?;
    let version = match promotion.version {
        VersionText::Number(version) => version,
        VersionText::Text(text) => version(kind, &text)?,
    };
    let models = state.clone();
    let promoted = state.models().workers().answer(move || models.models().promote(kind, version)).await?;
    Ok(Json(TrainedModel::new(&promoted, &state.models().registry())))
}

/// Tells which model of a kind answers.
#[utoipa::path(get, path = "/api/v3/aiops/models/{kind}/current", tag = "aiops",
    params(("kind" = String, Path, description = "`failure`, `threat` or `anomaly`")),
    responses((status = 200, description = "The model that answers", body = TrainedModel))
)]
pub(super) async fn current(
    State(state): State<AppState>,
    Reference(kind): Reference,
    uri: Uri,
) -> Result<Json<TrainedModel>, Problem> {
    QueryString::read(&uri, &[])?;
    let kind: ModelKind = kind.parse()?;
    let registry = state.models().registry();
    let untrained = || Problem::new(StatusCode::NOT_FOUND, "NOT_FOUND", format!("no model {kind} was trained yet"));
    Ok(Json(TrainedModel::new(models::current(&registry, kind).ok_or_else(untrained)?, &registry)))
}

/// Gives a model's file, for `dharmagraph predict` and the libraries.
#[utoipa::path(get, path = "/api/v3/aiops/models/{name}/{version}", tag = "aiops",
    params(
        ("name" = String, Path, description = "`failure`, `threat` or `anomaly`"),
        ("version" = String, Path, description = "Its version"),
    ),
    responses((status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"))
)]
pub(super) async fn download(
    State(state): State<AppState>,
    Path((name, wanted)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response, Problem> {
    QueryString::read(&uri, &[])?;
    let kind: ModelKind = name.parse()?;
    let version = version(kind, &wanted)?;
    let file = state.models().registry().file(kind.as_str(), version)?.to_vec();
    let name = format!("attachment; filename=\"{kind}-{version}.dhg\"");
    Ok(([(CONTENT_TYPE, "application/octet-stream".to_owned()), (CONTENT_DISPOSITION, name)], file).into_response())
}

/// A version that a caller wrote: what is no number is the version of nothing.
fn version(kind: ModelKind, text: &str) -> Result<u32, Problem> {
    let unknown = || {
        let detail = format!("model {kind} {} was not found; GET /api/v3/aiops/models lists what there is", quoted(text));
        Problem::new(StatusCode::NOT_FOUND, "NOT_FOUND", detail)
    };
    // One number has one name: `+1` and `01` are none.
    text.parse::<u32>().ok().filter(|number| number.to_string() == text).ok_or_else(unknown)
}
