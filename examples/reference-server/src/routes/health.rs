//! Whether the server can do its work.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use dharmagraph_cmdb::{PageRequest, PageStart};
use serde::Serialize;
use utoipa::ToSchema;

use crate::parameters::QueryString;
use crate::problem::Problem;
use crate::state::AppState;

/// How the server is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// `healthy`, `unhealthy` or `stopping`.
    status: &'static str,
    /// Whether requests will be answered.
    ready: bool,
    /// The server's version.
    version: &'static str,
    /// Whole seconds since it started.
    uptime_seconds: u64,
    /// Each thing that it cannot work without.
    dependencies: BTreeMap<&'static str, Dependency>,
}

/// How a dependency is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Dependency {
    /// `healthy` or `unhealthy`.
    status: &'static str,
    /// What it is made of.
    backend: &'static str,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// Readiness alone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Readiness {
    /// Whether requests will be answered.
    ready: bool,
}

/// Tells that the server is alive and how each dependency is; 503 where it cannot do its work.
#[utoipa::path(get, path = "/api/v3/cmdb/health", tag = "operation", responses(
    (status = 200, description = "Ready", body = Health),
    (status = 503, description = "Alive, but not ready", body = Health),
))]
pub(super) async fn health(State(state): State<AppState>, uri: Uri) -> Result<(StatusCode, Json<Health>), Problem> {
    QueryString::read(&uri, &[])?;
    let health = check(&state).await;
    Ok((status_of(health.ready), Json(health)))
}

/// Tells whether requests will be answered; 503 where not.
#[utoipa::path(get, path = "/api/v3/cmdb/ready", tag = "operation", responses(
    (status = 200, description = "Ready", body = Readiness),
    (status = 503, description = "Not ready", body = Readiness),
))]
pub(super) async fn ready(State(state): State<AppState>, uri: Uri) -> Result<(StatusCode, Json<Readiness>), Problem> {
    QueryString::read(&uri, &[])?;
    let ready = check(&state).await.ready;
    Ok((status_of(ready), Json(Readiness { ready })))
}

const fn status_of(ready: bool) -> StatusCode {
    if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

async fn check(state: &AppState) -> Health {
    let backend = state.store().name();
    let newest = PageRequest { limit: 1, start: PageStart::First };
    let (store, tasks) = tokio::join!(state.store().ping(), state.engine().tasks(&newest));
    let tasks = tasks.map(|_| ());
    let dependencies = BTreeMap::from([("store", dependency(backend, store)), ("tasks", dependency(backend, tasks))]);
    let is_healthy = dependencies.values().all(|dependency| dependency.detail.is_none());
    let is_stopping = state.stopping().is_cancelled();
    let status = match (is_healthy, is_stopping) {
        (_, true) => "stopping",
        (true, false) => "healthy",
        (false, false) => "unhealthy",
    };
    Health {
        status,
        ready: is_healthy && !is_stopping,
        version: env!("CARGO_PKG_VERSION"),
        uptime_seconds: state.started().elapsed().as_secs(),
        dependencies,
    }
}

fn dependency(backend: &'static str, answer: dharmagraph_cmdb::Result<()>) -> Dependency {
    let detail = answer.err().map(|error| Problem::from(error).detail().to_owned());
    Dependency { status: if detail.is_none() { "healthy" } else { "unhealthy" }, backend, detail }
}
