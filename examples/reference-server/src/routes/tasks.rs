//! Discoveries as tasks.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use dharmagraph_cmdb::TaskId;
use dharmagraph_cmdb::sync::{Task, TaskPage};

use crate::openapi::schema;
use crate::parameters::{PAGE, QueryString, Reference, page};
use crate::problem::Problem;
use crate::routes::discover::joined;
use crate::state::AppState;

/// Lists discoveries, newest first.
#[utoipa::path(get, path = "/api/v3/cmdb/discovery", tag = "discovery",
    params(
        ("limit" = Option<u32>, Query, description = "At most so many, 1 to 1000", minimum = 1, maximum = 1000),
        ("offset" = Option<u64>, Query, description = "Begin after so many; not with `cursor`"),
        ("cursor" = Option<String>, Query, description = "Begin after the page whose `next_cursor` this is"),
    ),
    responses((status = 200, description = "A page of discoveries", body = schema::TaskPage))
)]
pub(super) async fn tasks(State(state): State<AppState>, uri: Uri) -> Result<Json<TaskPage>, Problem> {
    let page = page(&QueryString::read(&uri, &PAGE)?)?;
    Ok(Json(state.engine().tasks(&page).await?))
}

/// Tells how far a discovery has come.
#[utoipa::path(get, path = "/api/v3/cmdb/discovery/{task_id}", tag = "discovery",
    params(("task_id" = String, Path, description = "The discovery's name")),
    responses((status = 200, description = "The discovery", body = schema::Task))
)]
pub(super) async fn task(State(state): State<AppState>, Reference(id): Reference, uri: Uri) -> Result<Json<Task>, Problem> {
    QueryString::read(&uri, &[])?;
    Ok(Json(state.engine().task(&TaskId::new(id)).await?))
}

/// Asks a discovery to stop. What it stored stays; one that has ended stays as it is.
#[utoipa::path(delete, path = "/api/v3/cmdb/discovery/{task_id}", tag = "discovery",
    params(("task_id" = String, Path, description = "The discovery's name")),
    responses((status = 202, description = "The discovery as it is now", body = schema::Task))
)]
pub(super) async fn cancel(
    State(state): State<AppState>,
    Reference(id): Reference,
    uri: Uri,
) -> Result<(StatusCode, Json<Task>), Problem> {
    QueryString::read(&uri, &[])?;
    // A caller that goes away drops this handler; the task must not stay behind half stopped.
    let engine = state.engine().clone();
    let task = joined(tokio::spawn(async move { engine.cancel(&TaskId::new(id)).await })).await??;
    Ok((StatusCode::ACCEPTED, Json(task)))
}
