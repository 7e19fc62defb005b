//! A user as others see it.

use std::collections::BTreeSet;

use dharmagraph_auth::policy::{BuiltInRole, RoleName};
use dharmagraph_auth::service::Profile;
use dharmagraph_auth::{Tenant, Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

/// A user.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    /// Its id, a UUID.
    #[schema(value_type = String)]
    id: UserId,
    /// Its e-mail address.
    email: String,
    /// The name it is known by.
    username: String,
    /// What it is called.
    #[schema(required)]
    full_name: Option<String>,
    /// `VIEWER`, `OPERATOR` or `ADMIN`.
    #[schema(value_type = String)]
    role: BuiltInRole,
    /// Its other roles.
    #[schema(value_type = Vec<String>)]
    custom_roles: BTreeSet<RoleName>,
    /// Who it belongs to.
    #[schema(value_type = String)]
    tenant: Tenant,
    /// Whether it may come in.
    active: bool,
    /// When it last signed in, RFC 3339.
    #[schema(value_type = Option<String>, required)]
    last_login_at: Option<Timestamp>,
    /// When it was made, RFC 3339.
    #[schema(value_type = String)]
    created_at: Timestamp,
}

impl From<Profile> for User {
    fn from(profile: Profile) -> Self {
        let Profile { id, email, username, full_name, role, custom_roles, tenant, active, last_login_at, created_at } = profile;
        Self { id, email, username, full_name, role, custom_roles, tenant, active, last_login_at, created_at }
    }
}
