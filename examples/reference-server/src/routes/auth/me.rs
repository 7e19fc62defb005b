//! Who is asking.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::Uri;
use axum::{Extension, Json};
use dharmagraph_auth::policy::{Authorizer as _, Permission, Principal, RoleName};
use serde::Serialize;
use utoipa::ToSchema;

use super::user::User;
use crate::parameters::QueryString;
use crate::problem::Problem;
use crate::state::AppState;

/// Who is asking, and what it may do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    #[serde(flatten)]
    user: User,
    /// All its roles.
    #[schema(value_type = Vec<String>)]
    roles: BTreeSet<RoleName>,
    /// What the credential may do.
    #[schema(value_type = Vec<String>)]
    permissions: BTreeSet<Permission>,
}

/// Tells who is asking, and what it may do.
#[utoipa::path(get, path = "/api/v3/auth/me", tag = "auth",
    responses((status = 200, description = "The user, its roles and permissions", body = Me))
)]
pub(super) async fn me(
    State(state): State<AppState>,
    Extension(principal): Extension<Principal>,
    uri: Uri,
) -> Result<Json<Me>, Problem> {
    QueryString::read(&uri, &[])?;
    let service = &state.admission().service;
    let user = service.profile(&principal).await?.into();
    let permissions = service.policy().permissions(&principal);
    Ok(Json(Me { user, roles: principal.roles, permissions }))
}
