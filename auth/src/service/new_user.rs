//! Making users.

use std::collections::BTreeSet;

use super::AuthService;
use super::profile::Profile;
use super::tokens::SignedIn;
use crate::audit::{AuditAction, Caller};
use crate::error::{Error, Result};
use crate::id::{Tenant, UserId};
use crate::policy::{BuiltInRole, RoleName};
use crate::secret::Secret;
use crate::store::User;

/// The longest e-mail address that can be delivered to (RFC 5321, section 4.5.3.1).
const EMAIL: usize = 254;
/// The longest user name, in characters.
const USERNAME: usize = 64;
/// The longest full name, in characters.
const FULL_NAME: usize = 200;

/// What somebody signs up with.
#[derive(Debug, Clone)]
pub struct Signup {
    /// An e-mail address.
    pub email: String,
    /// The name to be known by: letters, digits, `.`, `_` and `-`.
    pub username: String,
    /// A password.
    pub password: Secret,
    /// What to be called.
    pub full_name: Option<String>,
}

impl AuthService {
    /// Signs up as a viewer, where the installation lets people sign up, and signs in.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where nobody may sign up, [`Error::Invalid`], [`Error::Conflict`] for a name that is taken,
    /// [`Error::RateLimited`], [`Error::Backend`].
    pub async fn signup(&self, signup: Signup, caller: &Caller) -> Result<SignedIn> {
        if !self.settings().signup {
            let reason = "sign-up is closed; an administrator can make an account".to_owned();
            return Err(Error::Forbidden { what: "to sign up".to_owned(), reason });
        }
        let now = self.now();
        self.count_address("signup", self.settings().limits.signup, caller, now).await?;
        let tenant = self.settings().tenant.clone();
        let user = self.new_user(signup, tenant, BuiltInRole::Viewer, BTreeSet::new()).await?;
        let event = self.event(AuditAction::Signup, "user", caller).by_user(&user).on(user.id.as_str());
        let user = self
            .to_the_end(async move |service| {
                service.store().insert_user(&user).await?;
                service.record(event).await?;
                Ok(user)
            })
            .await?;
        Ok(self.begin_session(user, caller, now).await?.0)
    }

    /// A user with these names and this password, not yet in the store.
    pub(super) async fn new_user(
        &self,
        signup: Signup,
        tenant: Tenant,
        role: BuiltInRole,
        custom_roles: BTreeSet<RoleName>,
    ) -> Result<User> {
        let Signup { email, username, password, full_name } = signup;
        check_email(&email)?;
        check_username(&username)?;
        check_full_name(full_name.as_deref())?;
        let password_hash = self.hash_new_password(password, &email, &username, full_name.as_deref()).await?;
        let now = self.now();
        Ok(User {
            id: UserId::generate(),
            tenant,
            email,
            username,
            full_name,
            password_hash,
            role,
            custom_roles,
            active: true,
            last_login_at: None,
            created_at: now,
            updated_at: now,
        })
    }

    /// The hash of a password that may be set.
    pub(super) async fn hash_new_password(
        &self,
        password: Secret,
        email: &str,
        username: &str,
        full_name: Option<&str>,
    ) -> Result<Secret> {
        self.settings().passwords.check(&password, &[email, username, full_name.unwrap_or_default()])?;
        if self.inner.breached.contains(&password).await? {
            return Err(Error::invalid("password", "one that was never stolen", "one of a list of stolen passwords"));
        }
        self.inner.pool.hash(password).await
    }

    /// Makes a user for somebody else and gives what others see of it.
    pub(super) async fn insert_new_user(&self, user: User) -> Result<Profile> {
        self.store().insert_user(&user).await?;
        Ok(user.into())
    }
}

/// One `@` with something on both sides, and no white space or control characters: what more there is to know of an address,
/// only its mail server knows.
fn check_email(email: &str) -> Result<()> {
    let plain = !email.chars().any(|c| c.is_whitespace() || c.is_control());
    match email.split_once('@') {
        Some((local, domain))
            if plain && email.len() <= EMAIL && !local.is_empty() && !domain.is_empty() && !domain.contains('@') =>
        {
            Ok(())
        }
        _ => Err(Error::invalid("email", "an e-mail address of at most 254 bytes", shown(email))),
    }
}

fn check_username(username: &str) -> Result<()> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if (1..=USERNAME).contains(&username.len()) && username.chars().all(allowed) {
        return Ok(());
    }
    Err(Error::invalid("username", "1 to 64 letters, digits, dots, hyphens and underscores", shown(username)))
}

fn check_full_name(name: Option<&str>) -> Result<()> {
    match name {
        Some(name) if name.chars().count() > FULL_NAME || name.chars().any(char::is_control) => {
            Err(Error::invalid("full_name", "at most 200 characters on one line", shown(name)))
        }
        _ => Ok(()),
    }
}

fn shown(text: &str) -> String {
    format!("`{}`", text.escape_debug().take(80).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_two_sides() {
        for email in ["ada@example.com", "a@b", "ada+tag@localhost", "\u{fc}ber@example.com"] {
            assert!(check_email(email).is_ok(), "{email}");
        }
        let long = format!("{}@example.com", "a".repeat(250));
        for email in ["", "ada", "@", "ada@", "@example.com", "a@b@c", "a b@c", "a@b\n", "a@b\0", &long] {
            assert!(check_email(email).is_err(), "{email:?}");
        }
    }

    #[test]
    fn names_are_short_and_plain() {
        for name in ["ada", "Ada.L-2_x", &"a".repeat(64)] {
            assert!(check_username(name).is_ok(), "{name}");
        }
        for name in ["", "a b", "ada@home", "\u{e4}da", "a\0", &"a".repeat(65)] {
            assert!(check_username(name).is_err(), "{name:?}");
        }
        assert!(check_full_name(Some("Ada, Countess of Lovelace")).is_ok());
        assert!(check_full_name(Some("Ada\nroot")).is_err());
        assert!(check_full_name(Some(&"a".repeat(201))).is_err());
    }
}
