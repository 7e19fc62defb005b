//! Coming in, going out, and who there is.

mod api_keys;
mod audit;
mod bootstrap;
mod jwks;
mod login;
mod logout;
mod me;
mod password;
mod refresh;
mod rescue;
mod sessions;
mod signup;
mod tokens;
mod totp;
mod user;
mod users;

use axum::body::Body;
use axum::http::HeaderMap;
use dharmagraph_auth::Secret;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::parameters::{Object, parse_json, read_body};
use crate::problem::Problem;
use crate::state::AppState;

/// Names, passwords and tokens are short.
const BODY_LIMIT: usize = 16 * 1024;

/// These routes and their documentation.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(signup::signup))
        .routes(routes!(login::login))
        .routes(routes!(refresh::refresh))
        .routes(routes!(logout::logout))
        .routes(routes!(me::me))
        .routes(routes!(password::change_password))
        .routes(routes!(sessions::sessions))
        .routes(routes!(sessions::end_session))
        .routes(routes!(totp::enrol))
        .routes(routes!(totp::confirm))
        .routes(routes!(totp::remove))
        .routes(routes!(api_keys::create_api_key, api_keys::api_keys))
        .routes(routes!(api_keys::revoke_api_key))
        .routes(routes!(bootstrap::bootstrap))
        .routes(routes!(users::users, users::create_user))
        .routes(routes!(users::change_user))
        .routes(routes!(users::end_user_sessions))
        .routes(routes!(rescue::reset_password))
        .routes(routes!(rescue::remove_user_totp))
        .routes(routes!(audit::audit))
        .routes(routes!(jwks::jwks))
}

/// The JSON object that a request brings.
async fn object(headers: &HeaderMap, body: Body) -> Result<Object, Problem> {
    Object::new("", parse_json(&read_body(headers, body, BODY_LIMIT).await?)?)
}

/// A text that must not be seen. Also an empty one is one: it is refused like any other that is wrong.
fn secret(body: &mut Object, key: &str) -> Result<Secret, Problem> {
    match body.take(key) {
        Some(serde_json::Value::String(text)) => Ok(Secret::new(text)),
        Some(_) => Err(body.invalid(key, "text", "something else")),
        None => Err(body.invalid(key, "text", "nothing")),
    }
}
