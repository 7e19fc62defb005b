//! The first administrator.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use dharmagraph_auth::audit::Caller;
use dharmagraph_auth::service::FirstUser;

use super::signup::person;
use super::tokens::Tokens;
use super::{object, secret};
use crate::openapi::schema;
use crate::parameters::QueryString;
use crate::problem::Problem;
use crate::state::AppState;

/// Makes the first user, an administrator, with the one-time token that the server wrote to standard error. 404 as soon as there
/// is a user.
#[utoipa::path(post, path = "/api/v3/auth/bootstrap", tag = "auth", request_body = schema::Bootstrap,
    responses((status = 201, description = "The administrator and its tokens", body = Tokens))
)]
pub(super) async fn bootstrap(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<(StatusCode, Json<Tokens>), Problem> {
    QueryString::read(request.uri(), &[])?;
    let (parts, body) = request.into_parts();
    let mut body = object(&parts.headers, body).await?;
    let first = FirstUser { token: secret(&mut body, "token")?, user: person(&mut body)? };
    body.finish(&["token", "email", "username", "password", "full_name"])?;
    let signed_in = state.admission().service.bootstrap(first, &caller).await;
    Ok((StatusCode::CREATED, Json(state.metrics().attempted("bootstrap", signed_in)?.into())))
}
