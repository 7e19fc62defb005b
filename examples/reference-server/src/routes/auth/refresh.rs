//! The next two tokens.

use axum::extract::{Request, State};
use axum::{Extension, Json};
use dharmagraph_auth::audit::Caller;

use super::tokens::Tokens;
use super::{object, secret};
use crate::openapi::schema;
use crate::parameters::QueryString;
use crate::problem::Problem;
use crate::state::AppState;

/// Uses a refresh token, which can be used once. One that was used before ends its session.
#[utoipa::path(post, path = "/api/v3/auth/refresh", tag = "auth", request_body = schema::Refresh,
    responses((status = 200, description = "The user and its next tokens", body = Tokens))
)]
pub(super) async fn refresh(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Json<Tokens>, Problem> {
    QueryString::read(request.uri(), &[])?;
    let (parts, body) = request.into_parts();
    let mut body = object(&parts.headers, body).await?;
    let token = secret(&mut body, "refresh_token")?;
    body.finish(&["refresh_token"])?;
    let signed_in = state.admission().service.refresh(&token, &caller).await;
    Ok(Json(state.metrics().attempted("refresh", signed_in)?.into()))
}
