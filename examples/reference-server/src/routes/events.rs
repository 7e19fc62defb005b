//! A discovery's progress while it runs.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use dharmagraph_auth::service::{AuthService, Credentials};
use dharmagraph_cmdb::TaskId;
use dharmagraph_cmdb::sync::Task;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};

use crate::parameters::{QueryString, Reference};
use crate::problem::Problem;
use crate::state::AppState;

/// How often it is looked at whether the caller is still let in.
const LOOK: Duration = Duration::from_secs(2);

const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Follows a discovery as server-sent events: `progress` with the task now and after each step, then `end`.
///
/// The stream ends without `end` where the server stops before the discovery does, and when the caller's token or session is over.
#[utoipa::path(get, path = "/api/v3/cmdb/discovery/{task_id}/events", tag = "discovery",
    params(("task_id" = String, Path, description = "The discovery's name")),
    responses((status = 200, description = "Events whose data is the task", body = String, content_type = "text/event-stream"))
)]
pub(super) async fn events(
    State(state): State<AppState>,
    credentials: Option<Extension<Credentials>>,
    Reference(id): Reference,
    uri: Uri,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    QueryString::read(&uri, &[])?;
    let tasks = state.engine().watch(&TaskId::new(id)).await?;
    let stopping = state.stopping().clone();
    let refused = refused(state.admission().service.clone(), credentials.map(|Extension(credentials)| credentials));
    let events = events_of(tasks).take_until(stopping.cancelled_owned()).take_until(refused);
    Ok(Sse::new(events.map(Ok)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

/// Ready as soon as somebody who was let in would not be any more; never for those whom nobody asked.
async fn refused(service: AuthService, credentials: Option<Credentials>) {
    let Some(credentials) = credentials else { return std::future::pending().await };
    loop {
        tokio::time::sleep(LOOK).await;
        if service.authenticate(&credentials).await.is_err() {
            return;
        }
    }
}

/// One `progress` for each state of the task, and `end` with the last one once it has ended.
fn events_of(tasks: BoxStream<'static, Task>) -> impl Stream<Item = Event> + Send {
    stream::unfold((Some(tasks), None::<String>), |(tasks, last)| async move {
        let mut tasks = tasks?;
        match tasks.next().await {
            Some(task) => {
                let text = serde_json::to_string(&task).unwrap_or_default();
                let event = Event::default().event("progress").data(&text);
                let last = task.status.is_final().then_some(text);
                Some((event, (Some(tasks), last)))
            }
            None => last.map(|text| (Event::default().event("end").data(text), (None, None))),
        }
    })
}
