//! The OpenAPI document, made from the handlers.

pub mod schema;

use std::collections::BTreeSet;

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{OpenApi as _, ToSchema as _};

use crate::problem::{MEDIA_TYPE, ProblemBody};

/// Where the document is served.
pub const PATH: &str = "/api/v3/openapi.json";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "dharmagraph",
        description = "Infrastructure, discovered and kept as a graph with its history.\n\nErrors are RFC 9457 problem \
                       documents with a stable `code`; every answer carries `x-request-id`. Ids in paths are \
                       percent-encoded. An empty query parameter counts as not given; an unknown one is refused."
    ),
    components(schemas(ProblemBody<'static>)),
    tags(
        (name = "discovery", description = "Finding what exists"),
        (name = "inventory", description = "What was found"),
        (name = "graph", description = "How it hangs together"),
        (name = "history", description = "What changed"),
        (name = "operation", description = "How the server is"),
    )
)]
struct Document;

/// The document without paths.
pub(crate) fn frame() -> OpenApi {
    Document::openapi()
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
            for status in statuses {
                operation.responses.responses.entry(status.to_string()).or_insert_with(|| RefOr::T(problem(status)));
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&mut Operation, bool)> {
    let reads = [item.get.as_mut(), item.delete.as_mut()].into_iter().flatten().map(|operation| (operation, false));
    reads.chain(item.post.as_mut().map(|operation| (operation, true)))
}

fn problem(status: u16) -> Response {
    let description = match status {
        400 => "INVALID: the request cannot be used",
        403 => "FORBIDDEN: not allowed, or sent by a foreign web page",
        404 => "NOT_FOUND: nothing has this name",
        409 => "CONFLICT: the name is not unique; `candidates` holds the ids",
        413 => "LIMIT_EXCEEDED: the body is too large",
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
