//! Metrics in Prometheus's text format.

use axum::extract::State;
use axum::http::Uri;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use dharmagraph_cmdb::sync::{Task, TaskStatus};
use dharmagraph_cmdb::{PageRequest, PageStart};

use crate::metrics::InventoryFigures;
use crate::parameters::QueryString;
use crate::problem::Problem;
use crate::state::AppState;

const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
const STATUSES: [TaskStatus; 5] =
    [TaskStatus::Running, TaskStatus::Completed, TaskStatus::Partial, TaskStatus::Failed, TaskStatus::Cancelled];

/// Requests by route, method and status with their durations; discoveries by status; resources and relationships.
///
/// While the store cannot answer, `dharmagraph_store_up` is 0 and what it would tell stays away.
#[utoipa::path(get, path = "/metrics", tag = "operation", responses(
    (status = 200, description = "Prometheus's text format", body = String, content_type = "text/plain"),
))]
pub(in crate::routes) async fn metrics(State(state): State<AppState>, uri: Uri) -> Result<impl IntoResponse, Problem> {
    QueryString::read(&uri, &[])?;
    state.metrics().set_models(&state.models().registry());
    let inventory = inventory(&state).await;
    if let Err(error) = &inventory {
        tracing::warn!(%error, "the store cannot be asked for its figures");
    }
    Ok(([(CONTENT_TYPE, MEDIA_TYPE)], state.metrics().render(inventory.ok().as_ref())))
}

async fn inventory(state: &AppState) -> dharmagraph_cmdb::Result<InventoryFigures> {
    let statistics = state.store().statistics(None).await?;
    let mut tasks = STATUSES.map(|status| (status, 0));
    let mut page = PageRequest { limit: 1000, start: PageStart::First };
    loop {
        let rows = state.engine().tasks(&page).await?;
        rows.tasks.iter().for_each(|task| count(&mut tasks, task));
        let Some(cursor) = rows.next_cursor else { break };
        page.start = PageStart::Cursor(cursor);
    }
    Ok(InventoryFigures { statistics, tasks: tasks.into() })
}

fn count(counts: &mut [(TaskStatus, u64)], task: &Task) {
    for (status, count) in counts {
        *count += u64::from(*status == task.status);
    }
}
