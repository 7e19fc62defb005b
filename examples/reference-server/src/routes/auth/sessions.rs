//! One's sessions.

use std::net::IpAddr;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::{Extension, Json};
use dharmagraph_auth::audit::Caller;
use dharmagraph_auth::policy::Principal;
use dharmagraph_auth::service::SessionView;
use dharmagraph_auth::{SessionId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::parameters::{QueryString, Reference};
use crate::problem::Problem;
use crate::state::AppState;

/// One's sessions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Sessions {
    /// Newest first.
    sessions: Vec<Session>,
}

/// What one sign-in began.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    /// Its id.
    #[schema(value_type = String)]
    id: SessionId,
    /// Whether it is the one that asks.
    current: bool,
    /// When it began, RFC 3339.
    #[schema(value_type = String)]
    created_at: Timestamp,
    /// When its tokens were last renewed, RFC 3339.
    #[schema(value_type = String)]
    last_used_at: Timestamp,
    /// When it is over, RFC 3339.
    #[schema(value_type = String)]
    expires_at: Timestamp,
    /// Where it began.
    #[schema(value_type = Option<String>, required)]
    ip_address: Option<IpAddr>,
    /// With what program.
    #[schema(required)]
    user_agent: Option<String>,
}

impl From<SessionView> for Session {
    fn from(view: SessionView) -> Self {
        let SessionView { id, current, created_at, last_used_at, expires_at, ip_address, user_agent } = view;
        Self { id, current, created_at, last_used_at, expires_at, ip_address, user_agent }
    }
}

/// Lists one's sessions that go on.
#[utoipa::path(get, path = "/api/v3/auth/sessions", tag = "auth",
    responses((status = 200, description = "The sessions", body = Sessions))
)]
pub(super) async fn sessions(
    State(state): State<AppState>,
    Extension(principal): Extension<Principal>,
    uri: Uri,
) -> Result<Json<Sessions>, Problem> {
    QueryString::read(&uri, &[])?;
    let sessions = state.admission().service.sessions(&principal).await?;
    Ok(Json(Sessions { sessions: sessions.into_iter().map(Session::from).collect() }))
}

/// Ends one of one's sessions.
#[utoipa::path(delete, path = "/api/v3/auth/sessions/{id}", tag = "auth",
    params(("id" = String, Path, description = "The session")),
    responses((status = 204, description = "Ended"))
)]
pub(super) async fn end_session(
    State(state): State<AppState>,
    Extension(principal): Extension<Principal>,
    Extension(caller): Extension<Caller>,
    Reference(id): Reference,
    uri: Uri,
) -> Result<StatusCode, Problem> {
    QueryString::read(&uri, &[])?;
    state.admission().service.end_session(&principal, &SessionId::new(id), &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
