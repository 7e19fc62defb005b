//! Cypher.

use axum::Json;
use axum::extract::{Request, State};
use dharmagraph_cmdb::{Error, QueryLimits};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::openapi::schema;
use crate::parameters::{Object, QueryString, parse_json, read_body};
use crate::problem::Problem;
use crate::state::AppState;

const BODY_LIMIT: usize = 1024 * 1024;

#[derive(Debug, Serialize)]
pub(crate) struct QueryResults {
    results: Vec<Map<String, Value>>,
}

/// Answers a read-only Cypher query; 501 where the store has none.
#[utoipa::path(post, path = "/api/v3/cmdb/graph/query", tag = "graph",
    request_body = schema::Query,
    responses((status = 200, description = "One object per row", body = schema::QueryResults))
)]
pub(super) async fn query(State(state): State<AppState>, request: Request) -> Result<Json<QueryResults>, Problem> {
    // `as_of` is no parameter here, and so refused as invalid.
    QueryString::read(request.uri(), &[])?;
    let store = state.store();
    if !store.capability().query {
        return Err(Error::Unsupported { what: "a Cypher query".into(), backend: store.name().into() }.into());
    }
    let (parts, body) = request.into_parts();
    let mut body = Object::new("", parse_json(&read_body(&parts.headers, body, BODY_LIMIT).await?)?)?;
    let query = body.required_text("query")?;
    let parameters = match body.take("parameters") {
        None => Map::new(),
        Some(Value::Object(parameters)) => parameters,
        Some(_) => return Err(body.invalid("parameters", "an object", "something else")),
    };
    body.finish(&["query", "parameters"])?;
    let table = store.query(&query, parameters, &QueryLimits::default()).await?;
    Ok(Json(QueryResults { results: table.into_objects().collect() }))
}
