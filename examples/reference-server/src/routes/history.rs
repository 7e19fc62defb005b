//! The versions of a resource.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use dharmagraph_cmdb::VersionPage;

use crate::openapi::schema;
use crate::parameters::{PAGE, QueryString, Reference, page};
use crate::problem::Problem;
use crate::state::AppState;

/// Lists the versions of a resource that is or was there, newest first.
#[utoipa::path(get, path = "/api/v3/cmdb/resources/{id}/history", tag = "history",
    params(
        ("id" = String, Path, description = "The resource's id; its ARN or name too, while it is there"),
        ("limit" = Option<u32>, Query, description = "At most so many, 1 to 1000", minimum = 1, maximum = 1000),
        ("offset" = Option<u64>, Query, description = "Begin after so many; not with `cursor`"),
        ("cursor" = Option<String>, Query, description = "Begin after the page whose `next_cursor` this is"),
    ),
    responses((status = 200, description = "A page of versions", body = schema::VersionPage))
)]
pub(super) async fn history(State(state): State<AppState>, reference: Reference, uri: Uri) -> Result<Json<VersionPage>, Problem> {
    let page = page(&QueryString::read(&uri, &PAGE)?)?;
    let id = reference.resolve_past(state.store()).await?;
    Ok(Json(state.store().history(&id, &page).await?))
}
