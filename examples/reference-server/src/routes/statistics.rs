//! Counts.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use dharmagraph_cmdb::Statistics;

use crate::openapi::schema;
use crate::parameters::QueryString;
use crate::problem::Problem;
use crate::state::AppState;

/// Counts resources and relationships.
#[utoipa::path(get, path = "/api/v3/cmdb/statistics", tag = "inventory",
    params(("as_of" = Option<String>, Query, description = "As it was at this time, RFC 3339")),
    responses((status = 200, description = "Counts", body = schema::Statistics))
)]
pub(super) async fn statistics(State(state): State<AppState>, uri: Uri) -> Result<Json<Statistics>, Problem> {
    let as_of = QueryString::read(&uri, &["as_of"])?.as_of()?;
    Ok(Json(state.store().statistics(as_of).await?))
}
