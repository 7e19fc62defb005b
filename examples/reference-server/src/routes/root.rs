//! What is here.

use axum::Json;
use axum::http::Uri;
use serde::Serialize;
use utoipa::ToSchema;

use crate::openapi;
use crate::parameters::QueryString;
use crate::problem::Problem;

/// The service and its entry points.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Root {
    /// `dharmagraph`.
    service: &'static str,
    /// Its version.
    version: &'static str,
    /// Where to go on.
    links: Links,
}

/// Where to go on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Links {
    /// What was found.
    resources: &'static str,
    /// Counts.
    statistics: &'static str,
    /// What was asked for.
    discovery: &'static str,
    /// What changed.
    changes: &'static str,
    /// How the server is.
    health: &'static str,
    /// For Prometheus.
    metrics: &'static str,
    /// The OpenAPI document.
    openapi: &'static str,
    /// A page to try it.
    docs: &'static str,
}

/// Names the service, its version and where to go on.
#[utoipa::path(get, path = "/", tag = "operation", responses((status = 200, description = "The service", body = Root)))]
pub(super) async fn root(uri: Uri) -> Result<Json<Root>, Problem> {
    QueryString::read(&uri, &[])?;
    let links = Links {
        resources: "/api/v3/cmdb/resources",
        statistics: "/api/v3/cmdb/statistics",
        discovery: "/api/v3/cmdb/discovery",
        changes: "/api/v3/cmdb/changes",
        health: "/api/v3/cmdb/health",
        metrics: "/metrics",
        openapi: openapi::PATH,
        docs: "/docs",
    };
    Ok(Json(Root { service: "dharmagraph", version: env!("CARGO_PKG_VERSION"), links }))
}
