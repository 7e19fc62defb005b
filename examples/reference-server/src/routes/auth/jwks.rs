//! The public keys of tokens.

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderName, Uri};
use serde_json::Value;

use crate::parameters::QueryString;
use crate::problem::Problem;
use crate::state::AppState;

/// The key that signs next is listed a whole key's life before it does.
const CACHE: &str = "public, max-age=60";

/// Gives the keys that sign tokens, and the ones that will, as a JWK set (RFC 7517).
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "auth",
    responses((status = 200, description = "The keys", body = Value))
)]
pub(super) async fn jwks(
    State(state): State<AppState>,
    uri: Uri,
) -> Result<([(HeaderName, &'static str); 1], Json<Value>), Problem> {
    QueryString::read(&uri, &[])?;
    Ok(([(CACHE_CONTROL, CACHE)], Json(state.admission().service.jwks().await?)))
}
