//! What was found.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use dharmagraph_cmdb::{Error, Resource, ResourceId, ResourcePage};

use crate::openapi::schema;
use crate::parameters::{QueryString, Reference, filter, page};
use crate::problem::Problem;
use crate::state::AppState;

pub(super) const ACCEPTED: [&str; 13] = [
    "provider",
    "resource_type",
    "native_type",
    "status",
    "region",
    "account",
    "tag.KEY",
    "name",
    "q",
    "limit",
    "offset",
    "cursor",
    "as_of",
];

/// Lists the resources that fit every condition, ordered by id.
#[utoipa::path(get, path = "/api/v3/cmdb/resources", tag = "inventory",
    params(
        ("provider" = Option<String>, Query, description = "Where it lives", example = "aws"),
        ("resource_type" = Option<String>, Query, description = "What it is", example = "COMPUTE"),
        ("native_type" = Option<String>, Query, description = "What its provider calls its type", example = "AWS::EC2::Instance"),
        ("status" = Option<String>, Query, description = "Its state", example = "RUNNING"),
        ("region" = Option<String>, Query, description = "Its region", example = "us-east-1"),
        ("account" = Option<String>, Query, description = "Its account"),
        ("tag.KEY" = Option<String>, Query, description = "A tag, with any key in place of KEY, that has exactly this value"),
        ("name" = Option<String>, Query, description = "Its exact name"),
        ("q" = Option<String>, Query, description = "Text in its id, name, ARN or a tag's value, in any letter case"),
        ("limit" = Option<u32>, Query, description = "At most so many, 1 to 1000", minimum = 1, maximum = 1000),
        ("offset" = Option<u64>, Query, description = "Begin after so many; not with `cursor`"),
        ("cursor" = Option<String>, Query, description = "Begin after the page whose `next_cursor` this is"),
        ("as_of" = Option<String>, Query, description = "As it was at this time, RFC 3339"),
    ),
    responses((status = 200, description = "A page of resources", body = schema::ResourcePage))
)]
pub(super) async fn resources(State(state): State<AppState>, uri: Uri) -> Result<Json<ResourcePage>, Problem> {
    let parameters = QueryString::read(&uri, &ACCEPTED)?;
    let (filter, page, as_of) = (filter(&parameters)?, page(&parameters)?, parameters.as_of()?);
    Ok(Json(state.store().list(&filter, &page, as_of).await?))
}

/// Gives one resource.
#[utoipa::path(get, path = "/api/v3/cmdb/resources/{id}", tag = "inventory",
    params(
        ("id" = String, Path, description = "Its id, ARN or, where only one resource has it, name"),
        ("as_of" = Option<String>, Query, description = "As it was at this time, RFC 3339"),
    ),
    responses((status = 200, description = "The resource", body = schema::Resource))
)]
pub(super) async fn resource(State(state): State<AppState>, reference: Reference, uri: Uri) -> Result<Json<Resource>, Problem> {
    let as_of = QueryString::read(&uri, &["as_of"])?.as_of()?;
    let store = state.store();
    // An id is what is asked for nearly always; one look then answers.
    if let Some(resource) = store.get(&ResourceId::new(reference.0.as_str()), as_of).await? {
        return Ok(Json(resource));
    }
    let id = reference.resolve(store, as_of).await?;
    match store.get(&id, as_of).await? {
        Some(resource) => Ok(Json(resource)),
        None => Err(Error::NotFound { what: "resource", id: reference.0 }.into()),
    }
}
