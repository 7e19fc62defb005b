//! What administrators do for users who lost what they came in with.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri};
use dharmagraph_auth::UserId;
use dharmagraph_auth::audit::Caller;
use dharmagraph_auth::policy::Principal;

use super::{object, secret};
use crate::openapi::schema;
use crate::parameters::{QueryString, Reference};
use crate::problem::Problem;
use crate::state::AppState;

/// Gives another user of one's tenant a new password. Its sessions end.
#[utoipa::path(put, path = "/api/v3/auth/users/{id}/password", tag = "auth", request_body = schema::NewPassword,
    params(("id" = String, Path, description = "The user")),
    responses((status = 204, description = "It has the new password"))
)]
pub(super) async fn reset_password(
    State(state): State<AppState>,
    Extension(principal): Extension<Principal>,
    Extension(caller): Extension<Caller>,
    Reference(id): Reference,
    request: Request,
) -> Result<StatusCode, Problem> {
    QueryString::read(request.uri(), &[])?;
    let (parts, body) = request.into_parts();
    let mut body = object(&parts.headers, body).await?;
    let new = secret(&mut body, "new")?;
    body.finish(&["new"])?;
    state.admission().service.reset_password(&principal, &UserId::new(id), new, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the second factor of another user of one's tenant away. Its sessions end.
#[utoipa::path(delete, path = "/api/v3/auth/users/{id}/totp", tag = "auth",
    params(("id" = String, Path, description = "The user")),
    responses((status = 204, description = "It has none"))
)]
pub(super) async fn remove_user_totp(
    State(state): State<AppState>,
    Extension(principal): Extension<Principal>,
    Extension(caller): Extension<Caller>,
    Reference(id): Reference,
    uri: Uri,
) -> Result<StatusCode, Problem> {
    QueryString::read(&uri, &[])?;
    state.admission().service.remove_user_totp(&principal, &UserId::new(id), &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
