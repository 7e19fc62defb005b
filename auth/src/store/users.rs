//! Users.

use std::collections::BTreeSet;

use async_trait::async_trait;

use crate::error::Result;
use crate::id::{Tenant, UserId};
use crate::policy::{BuiltInRole, RoleName};
use crate::secret::Secret;
use crate::time::Timestamp;

/// A user as it is kept.
#[derive(Debug, Clone)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Who it belongs to.
    pub tenant: Tenant,
    /// As the user wrote it; unique in the store without regard to case.
    pub email: String,
    /// Unique in the store.
    pub username: String,
    /// What it is called.
    pub full_name: Option<String>,
    /// A PHC or bcrypt string.
    pub password_hash: Secret,
    /// The built-in role that every user has.
    pub role: BuiltInRole,
    /// Roles of the installation, which add permissions.
    pub custom_roles: BTreeSet<RoleName>,
    /// Whether it may come in.
    pub active: bool,
    /// When it last signed in with its password.
    pub last_login_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What an administrator changes of a user; `None` leaves as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserChange {
    /// Another built-in role.
    pub role: Option<BuiltInRole>,
    /// Other custom roles, in place of those it has.
    pub custom_roles: Option<BTreeSet<RoleName>>,
    /// On or off.
    pub active: Option<bool>,
}

/// Which users to list.
#[derive(Debug, Clone, Default)]
pub struct UserPage {
    /// After this one, in the order of creation and id.
    pub after: Option<(Timestamp, UserId)>,
    /// How many at most.
    pub limit: u32,
}

/// What became of [`UserStore::bootstrap_user`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bootstrap {
    /// The user was made, and the one-time token is gone.
    Created,
    /// There is a user already, or no token was ever set: there is nothing to bootstrap.
    Closed,
    /// The token is another one. It can be tried again.
    WrongToken,
}

/// Keeps users.
#[async_trait]
pub trait UserStore {
    /// Adds a user.
    ///
    /// - [`Error::Conflict`](crate::Error::Conflict) where the id, the e-mail (without regard to the case of ASCII letters)
    ///   or the username is taken in any tenant, and then nothing was added. A store may disregard the case of other
    ///   letters of an e-mail, too.
    async fn insert_user(&self, user: &User) -> Result<()>;

    /// The user of this id.
    async fn user(&self, id: &UserId) -> Result<Option<User>>;

    /// The user of this e-mail address, without regard to the case of ASCII letters.
    async fn user_by_email(&self, email: &str) -> Result<Option<User>>;

    /// Users of a tenant, oldest first, then by id.
    async fn users(&self, tenant: &Tenant, page: &UserPage) -> Result<Vec<User>>;

    /// Changes a user and gives it as it is now; `None` where the tenant has no such user.
    ///
    /// - [`Error::Conflict`](crate::Error::Conflict), and nothing changed, where it would take the tenant's last active user
    ///   of the role ADMIN, also when two administrators take each other's role at once.
    async fn change_user(&self, tenant: &Tenant, id: &UserId, change: &UserChange, now: Timestamp) -> Result<Option<User>>;

    /// Replaces a password's hash, if it still is `expected`; whether it was.
    async fn set_password_hash(&self, id: &UserId, expected: &Secret, hash: &Secret, now: Timestamp) -> Result<bool>;

    /// Notes that the user signed in.
    async fn record_login(&self, id: &UserId, now: Timestamp) -> Result<()>;

    /// Whether there is any user, in any tenant.
    async fn any_user(&self) -> Result<bool>;

    /// Sets the one-time token that makes the first administrator, in place of the one before, unless there is a user;
    /// whether it was set.
    async fn set_bootstrap(&self, token_hash: &[u8; 32]) -> Result<bool>;

    /// Adds the first user, if there is none and the token is the one that was set.
    ///
    /// - Of several at once, one is [`Bootstrap::Created`].
    async fn bootstrap_user(&self, user: &User, token_hash: &[u8; 32]) -> Result<Bootstrap>;
}
