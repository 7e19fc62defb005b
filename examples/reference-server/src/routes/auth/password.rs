//! Another password.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use dharmagraph_auth::audit::Caller;
use dharmagraph_auth::policy::Principal;

use super::{object, secret};
use crate::openapi::schema;
use crate::parameters::QueryString;
use crate::problem::Problem;
use crate::state::AppState;

/// Changes one's password. All other sessions end.
#[utoipa::path(post, path = "/api/v3/auth/password", tag = "auth", request_body = schema::PasswordChange,
    responses((status = 204, description = "Changed"))
)]
pub(super) async fn change_password(
    State(state): State<AppState>,
    Extension(principal): Extension<Principal>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<StatusCode, Problem> {
    QueryString::read(request.uri(), &[])?;
    let (parts, body) = request.into_parts();
    let mut body = object(&parts.headers, body).await?;
    let (current, new) = (secret(&mut body, "current")?, secret(&mut body, "new")?);
    body.finish(&["current", "new"])?;
    let changed = state.admission().service.change_password(&principal, current, new, &caller).await;
    state.metrics().attempted("password", changed)?;
    Ok(StatusCode::NO_CONTENT)
}
