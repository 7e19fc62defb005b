//! How the models are.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::ModelName;
use crate::models::ModelKind;
use crate::openapi::schema;
use crate::parameters::QueryString;
use crate::problem::Problem;
use crate::routes::prometheus;
use crate::state::AppState;

/// How the models are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AiopsHealth {
    /// `healthy`; `degraded` where a current model cannot be used.
    status: &'static str,
    /// The server's version.
    version: &'static str,
    /// Whole seconds since it started.
    uptime_seconds: u64,
    /// For each kind what answers.
    models: BTreeMap<&'static str, LoadedModel>,
}

/// What answers questions of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LoadedModel {
    /// `loaded`; `untrained` where a rule answers; `unusable`.
    status: &'static str,
    /// The model.
    #[schema(value_type = Option<schema::AnsweringModel>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<ModelName>,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// Tells that the server is alive, and which models answer.
#[utoipa::path(get, path = "/api/v3/aiops/health", tag = "aiops",
    responses((status = 200, description = "Alive", body = AiopsHealth))
)]
pub(super) async fn health(State(state): State<AppState>, uri: Uri) -> Result<Json<AiopsHealth>, Problem> {
    QueryString::read(&uri, &[])?;
    let loaded = ModelKind::ALL.map(|kind| (kind.as_str(), loaded(&state, kind)));
    let usable = loaded.iter().all(|(_, model)| model.detail.is_none());
    let mut models = BTreeMap::from(loaded);
    models.insert("capacity", LoadedModel { status: "loaded", model: Some(ModelName::rule("capacity")), detail: None });
    Ok(Json(AiopsHealth {
        status: if usable { "healthy" } else { "degraded" },
        version: env!("CARGO_PKG_VERSION"),
        uptime_seconds: state.started().elapsed().as_secs(),
        models,
    }))
}

fn loaded(state: &AppState, kind: ModelKind) -> LoadedModel {
    match state.models().current(kind) {
        Ok(None) => LoadedModel { status: "untrained", model: None, detail: None },
        Ok(Some(current)) => LoadedModel { status: "loaded", model: Some((&current.version).into()), detail: None },
        Err(problem) => LoadedModel { status: "unusable", model: None, detail: Some(problem.detail().to_owned()) },
    }
}

/// The same metrics as at `/metrics`.
#[utoipa::path(get, path = "/api/v3/aiops/metrics", tag = "aiops", responses(
    (status = 200, description = "Prometheus's text format", body = String, content_type = "text/plain"),
))]
pub(super) async fn metrics(state: State<AppState>, uri: Uri) -> Result<impl IntoResponse, Problem> {
    prometheus::metrics(state, uri).await
}
