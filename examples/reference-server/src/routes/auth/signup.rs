//! Signing up.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use dharmagraph_auth::audit::Caller;
use dharmagraph_auth::service::Signup;

use super::tokens::Tokens;
use super::{object, secret};
use crate::openapi::schema;
use crate::parameters::{Object, QueryString};
use crate::problem::Problem;
use crate::state::AppState;

/// The members that [`person`] takes.
pub(super) const PERSON: [&str; 4] = ["email", "username", "password", "full_name"];

/// Makes a user of the role VIEWER and signs in, where the operator lets people sign up.
#[utoipa::path(post, path = "/api/v3/auth/signup", tag = "auth", request_body = schema::Signup,
    responses((status = 201, description = "The user and its tokens", body = Tokens))
)]
pub(super) async fn signup(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<(StatusCode, Json<Tokens>), Problem> {
    QueryString::read(request.uri(), &[])?;
    let (parts, body) = request.into_parts();
    let mut body = object(&parts.headers, body).await?;
    let person = person(&mut body)?;
    body.finish(&PERSON)?;
    let signed_in = state.admission().service.signup(person, &caller).await;
    Ok((StatusCode::CREATED, Json(state.metrics().attempted("signup", signed_in)?.into())))
}

/// Names and a password.
pub(super) fn person(body: &mut Object) -> Result<Signup, Problem> {
    Ok(Signup {
        email: body.required_text("email")?,
        username: body.required_text("username")?,
        password: secret(body, "password")?,
        full_name: body.text("full_name")?,
    })
}
