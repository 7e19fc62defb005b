//! One's API keys.

use std::collections::BTreeSet;

use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri};
use axum::{Extension, Json};
use dharmagraph_auth::Timestamp;
use dharmagraph_auth::audit::Caller;
use dharmagraph_auth::policy::{Permission, Principal};
use dharmagraph_auth::service::ApiKeyRequest;
use dharmagraph_auth::store::ApiKeyRecord;
use serde::Serialize;
use utoipa::ToSchema;

use super::object;
use crate::openapi::schema;
use crate::parameters::{QueryString, Reference, quoted};
use crate::problem::Problem;
use crate::state::AppState;

/// An API key without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKey {
    /// The part of it that is no secret.
    id: String,
    /// What one calls it.
    name: String,
    /// What it may do, of what its user may.
    #[schema(value_type = Vec<String>)]
    scopes: BTreeSet<Permission>,
    /// When it was made, RFC 3339.
    #[schema(value_type = String)]
    created_at: Timestamp,
    /// When its time is over, RFC 3339; null where it has no end.
    #[schema(value_type = Option<String>, required)]
    expires_at: Option<Timestamp>,
    /// When it was last used, RFC 3339; may lag by a minute.
    #[schema(value_type = Option<String>, required)]
    last_used_at: Option<Timestamp>,
}

/// A key that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewApiKey {
    /// For `X-API-Key`; shown this once.
    key: String,
    #[serde(flatten)]
    record: ApiKey,
}

/// One's API keys.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKeys {
    /// Newest first.
    api_keys: Vec<ApiKey>,
}

impl From<ApiKeyRecord> for ApiKey {
    fn from(record: ApiKeyRecord) -> Self {
        let ApiKeyRecord { id, name, scopes, created_at, expires_at, last_used_at, .. } = record;
        Self { id, name, scopes, created_at, expires_at, last_used_at }
    }
}

/// Makes an API key, which may do nothing that one may not do oneself.
#[utoipa::path(post, path = "/api/v3/auth/api-keys", tag = "auth", request_body = schema::ApiKeyRequest,
    responses((status = 201, description = "The key, shown this once", body = NewApiKey))
)]
pub(super) async fn create_api_key(
    State(state): State<AppState>,
    Extension(principal): Extension<Principal>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<(StatusCode, Json<NewApiKey>), Problem> {
    QueryString::read(request.uri(), &[])?;
    let (parts, body) = request.into_parts();
    let mut body = object(&parts.headers, body).await?;
    let name = body.required_text("name")?;
    let scopes = body.texts("scopes")?.ok_or_else(|| body.invalid("scopes", "a list of permissions", "nothing"))?;
    let expires_at = body.text("expires_at")?.map(|text| text.parse()).transpose()?;
    body.finish(&["name", "scopes", "expires_at"])?;
    let scopes = scopes.iter().map(|scope| known(scope)).collect::<Result<_, _>>()?;
    let request = ApiKeyRequest { name, scopes, expires_at };
    let made = state.admission().service.create_api_key(&principal, request, &caller).await?;
    Ok((StatusCode::CREATED, Json(NewApiKey { key: made.key.expose().to_owned(), record: made.record.into() })))
}

/// Lists one's API keys that were not revoked.
#[utoipa::path(get, path = "/api/v3/auth/api-keys", tag = "auth",
    responses((status = 200, description = "The keys, without their secrets", body = ApiKeys))
)]
pub(super) async fn api_keys(
    State(state): State<AppState>,
    Extension(principal): Extension<Principal>,
    uri: Uri,
) -> Result<Json<ApiKeys>, Problem> {
    QueryString::read(&uri, &[])?;
    let keys = state.admission().service.api_keys(&principal).await?;
    Ok(Json(ApiKeys { api_keys: keys.into_iter().map(ApiKey::from).collect() }))
}

/// Revokes an API key. It is refused from now on.
#[utoipa::path(delete, path = "/api/v3/auth/api-keys/{id}", tag = "auth",
    params(("id" = String, Path, description = "The key's id")),
    responses((status = 204, description = "Revoked"))
)]
pub(super) async fn revoke_api_key(
    State(state): State<AppState>,
    Extension(principal): Extension<Principal>,
    Extension(caller): Extension<Caller>,
    Reference(id): Reference,
    uri: Uri,
) -> Result<StatusCode, Problem> {
    QueryString::read(&uri, &[])?;
    state.admission().service.revoke_api_key(&principal, &id, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn known(scope: &str) -> Result<Permission, Problem> {
    let names = || Permission::known().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let found = Permission::known().into_iter().find(|permission| permission.as_str() == scope);
    found.ok_or_else(|| Problem::invalid("scopes", format!("some of {}", names()), quoted(scope)))
}
