//! The graph around a resource.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use dharmagraph_cmdb::Traversal;
use dharmagraph_cmdb::format::GraphFormat;

use crate::openapi::schema;
use crate::parameters::{QueryString, Reference, direction, kinds, walk_limits};
use crate::problem::Problem;
use crate::state::AppState;

const ACCEPTED: [&str; 6] = ["depth", "direction", "types", "max_nodes", "format", "as_of"];

/// Gives the graph around a resource, as JSON or in the form of another tool.
#[utoipa::path(get, path = "/api/v3/cmdb/graph/{root_id}", tag = "graph",
    params(
        ("root_id" = String, Path, description = "The resource's id, ARN or, where only one resource has it, name"),
        ("depth" = Option<u32>, Query, description = "How many relationships away, 0 to 10; 3 where not given", maximum = 10),
        ("direction" = Option<String>, Query, description = "`incoming`, `outgoing` or `both`"),
        ("types" = Option<String>, Query, description = "Only along these kinds, with commas between them"),
        ("max_nodes" = Option<u32>, Query, description = "Stop at so many, 1 to 100000; 5000 where not given"),
        ("format" = Option<String>, Query, description = "`mermaid`, `dot`, `graphml` or `cytoscape`; JSON where not given"),
        ("as_of" = Option<String>, Query, description = "As it was at this time, RFC 3339"),
    ),
    responses((status = 200, description = "The graph", body = schema::Subgraph))
)]
pub(super) async fn graph(State(state): State<AppState>, reference: Reference, uri: Uri) -> Result<Response, Problem> {
    let parameters = QueryString::read(&uri, &ACCEPTED)?;
    let defaults = Traversal::default();
    let (depth, max_nodes) = walk_limits(&parameters, defaults.depth, defaults.max_nodes)?;
    let format = parameters.text("format").map(GraphFormat::parse).transpose()?;
    let as_of = parameters.as_of()?;
    let walk = Traversal { depth, max_nodes, direction: direction(&parameters)?, kinds: kinds(&parameters, "types")? };
    let root = reference.resolve(state.store(), as_of).await?;
    let graph = state.store().subgraph(&root, &walk, as_of).await?;
    Ok(match format {
        None => Json(graph).into_response(),
        Some(format) => ([(CONTENT_TYPE, format.media_type())], format.render(&graph)).into_response(),
    })
}
