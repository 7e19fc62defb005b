//! Who would feel it if a resource failed.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use dharmagraph_cmdb::{Impact, ImpactRequest};

use crate::openapi::schema;
use crate::parameters::{QueryString, Reference, walk_limits};
use crate::problem::Problem;
use crate::state::AppState;

/// Lists what depends on a resource, directly and through others, nearest first.
#[utoipa::path(get, path = "/api/v3/cmdb/impact/{id}", tag = "graph",
    params(
        ("id" = String, Path, description = "The resource's id, ARN or, where only one resource has it, name"),
        ("depth" = Option<u32>, Query, description = "How many relationships away, 0 to 10; 10 where not given", maximum = 10),
        ("max_nodes" = Option<u32>, Query, description = "Stop at so many, 1 to 100000; 5000 where not given"),
        ("as_of" = Option<String>, Query, description = "As it was at this time, RFC 3339"),
    ),
    responses((status = 200, description = "Who would feel it", body = schema::Impact))
)]
pub(super) async fn impact(State(state): State<AppState>, reference: Reference, uri: Uri) -> Result<Json<Impact>, Problem> {
    let parameters = QueryString::read(&uri, &["depth", "max_nodes", "as_of"])?;
    let defaults = ImpactRequest::default();
    let (depth, max_nodes) = walk_limits(&parameters, defaults.depth, defaults.max_nodes)?;
    let as_of = parameters.as_of()?;
    let id = reference.resolve(state.store(), as_of).await?;
    Ok(Json(state.store().impact(&id, &ImpactRequest { depth, max_nodes }, as_of).await?))
}
