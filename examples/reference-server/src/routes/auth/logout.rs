//! Signing out.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use dharmagraph_auth::audit::Caller;
use dharmagraph_auth::policy::Principal;

use super::BODY_LIMIT;
use crate::openapi::schema;
use crate::parameters::{Object, QueryString, parse_json, read_body};
use crate::problem::Problem;
use crate::state::AppState;

/// Ends the session that asks, or with `all` every session of its user. Their tokens are refused from now on.
#[utoipa::path(post, path = "/api/v3/auth/logout", tag = "auth", request_body = Option<schema::Logout>,
    responses((status = 204, description = "Signed out"))
)]
pub(super) async fn logout(
    State(state): State<AppState>,
    Extension(principal): Extension<Principal>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<StatusCode, Problem> {
    QueryString::read(request.uri(), &[])?;
    let (parts, body) = request.into_parts();
    let bytes = read_body(&parts.headers, body, BODY_LIMIT).await?;
    let mut all = false;
    if !bytes.is_empty() {
        let mut body = Object::new("", parse_json(&bytes)?)?;
        all = body.flag("all")?.unwrap_or(false);
        body.finish(&["all"])?;
    }
    state.admission().service.logout(&principal, all, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
