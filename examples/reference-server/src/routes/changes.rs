//! What was created, changed and removed.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use dharmagraph_cmdb::{ChangeFilter, ChangePage, ResourceType, TaskId};

use crate::openapi::schema;
use crate::parameters::{QueryString, known, page};
use crate::problem::Problem;
use crate::state::AppState;

const ACCEPTED: [&str; 7] = ["from", "to", "task_id", "resource_type", "limit", "offset", "cursor"];

/// Lists changes, oldest first.
#[utoipa::path(get, path = "/api/v3/cmdb/changes", tag = "history",
    params(
        ("from" = Option<String>, Query, description = "At this time or later, RFC 3339"),
        ("to" = Option<String>, Query, description = "Before this time, RFC 3339"),
        ("task_id" = Option<String>, Query, description = "By this discovery"),
        ("resource_type" = Option<String>, Query, description = "Of resources of this type", example = "COMPUTE"),
        ("limit" = Option<u32>, Query, description = "At most so many, 1 to 1000", minimum = 1, maximum = 1000),
        ("offset" = Option<u64>, Query, description = "Begin after so many; not with `cursor`"),
        ("cursor" = Option<String>, Query, description = "Begin after the page whose `next_cursor` this is"),
    ),
    responses((status = 200, description = "A page of changes", body = schema::ChangePage))
)]
pub(super) async fn changes(State(state): State<AppState>, uri: Uri) -> Result<Json<ChangePage>, Problem> {
    let parameters = QueryString::read(&uri, &ACCEPTED)?;
    let filter = ChangeFilter {
        from: parameters.time("from")?,
        to: parameters.time("to")?,
        task_id: parameters.text("task_id").map(TaskId::new),
        resource_type: known(&parameters, "resource_type", ResourceType::KNOWN, ResourceType::as_str)?,
    };
    if let (Some(from), Some(to)) = (filter.from, filter.to)
        && from > to
    {
        return Err(Problem::invalid("to", format!("a time not before `from`, {from}"), to.to_string()));
    }
    Ok(Json(state.store().changes(&filter, &page(&parameters)?).await?))
}
