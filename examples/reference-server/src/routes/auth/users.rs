//! What administrators do with users.

use std::collections::BTreeSet;

use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri};
use axum::{Extension, Json};
use dharmagraph_auth::audit::Caller;
use dharmagraph_auth::policy::{BuiltInRole, Principal, RoleName};
use dharmagraph_auth::service::NewUser;
use dharmagraph_auth::store::{UserChange, UserPage};
use dharmagraph_auth::{Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use super::object;
use super::signup::person;
use super::user::User;
use crate::openapi::schema;
use crate::parameters::{Object, QueryString, Reference, quoted};
use crate::problem::Problem;
use crate::state::AppState;

const LIMIT: u32 = 50;

/// A part of the users.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Users {
    /// Oldest first.
    users: Vec<User>,
    /// Cursor of the next page; null on the last one.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Lists the users of one's tenant.
#[utoipa::path(get, path = "/api/v3/auth/users", tag = "auth",
    params(
        ("limit" = Option<u32>, Query, description = "At most so many, 1 to 1000", minimum = 1, maximum = 1000),
        ("cursor" = Option<String>, Query, description = "Begin after the page whose `next_cursor` this is"),
    ),
    responses((status = 200, description = "A page of users", body = Users))
)]
pub(super) async fn users(
    State(state): State<AppState>,
    Extension(principal): Extension<Principal>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Json<Users>, Problem> {
    let parameters = QueryString::read(&uri, &["limit", "cursor"])?;
    let limit = parameters.number("limit", 1..=1000)?.unwrap_or(LIMIT);
    let after = parameters.text("cursor").map(after).transpose()?;
    let mut users = state.admission().service.users(&principal, &UserPage { after, limit: limit + 1 }, &caller).await?;
    let has_more = users.len() > limit as usize;
    users.truncate(limit as usize);
    let last = users.last().filter(|_| has_more);
    let next_cursor = last.map(|last| format!("{}.{}", last.created_at.as_micros(), last.id));
    Ok(Json(Users { users: users.into_iter().map(User::from).collect(), next_cursor }))
}

/// Makes a user in one's tenant.
#[utoipa::path(post, path = "/api/v3/auth/users", tag = "auth", request_body = schema::NewUser,
    responses((status = 201, description = "The user", body = User))
)]
pub(super) async fn create_user(
    State(state): State<AppState>,
    Extension(principal): Extension<Principal>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<(StatusCode, Json<User>), Problem> {
    QueryString::read(request.uri(), &[])?;
    let (parts, body) = request.into_parts();
    let mut body = object(&parts.headers, body).await?;
    let new = NewUser {
        user: person(&mut body)?,
        role: role(&mut body)?.unwrap_or_default(),
        custom_roles: custom_roles(&mut body)?.unwrap_or_default(),
    };
    body.finish(&["email", "username", "password", "full_name", "role", "custom_roles"])?;
    let profile = state.admission().service.create_user(&principal, new, &caller).await?;
    Ok((StatusCode::CREATED, Json(profile.into())))
}

/// Changes the roles of a user of one's tenant, or switches it off or on. One that is switched off has no session any more.
#[utoipa::path(patch, path = "/api/v3/auth/users/{id}", tag = "auth", request_body = schema::UserChange,
    params(("id" = String, Path, description = "The user")),
    responses((status = 200, description = "The user as it is now", body = User))
)]
pub(super) async fn change_user(
    State(state): State<AppState>,
    Extension(principal): Extension<Principal>,
    Extension(caller): Extension<Caller>,
    Reference(id): Reference,
    request: Request,
) -> Result<Json<User>, Problem> {
    QueryString::read(request.uri(), &[])?;
    let (parts, body) = request.into_parts();
    let mut body = object(&parts.headers, body).await?;
    let change = UserChange { role: role(&mut body)?, custom_roles: custom_roles(&mut body)?, active: body.flag("active")? };
    body.finish(&["role", "custom_roles", "active"])?;
    if change == UserChange::default() {
        return Err(Problem::invalid("body", "role, custom_roles or active", "none of them"));
    }
    let profile = state.admission().service.change_user(&principal, &UserId::new(id), &change, &caller).await?;
    Ok(Json(profile.into()))
}

/// Ends every session of a user of one's tenant.
#[utoipa::path(delete, path = "/api/v3/auth/users/{id}/sessions", tag = "auth",
    params(("id" = String, Path, description = "The user")),
    responses((status = 204, description = "Ended"))
)]
pub(super) async fn end_user_sessions(
    State(state): State<AppState>,
    Extension(principal): Extension<Principal>,
    Extension(caller): Extension<Caller>,
    Reference(id): Reference,
    uri: Uri,
) -> Result<StatusCode, Problem> {
    QueryString::read(&uri, &[])?;
    state.admission().service.end_user_sessions(&principal, &UserId::new(id), &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn role(body: &mut Object) -> Result<Option<BuiltInRole>, Problem> {
    Ok(body.text("role")?.map(|text| text.parse()).transpose()?)
}

fn custom_roles(body: &mut Object) -> Result<Option<BTreeSet<RoleName>>, Problem> {
    let names = body.texts("custom_roles")?;
    let parsed = names.map(|names| names.iter().map(|name| name.parse::<RoleName>()).collect::<Result<_, _>>());
    Ok(parsed.transpose()?)
}

fn after(cursor: &str) -> Result<(Timestamp, UserId), Problem> {
    let parsed = cursor.split_once('.').and_then(|(at, id)| Some((Timestamp::from_micros(at.parse().ok()?), UserId::new(id))));
    parsed.ok_or_else(|| Problem::invalid("cursor", "a `next_cursor` of this list", quoted(cursor)))
}
