//! Signing in.

use axum::extract::{Request, State};
use axum::{Extension, Json};
use dharmagraph_auth::audit::Caller;
use dharmagraph_auth::service::Login;

use super::tokens::Tokens;
use super::{object, secret};
use crate::openapi::schema;
use crate::parameters::QueryString;
use crate::problem::Problem;
use crate::state::AppState;

/// Signs in. Whoever is refused is told the same for each reason, after the same time.
#[utoipa::path(post, path = "/api/v3/auth/login", tag = "auth", request_body = schema::Login,
    responses((status = 200, description = "The user and its tokens", body = Tokens))
)]
pub(super) async fn login(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Json<Tokens>, Problem> {
    QueryString::read(request.uri(), &[])?;
    let (parts, body) = request.into_parts();
    let mut body = object(&parts.headers, body).await?;
    let totp = body.has("totp").then(|| secret(&mut body, "totp")).transpose()?;
    let login = Login { email: body.required_text("email")?, password: secret(&mut body, "password")?, totp };
    body.finish(&["email", "password", "totp"])?;
    let signed_in = state.admission().service.login(login, &caller).await;
    Ok(Json(state.metrics().attempted("login", signed_in)?.into()))
}
