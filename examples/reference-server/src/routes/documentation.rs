//! The OpenAPI document and the page to try it.

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::openapi;

/// The templates of these routes, which the document itself does not list.
pub(super) const TEMPLATES: [&str; 4] = [openapi::PATH, "/docs", "/docs/", "/docs/{*rest}"];

pub(super) fn router(document: &OpenApi) -> Router {
    let text = Bytes::from(serde_json::to_vec(document).unwrap_or_default());
    let serve = move || async move { ([(CONTENT_TYPE, "application/json")], text) };
    let page = SwaggerUi::new("/docs").config(Config::new([openapi::PATH]).try_it_out_enabled(true));
    Router::new().route(openapi::PATH, get(serve)).merge(page)
}
