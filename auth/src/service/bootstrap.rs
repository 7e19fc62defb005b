//! The first administrator.

use std::collections::BTreeSet;

use aws_lc_rs::digest::{SHA256, digest};

use super::AuthService;
use super::new_user::Signup;
use super::tokens::SignedIn;
use crate::audit::{AuditAction, Caller};
use crate::error::{Error, Refusal, Result};
use crate::policy::BuiltInRole;
use crate::random;
use crate::secret::Secret;
use crate::store::Bootstrap;

/// What a one-time token begins with.
const PREFIX: &str = "dgb_";
/// How many random letters and digits follow: 256 bits.
const RANDOM: usize = 43;

/// What makes the first administrator.
#[derive(Debug, Clone)]
pub struct FirstUser {
    /// The one-time token.
    pub token: Secret,
    /// Who it will be.
    pub user: Signup,
}

impl AuthService {
    /// A one-time token for the first administrator, in place of the one before; nothing where there is a user.
    ///
    /// There is no default user: whoever starts the server shows this token, once, to whoever may have it.
    ///
    /// # Errors
    /// [`Error::Backend`].
    pub async fn begin_bootstrap(&self) -> Result<Option<Secret>> {
        if self.store().any_user().await? {
            return Ok(None);
        }
        let token = Secret::new(format!("{PREFIX}{}", random::text(RANDOM)?));
        Ok(self.store().set_bootstrap(&hash(&token)).await?.then_some(token))
    }

    /// Makes the first user, an administrator, and signs in.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is a user, [`Error::Unauthenticated`] for another token, [`Error::Invalid`],
    /// [`Error::RateLimited`], [`Error::Backend`].
    pub async fn bootstrap(&self, first: FirstUser, caller: &Caller) -> Result<SignedIn> {
        let now = self.now();
        if self.store().any_user().await? {
            return Err(closed());
        }
        self.count_address("bootstrap", self.settings().limits.signup, caller, now).await?;
        let tenant = self.settings().tenant.clone();
        let user = self.new_user(first.user, tenant, BuiltInRole::Admin, BTreeSet::new()).await?;
        let event = self.event(AuditAction::Bootstrap, "user", caller);
        let user = self
            .to_the_end(async move |service| match service.store().bootstrap_user(&user, &hash(&first.token)).await? {
                Bootstrap::Created => {
                    service.record(event.by_user(&user).on(user.id.as_str())).await?;
                    Ok(user)
                }
                Bootstrap::Closed => Err(closed()),
                Bootstrap::WrongToken => {
                    service.record(event.failed(Refusal::Bootstrap.as_str())).await?;
                    Err(Error::refused(Refusal::Bootstrap))
                }
            })
            .await?;
        Ok(self.begin_session(user, caller, now).await?.0)
    }
}

fn closed() -> Error {
    Error::NotFound { what: "route", id: "bootstrap".to_owned() }
}

fn hash(token: &Secret) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, token.expose().as_bytes()).as_ref());
    hash
}
