//! The outermost layer: every request gets an id, a time limit, a log line, a count and, where it fails, a problem document.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use crate::metrics::RequestMetrics;
use crate::origin;
use crate::problem::{MEDIA_TYPE, Problem};
use crate::request_id::{self, RequestId};

/// The target of every line about a request.
const TARGET: &str = "dharmagraph::http";

/// How requests are watched over.
#[derive(Debug)]
pub(crate) struct Observer {
    pub(crate) requests: RequestMetrics,
    /// How long the head of an answer may take.
    pub(crate) time_limit: Duration,
    /// The one route whose answer may take longer, and how long.
    pub(crate) patient: (&'static str, Duration),
    /// Whether requests of foreign web pages are refused: where nobody is asked who they are. A credential never comes by
    /// itself, as a cookie would, so that a foreign page has none to send.
    pub(crate) refuses_pages: bool,
}

impl Observer {
    fn time_limit_of(&self, route: Option<&MatchedPath>) -> Duration {
        match route {
            Some(route) if route.as_str() == self.patient.0 => self.patient.1,
            _ => self.time_limit,
        }
    }
}

pub(crate) async fn observe(State(observer): State<Arc<Observer>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let request_id = RequestId::of(request.headers());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();

    request.extensions_mut().insert(request_id.clone());

    let checked = if observer.refuses_pages { origin::check(request.headers()) } else { Ok(()) };
    let mut response = match checked {
        Ok(()) => answer(request, next, observer.time_limit_of(route.as_ref())).await,
        Err(problem) => problem.into_response(),
    };
    let problem = problem_of(&mut response);
    if let Some(problem) = &problem {
        problem.write(&mut response, &request_id);
    }

    let duration = started.elapsed();
    let status = response.status();
    let route = route.as_ref().map(MatchedPath::as_str);
    observer.requests.record(route, &method, status, duration);
    let (route, id) = (route.unwrap_or("unmatched"), request_id.as_str());
    if let Some(cause) = problem.as_ref().and_then(Problem::cause) {
        tracing::error!(target: TARGET, request_id = id, route, cause, "request failed");
    }
    tracing::info!(
        target: TARGET,
        method = method.as_str(),
        route,
        status = status.as_u16(),
        duration_us = duration.as_micros() as u64,
        request_id = id,
        "request"
    );
    response.headers_mut().insert(request_id::HEADER, request_id.into_header());
    response
}

async fn answer(request: Request, next: Next, time_limit: Duration) -> Response {
    match tokio::time::timeout(time_limit, AssertUnwindSafe(next.run(request)).catch_unwind()).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => Problem::internal(format!("panic: {}", panic_text(panic.as_ref()))).into_response(),
        Err(_elapsed) => {
            let detail = format!("no answer within {} seconds; ask for less at once, or later", time_limit.as_secs());
            Problem::new(StatusCode::GATEWAY_TIMEOUT, "TIMEOUT", detail).into_response()
        }
    }
}

/// The problem that a response stands for; an error that a library answered becomes one.
fn problem_of(response: &mut Response) -> Option<Problem> {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return Some(problem);
    }
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    // An answer that says its own error in JSON, as the health check does, is kept.
    let is_json = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.to_str().is_ok_and(|kind| kind == MEDIA_TYPE || kind.starts_with("application/json")));
    if !is_error || is_json {
        return None;
    }
    Some(match status {
        StatusCode::NOT_FOUND => Problem::new(status, "NOT_FOUND", "nothing is at this path; GET / names what there is"),
        _ if status.is_client_error() => Problem::new(status, "INVALID", "the request cannot be used"),
        _ => Problem::internal(format!("a response of status {status} without a problem")),
    })
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    if let Some(text) = panic.downcast_ref::<&str>() {
        text
    } else if let Some(text) = panic.downcast_ref::<String>() {
        text
    } else {
        "without text"
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use serde_json::Value;

    use super::*;
    use crate::metrics::Metrics;

    /// The answer of one route behind the layer, with no time to lose.
    async fn answer_of(route: axum::routing::MethodRouter) -> (u16, Value) {
        let requests = RequestMetrics::new(Metrics::new(), []);
        let observer = Arc::new(Observer {
            requests,
            time_limit: Duration::from_millis(50),
            patient: ("", Duration::ZERO),
            refuses_pages: true,
        });
        let router = Router::new().route("/", route).layer(from_fn_with_state(observer, observe));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(axum::serve(listener, router).into_future());
        let response = reqwest::get(address).await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn panics() -> String {
        let nothing: Option<String> = None;
        nothing.ok_or("hunter2").unwrap()
    }

    #[tokio::test]
    async fn a_panic_is_an_internal_error_without_its_text() {
        let (status, problem) = answer_of(get(panics)).await;
        assert_eq!((status, &problem["code"]), (500, &"INTERNAL".into()));
        assert!(!problem.to_string().contains("hunter2"), "{problem}");
    }

    #[tokio::test]
    async fn an_answer_that_does_not_come_is_a_timeout() {
        let (status, problem) = answer_of(get(std::future::pending::<String>)).await;
        assert_eq!((status, &problem["code"]), (504, &"TIMEOUT".into()));
    }

    #[tokio::test]
    async fn errors_that_libraries_answer_become_problems() {
        let (status, problem) = answer_of(get(|| async { (StatusCode::IM_A_TEAPOT, "hunter2") })).await;
        assert_eq!((status, &problem["code"]), (418, &"INVALID".into()));
        let (status, problem) = answer_of(get(|| async { (StatusCode::BAD_GATEWAY, "hunter2") })).await;
        assert_eq!((status, &problem["code"]), (500, &"INTERNAL".into()));
        assert!(!problem.to_string().contains("hunter2"), "{problem}");
    }
}
