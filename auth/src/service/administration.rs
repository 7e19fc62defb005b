//! What administrators do with users.

use std::collections::BTreeSet;

use super::AuthService;
use super::new_user::Signup;
use super::profile::Profile;
use crate::audit::{AuditAction, Caller};
use crate::error::{Error, Result};
use crate::id::UserId;
use crate::policy::{Authorizer, BuiltInRole, Permission, Principal, RoleName};
use crate::secret::Secret;
use crate::store::{User, UserChange, UserPage};

/// How many custom roles a user has at most.
const ROLES: usize = 32;

/// A user to be made by an administrator.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Its names and its first password.
    pub user: Signup,
    /// Its built-in role.
    pub role: BuiltInRole,
    /// Its other roles.
    pub custom_roles: BTreeSet<RoleName>,
}

/// What an administrator changes of a user; `None` leaves as it is.
pub type UserUpdate = UserChange;

impl AuthService {
    /// Users of the principal's tenant, oldest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `users:admin`, [`Error::Backend`].
    pub async fn users(&self, principal: &Principal, page: &UserPage, caller: &Caller) -> Result<Vec<Profile>> {
        self.require(principal, &Permission::users_admin(), None, caller).await?;
        Ok(self.store().users(&principal.tenant, page).await?.into_iter().map(Profile::from).collect())
    }

    /// Makes a user in the principal's tenant.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `users:admin` and for roles that may more than the principal, [`Error::Invalid`],
    /// [`Error::Conflict`] for a name that is taken, [`Error::RateLimited`], [`Error::Backend`].
    pub async fn create_user(&self, principal: &Principal, new: NewUser, caller: &Caller) -> Result<Profile> {
        self.require(principal, &Permission::users_admin(), None, caller).await?;
        self.check_roles(&new.custom_roles)?;
        self.require_no_more(principal, new.role, &new.custom_roles, caller).await?;
        let user = self.new_user(new.user, principal.tenant.clone(), new.role, new.custom_roles).await?;
        let event = self.event_by(principal, AuditAction::UserCreate, "user", caller).on(user.id.as_str());
        let event = event.with("role", user.role.as_str()).with("custom_roles", names(&user.custom_roles));
        self.to_the_end(async move |service| {
            let profile = service.insert_new_user(user).await?;
            service.record(event).await?;
            Ok(profile)
        })
        .await
    }

    /// Changes a user of the principal's tenant. One that is switched off has no session any more.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `users:admin` and for roles, old or new, that may more than the principal;
    /// [`Error::NotFound`] also for another tenant's, [`Error::Invalid`] for a role that there is not, [`Error::Conflict`]
    /// where nobody would be left to administrate, [`Error::Backend`].
    pub async fn change_user(&self, principal: &Principal, id: &UserId, change: &UserChange, caller: &Caller) -> Result<Profile> {
        let before = self.administered(principal, id, caller).await?;
        if let Some(roles) = &change.custom_roles {
            self.check_roles(roles)?;
        }
        if change.role.is_some() || change.custom_roles.is_some() {
            self.require_no_more(principal, before.role, &before.custom_roles, caller).await?;
            let custom_roles = change.custom_roles.as_ref().unwrap_or(&before.custom_roles);
            self.require_no_more(principal, change.role.unwrap_or(before.role), custom_roles, caller).await?;
        }
        let mut event = self.event_by(principal, AuditAction::UserChange, "user", caller).on(id.as_str());
        if let Some(role) = change.role {
            event = event.with("role", role.as_str());
        }
        if let Some(roles) = &change.custom_roles {
            event = event.with("custom_roles", names(roles));
        }
        if let Some(active) = change.active {
            event = event.with("active", active);
        }
        let (now, tenant, id, change) = (self.now(), principal.tenant.clone(), id.clone(), change.clone());
        self.to_the_end(async move |service| {
            let user = service.store().change_user(&tenant, &id, &change, now).await?.ok_or_else(|| unknown(&id))?;
            if change.active == Some(false) {
                service.store().end_sessions(&id, None, now).await?;
            }
            service.record(event).await?;
            Ok(user.into())
        })
        .await
    }

    /// Ends every session of a user of the principal's tenant; how many that were.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `users:admin`, [`Error::NotFound`] also for another tenant's, [`Error::Backend`].
    pub async fn end_user_sessions(&self, principal: &Principal, id: &UserId, caller: &Caller) -> Result<u64> {
        let user = self.administered(principal, id, caller).await?;
        let event = self.event_by(principal, AuditAction::UserSessionsEnd, "user", caller).on(id.as_str());
        self.to_the_end(async move |service| {
            let ended = service.store().end_sessions(&user.id, None, service.now()).await?;
            service.record(event.with("sessions_ended", ended)).await?;
            Ok(ended)
        })
        .await
    }

    /// Gives another user of the principal's tenant a new password, for instance because it forgot the old one. Its sessions
    /// end. Its second factor stays.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `users:admin` and for a user who may more than the principal, [`Error::NotFound`] also for
    /// another tenant's, [`Error::Invalid`] for a password that may not be set, [`Error::Conflict`] where it was changed at
    /// the same time, [`Error::RateLimited`], [`Error::Backend`].
    pub async fn reset_password(&self, principal: &Principal, id: &UserId, new: Secret, caller: &Caller) -> Result<()> {
        let user = self.administered(principal, id, caller).await?;
        somebody_else(principal, id, "to reset one's own password")?;
        self.require_no_more(principal, user.role, &user.custom_roles, caller).await?;
        let now = self.now();
        let hash = self.hash_new_password(new, &user.email, &user.username, user.full_name.as_deref()).await?;
        let event = self.event_by(principal, AuditAction::PasswordReset, "user", caller).on(id.as_str());
        self.to_the_end(async move |service| {
            if !service.store().set_password_hash(&user.id, &user.password_hash, &hash, now).await? {
                let what = "the password was changed at the same time".to_owned();
                return Err(Error::Conflict { what, advice: "look whether it still has to be".to_owned() });
            }
            let ended = service.store().end_sessions(&user.id, None, now).await?;
            service.record(event.with("sessions_ended", ended)).await.map(drop)
        })
        .await
    }

    /// Removes the second factor of another user of the principal's tenant, for instance because it lost its device. Its
    /// sessions end.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `users:admin` and for a user who may more than the principal, [`Error::NotFound`] also for
    /// another tenant's and where there is none, [`Error::Backend`].
    pub async fn remove_user_totp(&self, principal: &Principal, id: &UserId, caller: &Caller) -> Result<()> {
        let user = self.administered(principal, id, caller).await?;
        somebody_else(principal, id, "to take one's own second factor away")?;
        self.require_no_more(principal, user.role, &user.custom_roles, caller).await?;
        let event = self.event_by(principal, AuditAction::TotpRemove, "user", caller).on(id.as_str());
        self.to_the_end(async move |service| {
            if !service.store().remove_totp(&user.id).await? {
                return Err(Error::NotFound { what: "second factor", id: user.username });
            }
            let ended = service.store().end_sessions(&user.id, None, service.now()).await?;
            service.record(event.with("sessions_ended", ended)).await.map(drop)
        })
        .await
    }

    /// A user whom the principal may administrate.
    async fn administered(&self, principal: &Principal, id: &UserId, caller: &Caller) -> Result<User> {
        self.require(principal, &Permission::users_admin(), None, caller).await?;
        let user = self.store().user(id).await?.filter(|user| user.tenant == principal.tenant);
        user.ok_or_else(|| unknown(id))
    }

    /// Lets nobody make, or take over, a user who may more than the principal, with its credential, may itself: else whoever
    /// may administrate users might everything.
    async fn require_no_more(
        &self,
        principal: &Principal,
        role: BuiltInRole,
        custom_roles: &BTreeSet<RoleName>,
        caller: &Caller,
    ) -> Result<()> {
        let roles = custom_roles.iter().cloned().chain([role.into()]).collect();
        let asked = self.policy().permissions(&Principal { roles, scopes: None, ..principal.clone() });
        // What a rule keeps from its roles, an administrator may still give to others.
        let granted = self.policy().roles().filter(|(role, _)| principal.roles.contains(role)).flat_map(|(_, granted)| granted);
        let scoped = |permission: &&Permission| principal.scopes.as_ref().is_none_or(|scopes| scopes.contains(*permission));
        let mut own = self.policy().permissions(principal);
        own.extend(granted.filter(scoped).cloned());
        let Some(beyond) = asked.difference(&own).next() else { return Ok(()) };
        let reason = format!("you do not have {beyond} yourself");
        let event = self.event_by(principal, AuditAction::Denied, "user", caller).failed(&reason);
        self.record(event.with("permission", beyond.as_str())).await?;
        Err(Error::Forbidden { what: "to administrate a user who may more".to_owned(), reason })
    }

    fn check_roles(&self, roles: &BTreeSet<RoleName>) -> Result<()> {
        if roles.len() > ROLES {
            return Err(Error::invalid("custom_roles", format!("at most {ROLES}"), roles.len().to_string()));
        }
        // A built-in role has one place, where everybody looks for it.
        let is_custom = |role: &RoleName| self.policy().has_role(role) && role.as_str().parse::<BuiltInRole>().is_err();
        match roles.iter().find(|role| !is_custom(role)) {
            Some(role) => Err(Error::invalid("custom_roles", "roles of the configuration", format!("`{role}`"))),
            None => Ok(()),
        }
    }
}

/// What asks for one's own password or code is not got around by administrating oneself.
fn somebody_else(principal: &Principal, id: &UserId, what: &str) -> Result<()> {
    if principal.user != *id {
        return Ok(());
    }
    let reason = "change it as everybody does, with what it is now, or ask another administrator".to_owned();
    Err(Error::Forbidden { what: what.to_owned(), reason })
}

fn names(roles: &BTreeSet<RoleName>) -> Vec<&str> {
    roles.iter().map(RoleName::as_str).collect()
}

fn unknown(id: &UserId) -> Error {
    Error::NotFound { what: "user", id: id.as_str().chars().take(80).collect() }
}
