//! A user as others see it.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::id::{Tenant, UserId};
use crate::policy::{BuiltInRole, RoleName};
use crate::store::User;
use crate::time::Timestamp;

/// A user without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// Its id.
    pub id: UserId,
    /// Its e-mail address, as it wrote it.
    pub email: String,
    /// The name it is known by.
    pub username: String,
    /// What it is called.
    pub full_name: Option<String>,
    /// Its built-in role.
    pub role: BuiltInRole,
    /// Its other roles.
    pub custom_roles: BTreeSet<RoleName>,
    /// Who it belongs to.
    pub tenant: Tenant,
    /// Whether it may come in.
    pub active: bool,
    /// When it last signed in.
    pub last_login_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl From<User> for Profile {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            email: user.email,
            username: user.username,
            full_name: user.full_name,
            role: user.role,
            custom_roles: user.custom_roles,
            tenant: user.tenant,
            active: user.active,
            last_login_at: user.last_login_at,
            created_at: user.created_at,
        }
    }
}

impl User {
    /// Every role of the user.
    pub(super) fn roles(&self) -> BTreeSet<RoleName> {
        self.custom_roles.iter().cloned().chain([self.role.into()]).collect()
    }
}
