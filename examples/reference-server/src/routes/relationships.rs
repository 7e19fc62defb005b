//! What a resource is tied to.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use dharmagraph_cmdb::{Neighbor, ResourceId};
use serde::Serialize;

use crate::openapi::schema;
use crate::parameters::{QueryString, Reference, direction, kinds};
use crate::problem::Problem;
use crate::state::AppState;

#[derive(Debug, Serialize)]
pub(crate) struct Relationships {
    resource_id: ResourceId,
    relationships: Vec<Neighbor>,
}

/// Lists a resource's relationships with their other ends, ordered by direction, kind and id.
#[utoipa::path(get, path = "/api/v3/cmdb/resources/{id}/relationships", tag = "graph",
    params(
        ("id" = String, Path, description = "The resource's id, ARN or, where only one resource has it, name"),
        ("direction" = Option<String>, Query, description = "`incoming`, `outgoing` or `both`"),
        ("type" = Option<String>, Query, description = "Only these kinds, with commas between them", example = "ATTACHED_TO"),
        ("as_of" = Option<String>, Query, description = "As it was at this time, RFC 3339"),
    ),
    responses((status = 200, description = "The relationships", body = schema::Relationships))
)]
pub(super) async fn relationships(
    State(state): State<AppState>,
    reference: Reference,
    uri: Uri,
) -> Result<Json<Relationships>, Problem> {
    let parameters = QueryString::read(&uri, &["direction", "type", "as_of"])?;
    let (direction, kinds, as_of) = (direction(&parameters)?, kinds(&parameters, "type")?, parameters.as_of()?);
    let resource_id = reference.resolve(state.store(), as_of).await?;
    let relationships = state.store().relationships(&resource_id, direction, &kinds, as_of).await?;
    Ok(Json(Relationships { resource_id, relationships }))
}
