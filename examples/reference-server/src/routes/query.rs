//! Cypher.

use axum::Json;
use axum::extract::{Request, State};
use dharmagraph_cmdb::{QueryLimits, Table};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::openapi::schema;
use crate::parameters::{Object, QueryString, parse_json, read_body};
use crate::problem::Problem;
use crate::state::AppState;

const BODY_LIMIT: usize = 1024 * 1024;

#[derive(Debug, Serialize)]
pub(crate) struct QueryResults {
    columns: Vec<String>,
    results: Vec<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan_text: Option<String>,
}

impl From<Table> for QueryResults {
    fn from(mut table: Table) -> Self {
        let (columns, plan) = (table.columns.clone(), table.plan.take());
        let (plan, plan_text) = plan.map(|plan| (plan.steps, plan.text)).unzip();
        Self { columns, results: table.into_objects().collect(), plan, plan_text }
    }
}

/// Answers a read-only Cypher query.
///
/// Columns are named as written in RETURN. A node is an object with `id`, `labels` and `properties`, a relationship one with
/// `source`, `target`, `type` and `properties`. After EXPLAIN or PROFILE the embedded store also gives its plan.
#[utoipa::path(post, path = "/api/v3/cmdb/graph/query", tag = "graph",
    request_body = schema::Query,
    responses((status = 200, description = "One object per row", body = schema::QueryResults))
)]
pub(super) async fn query(State(state): State<AppState>, request: Request) -> Result<Json<QueryResults>, Problem> {
    // `as_of` is no parameter here, and so refused as invalid.
    QueryString::read(request.uri(), &[])?;
    let store = state.store();
    let (parts, body) = request.into_parts();
    let mut body = Object::new("", parse_json(&read_body(&parts.headers, body, BODY_LIMIT).await?)?)?;
    let query = body.required_text("query")?;
    let parameters = match body.take("parameters") {
        None => Map::new(),
        Some(Value::Object(parameters)) => parameters,
        Some(_) => return Err(body.invalid("parameters", "an object", "something else")),
    };
    body.finish(&["query", "parameters"])?;
    Ok(Json(store.query(&query, parameters, &QueryLimits::default()).await?.into()))
}
