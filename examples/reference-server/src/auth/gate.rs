//! The layer that lets a request through to its route, or not.

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{ALLOW, CACHE_CONTROL};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use dharmagraph_auth::policy::Principal;
use dharmagraph_auth::service::Credentials;
use dharmagraph_auth::{Error, Refusal};

use super::address::caller;
use super::credentials::presented;
use super::permissions::{Access, TABLE, row};
use crate::config::Profile;
use crate::problem::Problem;
use crate::state::AppState;

/// Where the answers are that hold tokens and keys.
const PREFIX: &str = "/api/v3/auth/";

/// Finds out who is asking and whether it may. The route finds a [`Caller`](dharmagraph_auth::audit::Caller) in the request's
/// extensions and, where somebody is known, a [`Principal`] and its [`Credentials`].
///
/// In the profile `production` a route without a row in the table is closed to everybody.
pub(crate) async fn gate(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let is_private = state.admission().profile == Profile::Production || request.uri().path().starts_with(PREFIX);
    let template = request.extensions().get::<MatchedPath>().cloned();
    let mut response = match admit(&state, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let headers = response.headers_mut();
    if is_private && !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if response.status() == StatusCode::METHOD_NOT_ALLOWED
        && !response.headers().contains_key(ALLOW)
        && let Some(methods) = template.and_then(|template| methods(template.as_str()))
    {
        response.headers_mut().insert(ALLOW, methods);
    }
    response
}

async fn admit(state: &AppState, request: &mut Request) -> Result<(), Problem> {
    let admission = state.admission();
    let caller = caller(request, &admission.trusted_proxies);
    let credentials = presented(request.headers(), request.uri())?;
    request.extensions_mut().insert(caller.clone());

    let template = request.extensions().get::<MatchedPath>();
    let row = template.and_then(|template| row(request.method(), template.as_str()));
    let is_unlisted = row.is_none() && template.is_some() && admission.profile == Profile::Production;
    let access = match row {
        Some(row) if matches!(row.access, Access::Open) => return Ok(()),
        Some(row) if row.in_development || admission.profile == Profile::Production => Some(row.access),
        None if admission.profile == Profile::Production => Some(Access::Known),
        _ => None,
    };
    // Whoever presents something is told when it is no good, also where nothing is asked for.
    if access.is_none() && credentials.is_none() {
        return Ok(());
    }
    let principal = known(state, credentials.as_ref()).await;
    let principal = state.metrics().attempted("request", principal)?;
    if let Some(Access::Permitted(permission)) = access {
        admission.service.require(&principal, &permission(), None, &caller).await?;
    }
    if is_unlisted {
        let detail = format!("this route does not take {}; the Allow header names what it takes", request.method());
        return Err(Problem::new(StatusCode::METHOD_NOT_ALLOWED, "INVALID", detail));
    }
    request.extensions_mut().insert(principal);
    if let Some(credentials) = credentials {
        request.extensions_mut().insert(credentials);
    }
    Ok(())
}

async fn known(state: &AppState, credentials: Option<&Credentials>) -> Result<Principal, Error> {
    match credentials {
        Some(credentials) => state.admission().service.authenticate(credentials).await,
        None => Err(Error::refused(Refusal::Missing)),
    }
}

/// What a route takes, for the `Allow` header. Where there is GET there is HEAD.
fn methods(template: &str) -> Option<HeaderValue> {
    let of = |method: &'static Method| if method == Method::GET { "GET,HEAD" } else { method.as_str() };
    let methods: Vec<&str> = TABLE.iter().filter(|row| row.path == template).map(|row| of(&row.method)).collect();
    HeaderValue::from_str(&methods.join(",")).ok().filter(|_| !methods.is_empty())
}
