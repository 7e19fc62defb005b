//! The routes: each file holds one part of the API.

mod aiops;
mod auth;
mod changes;
mod discover;
mod documentation;
mod events;
mod graph;
mod health;
mod history;
mod impact;
mod prometheus;
mod query;
mod relationships;
mod resources;
mod root;
mod statistics;
mod tasks;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::gate;
use crate::config::Profile;
use crate::metrics::RequestMetrics;
use crate::observe::{Observer, observe};
use crate::openapi;
use crate::parameters::quoted;
use crate::problem::Problem;
use crate::state::AppState;

/// How long the head of an answer may take.
const TIME_LIMIT: Duration = Duration::from_secs(30);
/// The same, for the route that trains.
const PATIENT: (&str, Duration) = (aiops::TRAIN, Duration::from_secs(30 * 60));

/// Every route of the server over one state.
pub fn router(state: AppState) -> Router {
    let (router, document) = api().split_for_parts();
    let document = finished(document);
    let templates: Vec<String> =
        document.paths.paths.keys().cloned().chain(documentation::TEMPLATES.map(str::to_owned)).collect();
    let requests = RequestMetrics::new(state.metrics().clone(), templates);
    let refuses_pages = state.admission().profile == Profile::Development;
    let observer = Arc::new(Observer { requests, time_limit: TIME_LIMIT, patient: PATIENT, refuses_pages });
    let gated = state.clone();
    router
        .with_state(state)
        .merge(documentation::router(&document))
        .fallback(unknown_route)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(gated, gate))
        .layer(from_fn_with_state(observer, observe))
}

/// The OpenAPI document of the server.
#[cfg(test)]
pub(crate) fn document() -> OpenApi {
    finished(api().into_openapi())
}

fn finished(mut document: OpenApi) -> OpenApi {
    openapi::add_problems(&mut document);
    openapi::add_security(&mut document);
    document
}

fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::frame())
        .routes(routes!(root::root))
        .routes(routes!(prometheus::metrics))
        .routes(routes!(health::health))
        .routes(routes!(health::ready))
        .routes(routes!(discover::discover_aws))
        .routes(routes!(discover::discover_terraform))
        .routes(routes!(discover::discover))
        .routes(routes!(tasks::tasks))
        .routes(routes!(tasks::task, tasks::cancel))
        .routes(routes!(events::events))
        .routes(routes!(resources::resources))
        .routes(routes!(resources::resource))
        .routes(routes!(relationships::relationships))
        .routes(routes!(history::history))
        .routes(routes!(graph::graph))
        .routes(routes!(query::query))
        .routes(routes!(impact::impact))
        .routes(routes!(changes::changes))
        .routes(routes!(statistics::statistics))
        .merge(aiops::router())
        .merge(auth::router())
}

async fn unknown_route(method: Method, uri: Uri) -> Problem {
    let path = quoted(uri.path());
    let detail = format!("{method} {path} is no route of this server; GET / names what there is, ids must be percent-encoded");
    Problem::new(StatusCode::NOT_FOUND, "NOT_FOUND", detail)
}

async fn wrong_method(method: Method, uri: Uri) -> Problem {
    let detail = format!("{} does not take {method}; the Allow header names what it takes", quoted(uri.path()));
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "INVALID", detail)
}

#[cfg(test)]
mod tests;
