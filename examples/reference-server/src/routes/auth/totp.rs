//! Time-based codes as a second factor.

use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri};
use axum::{Extension, Json};
use dharmagraph_auth::Secret;
use dharmagraph_auth::audit::Caller;
use dharmagraph_auth::policy::Principal;
use serde::Serialize;
use utoipa::ToSchema;

use super::{object, secret};
use crate::openapi::schema;
use crate::parameters::QueryString;
use crate::problem::Problem;
use crate::state::AppState;

/// A secret that waits to be confirmed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Enrolment {
    /// In base32, to type into an app.
    secret: String,
    /// As an `otpauth:` URI, for a QR code.
    uri: String,
}

/// Codes that each stand in for a time-based one, once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    /// Shown this once.
    recovery_codes: Vec<String>,
}

/// Makes a secret for time-based codes. They are asked for once one was confirmed.
#[utoipa::path(post, path = "/api/v3/auth/totp/enrol", tag = "auth",
    responses((status = 200, description = "The secret, shown this once", body = Enrolment))
)]
pub(super) async fn enrol(
    State(state): State<AppState>,
    Extension(principal): Extension<Principal>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Json<Enrolment>, Problem> {
    QueryString::read(&uri, &[])?;
    let enrolment = state.admission().service.enrol_totp(&principal, &caller).await?;
    Ok(Json(Enrolment { secret: enrolment.secret.expose().to_owned(), uri: enrolment.uri.expose().to_owned() }))
}

/// Confirms the secret with a code of it.
#[utoipa::path(post, path = "/api/v3/auth/totp/confirm", tag = "auth", request_body = schema::TotpCode,
    responses((status = 200, description = "Recovery codes, shown this once", body = RecoveryCodes))
)]
pub(super) async fn confirm(
    State(state): State<AppState>,
    Extension(principal): Extension<Principal>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Json<RecoveryCodes>, Problem> {
    let code = code(request).await?;
    let codes = state.admission().service.confirm_totp(&principal, &code, &caller).await;
    let codes = state.metrics().attempted("totp", codes)?;
    Ok(Json(RecoveryCodes { recovery_codes: codes.iter().map(|code| code.expose().to_owned()).collect() }))
}

/// Removes the second factor, with a code of it or a recovery code.
#[utoipa::path(delete, path = "/api/v3/auth/totp", tag = "auth", request_body = schema::TotpCode,
    responses((status = 204, description = "Removed"))
)]
pub(super) async fn remove(
    State(state): State<AppState>,
    Extension(principal): Extension<Principal>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let code = code(request).await?;
    let removed = state.admission().service.remove_totp(&principal, &code, &caller).await;
    state.metrics().attempted("totp", removed)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn code(request: Request) -> Result<Secret, Problem> {
    QueryString::read(request.uri(), &[])?;
    let (parts, body) = request.into_parts();
    let mut body = object(&parts.headers, body).await?;
    let code = secret(&mut body, "code")?;
    body.finish(&["code"])?;
    Ok(code)
}
