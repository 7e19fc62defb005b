//! A server for tests that answers from a script, in the shapes of the REST API.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use dharmagraph_cmdb::sync::Task;
use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::remote::Remote;

/// A discovery's row in this state, 37 seconds after its start.
pub(crate) fn task(status: &str) -> Task {
    serde_json::from_value(row(status)).unwrap()
}

fn row(status: &str) -> Value {
    json!({
        "task_id": "aws-discovery-20250118-123045", "provider": "aws", "status": status,
        "started_at": "2025-01-18T12:30:45Z",
        "completed_at": if status == "running" { Value::Null } else { json!("2025-01-18T12:31:22.5Z") },
        "resources_discovered": 0, "errors": [],
        "created": 0, "updated": 0, "unchanged": 0, "removed": 0, "held_back": 0,
        "progress": {"scopes_done": 0, "scopes_total": 0, "api_calls": 0, "retries": 0},
        "request": {"provider": "aws"},
    })
}

/// How the one discovery of a fake server goes.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    end: &'static str,
    waits_for_cancel: bool,
    pushes: bool,
    breaks: bool,
}

impl Script {
    /// It ends like this by itself.
    pub(crate) const fn ends(end: &'static str) -> Self {
        Self { end, waits_for_cancel: false, pushes: true, breaks: false }
    }

    /// It ends only when it is told to.
    pub(crate) const fn runs_until_cancelled() -> Self {
        Self { end: "cancelled", waits_for_cancel: true, pushes: true, breaks: false }
    }

    /// The same, but progress is not pushed.
    pub(crate) const fn silent(mut self) -> Self {
        self.pushes = false;
        self
    }

    /// The same, but the progress stream breaks off before the end.
    pub(crate) const fn breaking_off(mut self) -> Self {
        self.breaks = true;
        self
    }
}

#[derive(Debug, Clone)]
struct Shared {
    script: Script,
    cancelled: watch::Sender<bool>,
    looks: Arc<Mutex<u32>>,
    requests: Arc<Mutex<Vec<String>>>,
}

/// A server on a free port of this machine, for as long as the test's runtime lives.
#[derive(Debug)]
pub(crate) struct FakeServer {
    address: SocketAddr,
    shared: Shared,
}

impl FakeServer {
    /// Starts one.
    pub(crate) async fn start(script: Script) -> Self {
        let (cancelled, _) = watch::channel(false);
        let shared = Shared { script, cancelled, looks: Arc::default(), requests: Arc::default() };
        let discovery = get(look).delete(cancel);
        let router = Router::new()
            .route("/api/v3/cmdb/discover/{provider}", post(begin))
            .route("/api/v3/cmdb/discovery/{id}", discovery)
            .route("/api/v3/cmdb/discovery/{id}/events", get(events))
            .route("/api/v3/cmdb/resources/{id}", get(resource))
            .route("/api/v3/cmdb/statistics", get(|| async { "<html>welcome</html>" }))
            .fallback(any(unknown))
            .with_state(shared.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, shared }
    }

    /// A client of it that does not wait between two looks.
    pub(crate) fn client(&self) -> Remote {
        Remote::new(format!("http://{}", self.address).parse().unwrap()).unwrap().without_waiting()
    }

    /// Bodies and paths that came, in order.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.shared.requests.lock().unwrap().clone()
    }
}

fn problem(status: StatusCode, code: &str, detail: &str) -> Response {
    let body = json!({"type": "about:blank", "title": code, "status": status.as_u16(), "detail": detail, "code": code,
        "request_id": "r-1"});
    (status, [(CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}

async fn begin(State(shared): State<Shared>, body: String) -> Response {
    shared.requests.lock().unwrap().push(body);
    let answer = json!({"task_id": "aws-discovery-20250118-123045", "provider": "aws", "status": "running"});
    (StatusCode::ACCEPTED, Json(answer)).into_response()
}

/// Running at the first look, then whatever the script says.
async fn look(State(shared): State<Shared>) -> Json<Value> {
    let looks = {
        let mut looks = shared.looks.lock().unwrap();
        *looks += 1;
        *looks
    };
    let waits = shared.script.waits_for_cancel && !*shared.cancelled.borrow();
    Json(row(if looks == 1 || waits { "running" } else { shared.script.end }))
}

async fn cancel(State(shared): State<Shared>) -> (StatusCode, Json<Value>) {
    shared.cancelled.send_replace(true);
    (StatusCode::ACCEPTED, Json(row("running")))
}

async fn events(State(shared): State<Shared>) -> Response {
    if !shared.script.pushes {
        return problem(StatusCode::NOT_IMPLEMENTED, "UNSUPPORTED", "no events here");
    }
    let first = format!(": hello\n\nevent: progress\ndata: {}\n\n", row("running"));
    let mut cancelled = shared.cancelled.subscribe();
    let last = async move {
        if shared.script.waits_for_cancel {
            let _ = cancelled.wait_for(|cancelled| *cancelled).await;
        }
        match shared.script.breaks {
            true => "event: end\ndata: {\"task_id\"".to_owned(),
            false => format!("event: end\ndata: {}\n\n", row(shared.script.end)),
        }
    };
    let pieces = stream::once(async { first }).chain(stream::once(last)).map(Ok::<_, Infallible>);
    ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(pieces)).into_response()
}

async fn resource(Path(id): Path<String>, request: Request) -> Response {
    if !id.starts_with("arn:") {
        return problem(StatusCode::NOT_FOUND, "NOT_FOUND", &format!("resource `{id}` was not found"));
    }
    let region = request.uri().query().unwrap_or_default().to_owned();
    Json(json!({"id": id, "name": null, "provider": "aws", "resource_type": "LOAD_BALANCER", "native_type": "x", "status": null,
        "account": "1", "region": region, "availability_zone": null, "tags": {}, "metadata": {}}))
    .into_response()
}

async fn unknown(request: Request) -> Response {
    problem(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", &format!("the server failed at {}", request.uri().path()))
}
