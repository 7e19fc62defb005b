//! The OpenAPI document, made from the handlers.

pub mod schema;

use std::collections::BTreeSet;

use axum::http::Method;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{OpenApi as _, ToSchema as _};

use crate::auth::{self, Access};
use crate::problem::{MEDIA_TYPE, ProblemBody};

/// Where the document is served.
pub const PATH: &str = "/api/v3/openapi.json";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "dharmagraph",
        description = "Infrastructure, discovered and kept as a graph with its history.\n\nErrors are RFC 9457 problem \
                       documents with a stable `code`; every answer carries `x-request-id`. Ids in paths are \
                       percent-encoded. An empty query parameter counts as not given; an unknown one is refused.\n\nIn the profile `production` every route that names a \
                       security scheme needs one of them; in `development` those of the inventory do not."
    ),
    components(schemas(ProblemBody<'static>)),
    tags(
        (name = "discovery", description = "Finding what exists"),
        (name = "inventory", description = "What was found"),
        (name = "graph", description = "How it hangs together"),
        (name = "history", description = "What changed"),
        (name = "auth", description = "Who may come in"),
        (name = "operation", description = "How the server is"),
    )
)]
struct Document;

const BEARER: &str = "bearer";
const API_KEY: &str = "api_key";

/// The document without paths.
pub(crate) fn frame() -> OpenApi {
    let mut document = Document::openapi();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("The `token` of a sign-in"))
        .build();
    let key = ApiKeyValue::with_description("X-API-Key", "An API key");
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(BEARER, SecurityScheme::Http(bearer));
    components.add_security_scheme(API_KEY, SecurityScheme::ApiKey(ApiKey::Header(key)));
    document
}

/// Adds to every operation which credentials it takes, as the table of permissions says.
pub(crate) fn add_security(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in by_method(item) {
            let is_open = auth::row(&method, path).is_none_or(|row| matches!(row.access, Access::Open));
            if is_open {
                continue;
            }
            let nothing = Vec::<String>::new;
            operation.security = Some([BEARER, API_KEY].map(|scheme| SecurityRequirement::new(scheme, nothing())).to_vec());
            operation.responses.responses.entry("401".to_owned()).or_insert_with(|| RefOr::T(problem(401)));
        }
    }
}

fn by_method(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    let PathItem { get, post, put, patch, delete, .. } = item;
    let operations =
        [(Method::GET, get), (Method::POST, post), (Method::PUT, put), (Method::PATCH, patch), (Method::DELETE, delete)];
    operations.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// Adds to every operation the problems that it can answer with.
pub(crate) fn add_problems(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let names_something = path.contains('{');
        let resolves = path.contains("{id}") || path.contains("{root_id}");
        for (operation, has_body) in operations(item) {
            let mut statuses = BTreeSet::from([400, 403, 500, 504]);
            if names_something {
                statuses.insert(404);
            }
            if resolves {
                statuses.insert(409);
            }
            if has_body {
                statuses.extend([409, 413, 501]);
            }
            if path.starts_with("/api/v3/auth/") {
                statuses.extend([401, 429, 503]);
            }
            for status in statuses {
                operation.responses.responses.entry(status.to_string()).or_insert_with(|| RefOr::T(problem(status)));
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&mut Operation, bool)> {
    by_method(item).map(|(_, operation)| {
        let has_body = operation.request_body.is_some();
        (operation, has_body)
    })
}

fn problem(status: u16) -> Response {
    let description = match status {
        400 => "INVALID: the request cannot be used",
        401 => "UNAUTHENTICATED or TOKEN_EXPIRED: the credentials were not accepted",
        403 => "FORBIDDEN: not allowed, or sent by a foreign web page",
        404 => "NOT_FOUND: nothing has this name",
        409 => "CONFLICT: the name is not unique, and `candidates` holds the ids; or the state does not allow it",
        413 => "LIMIT_EXCEEDED: the body is too large",
        429 => "RATE_LIMITED: too many requests; `Retry-After` says when to try again",
        503 => "BACKEND: a dependency failed; try again",
        501 => "UNSUPPORTED: not in this build or backend",
        504 => "TIMEOUT: it took too long",
        _ => "INTERNAL: the server failed",
    };
    let reference = RefOr::Ref(Ref::from_schema_name(ProblemBody::name()));
    let content = ContentBuilder::new().schema(Some(reference)).build();
    ResponseBuilder::new().description(description).content(MEDIA_TYPE, content).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_tells_its_problems() {
        let mut document = crate::routes::document();
        for (path, item) in &mut document.paths.paths {
            for (operation, _) in operations(item) {
                assert!(operation.responses.responses.contains_key("400"), "{path}");
                assert!(operation.operation_id.is_some() && operation.tags.is_some(), "{path}");
            }
        }
        assert_eq!(serde_json::to_value(&document).unwrap()["openapi"], "3.1.0");
    }
}
