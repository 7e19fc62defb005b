//! Starting a discovery.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use dharmagraph_cmdb::sync::{Task, TaskStatus};
use dharmagraph_cmdb::{Error, Provider, TaskId};
use serde::Serialize;
use tokio::task::JoinHandle;
use utoipa::ToSchema;

use crate::openapi::schema::{AwsDiscovery, TerraformDiscovery};
use crate::parameters::{QueryString, Reference, RequestedDiscovery, discovery_request, parse_json, quoted, read_body};
use crate::problem::Problem;
use crate::state::AppState;

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
/// Since when keys in the body are deprecated (RFC 9745): 2025-01-01T00:00:00Z.
const DEPRECATED_SINCE: HeaderValue = HeaderValue::from_static("@1735689600");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

const BODY_LIMIT: usize = 1024 * 1024;
/// A Terraform state comes whole.
const STATE_LIMIT: usize = 64 * 1024 * 1024;

/// A discovery that was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Accepted {
    /// Its name.
    #[schema(value_type = String, example = "aws-discovery-20250118-123045")]
    task_id: TaskId,
    /// Who is asked.
    #[schema(value_type = String, example = "aws")]
    provider: Provider,
    /// How far it has come.
    #[schema(value_type = String, example = "running")]
    status: TaskStatus,
    /// Where to ask how far it has come.
    status_url: String,
}

/// Starts a discovery of AWS. No call of AWS is made before the answer.
///
/// Keys in the body are taken where the operator allows it, and answered with a `Deprecation` header.
#[utoipa::path(post, path = "/api/v3/cmdb/discover/aws", tag = "discovery",
    params(("Idempotency-Key" = Option<String>, Header, description = "Two requests with one key are one discovery")),
    request_body = AwsDiscovery,
    responses((status = 202, description = "Accepted", body = Accepted,
        headers(("Location" = String, description = "The task"),
            ("Deprecation" = Option<String>, description = "RFC 9745; where keys came in the body"))))
)]
pub(super) async fn discover_aws(State(state): State<AppState>, request: Request) -> Result<Response, Problem> {
    start(&state, Provider::AWS, request).await
}

/// Starts a discovery from Terraform state.
#[utoipa::path(post, path = "/api/v3/cmdb/discover/terraform", tag = "discovery",
    params(("Idempotency-Key" = Option<String>, Header, description = "Two requests with one key are one discovery")),
    request_body = TerraformDiscovery,
    responses((status = 202, description = "Accepted", body = Accepted, headers(("Location" = String, description = "The task"))))
)]
pub(super) async fn discover_terraform(State(state): State<AppState>, request: Request) -> Result<Response, Problem> {
    start(&state, Provider::TERRAFORM, request).await
}

/// Starts a discovery of any other provider; 501 where it is not built in, 404 where there is no such provider.
#[utoipa::path(post, path = "/api/v3/cmdb/discover/{provider}", tag = "discovery",
    params(("provider" = String, Path, description = "onprem, kubernetes, azure or gcp")),
    request_body = AwsDiscovery,
    responses((status = 202, description = "Accepted", body = Accepted, headers(("Location" = String, description = "The task"))))
)]
pub(super) async fn discover(
    State(state): State<AppState>,
    Reference(provider): Reference,
    request: Request,
) -> Result<Response, Problem> {
    match Provider::KNOWN.iter().find(|known| known.as_str() == provider) {
        Some(provider) => start(&state, provider.clone(), request).await,
        None => {
            let provider = Provider::new(provider);
            if state.discovers(&provider) {
                return start(&state, provider, request).await;
            }
            let names: Vec<&str> = Provider::KNOWN.iter().map(Provider::as_str).collect();
            let detail = format!("provider {} was not found; there are {}", quoted(provider.as_str()), names.join(", "));
            Err(Problem::new(StatusCode::NOT_FOUND, "NOT_FOUND", detail))
        }
    }
}

async fn start(state: &AppState, provider: Provider, request: Request) -> Result<Response, Problem> {
    QueryString::read(request.uri(), &[])?;
    if !state.discovers(&provider) {
        return Err(Error::Unsupported { what: format!("discovery of {provider}"), backend: "this build".into() }.into());
    }
    let limit = if provider == Provider::TERRAFORM { STATE_LIMIT } else { BODY_LIMIT };
    let (parts, body) = request.into_parts();
    let body = read_body(&parts.headers, body, limit).await?;
    let key = parts.headers.get(IDEMPOTENCY_KEY).cloned();
    let read = move || parse_json(&body).and_then(|body| discovery_request(provider, body, key.as_ref()));
    // A large state takes long to read; others must not wait for it.
    let requested = if limit == STATE_LIMIT { joined(tokio::task::spawn_blocking(read)).await? } else { read() };
    let RequestedDiscovery { request, is_deprecated } = requested?;

    // A caller that goes away drops this handler; the task must not stay behind half started.
    let engine = state.engine().clone();
    let task = joined(tokio::spawn(async move { engine.start(request).await })).await??;
    Ok(accepted(task, is_deprecated))
}

/// What a spawned piece of work gave; its panic is ours.
pub(super) async fn joined<T>(work: JoinHandle<T>) -> Result<T, Problem> {
    work.await.map_err(|error| Problem::internal(error.to_string()))
}

fn accepted(task: Task, is_deprecated: bool) -> Response {
    let status_url = format!("/api/v3/cmdb/discovery/{}", task.task_id);
    let location = HeaderValue::from_str(&status_url);
    let body = Accepted { task_id: task.task_id, provider: task.provider, status: task.status, status_url };
    let mut response = (StatusCode::ACCEPTED, Json(body)).into_response();
    if let Ok(location) = location {
        response.headers_mut().insert(LOCATION, location);
    }
    if is_deprecated {
        response.headers_mut().insert(DEPRECATION, DEPRECATED_SINCE);
    }
    response
}
