//! Users in memory.

use std::ops::Bound;

use async_trait::async_trait;
use aws_lc_rs::constant_time;

use super::MemoryStore;
use super::state::State;
use crate::error::{Error, Result};
use crate::id::{Tenant, UserId};
use crate::policy::BuiltInRole;
use crate::secret::Secret;
use crate::store::{Bootstrap, User, UserChange, UserPage, UserStore, accept};
use crate::time::Timestamp;

#[async_trait]
impl UserStore for MemoryStore {
    async fn insert_user(&self, user: &User) -> Result<()> {
        accept::user(user)?;
        self.state().insert_user(user)
    }

    async fn user(&self, id: &UserId) -> Result<Option<User>> {
        Ok(self.state().users.get(id).cloned())
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        let state = self.state();
        Ok(state.emails.get(&email.to_ascii_lowercase()).and_then(|id| state.users.get(id)).cloned())
    }

    async fn users(&self, tenant: &Tenant, page: &UserPage) -> Result<Vec<User>> {
        let state = self.state();
        let mut users: Vec<&User> = state.users.values().filter(|user| user.tenant == *tenant).collect();
        users.sort_by_key(|user| place(user));
        let after = page.after.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        let begin = users.partition_point(|user| match after {
            Bound::Excluded((time, id)) => place(user) <= (*time, id),
            _ => false,
        });
        Ok(users[begin..].iter().take(count(page.limit)).map(|user| User::clone(user)).collect())
    }

    async fn change_user(&self, tenant: &Tenant, id: &UserId, change: &UserChange, now: Timestamp) -> Result<Option<User>> {
        let mut state = self.state();
        let Some(user) = state.users.get(id).filter(|user| user.tenant == *tenant) else { return Ok(None) };
        let mut changed = user.clone();
        changed.role = change.role.unwrap_or(user.role);
        changed.custom_roles = change.custom_roles.as_ref().unwrap_or(&user.custom_roles).clone();
        changed.active = change.active.unwrap_or(user.active);
        changed.updated_at = now;
        let is_last = || !state.users.values().any(|other| other.id != *id && other.tenant == *tenant && administers(other));
        if administers(user) && !administers(&changed) && is_last() {
            return Err(Error::last_administrator(tenant));
        }
        state.users.insert(id.clone(), changed.clone());
        Ok(Some(changed))
    }

    async fn set_password_hash(&self, id: &UserId, expected: &Secret, hash: &Secret, now: Timestamp) -> Result<bool> {
        accept::text("password hash", hash.expose())?;
        match self.state().users.get_mut(id) {
            Some(user) if same(user.password_hash.expose().as_bytes(), expected.expose().as_bytes()) => {
                user.password_hash = hash.clone();
                user.updated_at = now;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    async fn record_login(&self, id: &UserId, now: Timestamp) -> Result<()> {
        if let Some(user) = self.state().users.get_mut(id) {
            user.last_login_at = Some(now);
        }
        Ok(())
    }

    async fn any_user(&self) -> Result<bool> {
        Ok(!self.state().users.is_empty())
    }

    async fn set_bootstrap(&self, token_hash: &[u8; 32]) -> Result<bool> {
        let mut state = self.state();
        let open = state.users.is_empty();
        if open {
            state.bootstrap = Some(*token_hash);
        }
        Ok(open)
    }

    async fn bootstrap_user(&self, user: &User, token_hash: &[u8; 32]) -> Result<Bootstrap> {
        accept::user(user)?;
        let mut state = self.state();
        match state.bootstrap {
            Some(expected) if state.users.is_empty() => {
                if !same(&expected, token_hash) {
                    return Ok(Bootstrap::WrongToken);
                }
                state.insert_user(user)?;
                Ok(Bootstrap::Created)
            }
            _ => Ok(Bootstrap::Closed),
        }
    }
}

impl State {
    /// Adds a user; with the first one there is nothing to bootstrap any more.
    fn insert_user(&mut self, user: &User) -> Result<()> {
        let email = user.email.to_ascii_lowercase();
        let taken = if self.users.contains_key(&user.id) {
            Some("id")
        } else if self.emails.contains_key(&email) {
            Some("e-mail address")
        } else if self.users.values().any(|other| other.username == user.username) {
            Some("user name")
        } else {
            None
        };
        if let Some(what) = taken {
            return Err(Error::taken(what));
        }
        self.bootstrap = None;
        self.emails.insert(email, user.id.clone());
        self.users.insert(user.id.clone(), user.clone());
        Ok(())
    }
}

/// Where a user stands in a list.
fn place(user: &User) -> (Timestamp, &UserId) {
    (user.created_at, &user.id)
}

fn administers(user: &User) -> bool {
    user.active && user.role == BuiltInRole::Admin
}

/// Compares without telling by the time how much was alike.
fn same(one: &[u8], other: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(one, other).is_ok()
}

/// A page's limit as a number of things in memory.
pub(super) fn count(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}
