//! Changing one's password.

use super::AuthService;
use crate::audit::{AuditAction, Caller};
use crate::error::{Error, Refusal, Result};
use crate::password::Verdict;
use crate::policy::Principal;
use crate::secret::Secret;
use crate::store::User;

impl AuthService {
    /// Changes the principal's password, given the one it has. Its other sessions end.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] where `current` is not its password, counted like a sign-in; [`Error::Forbidden`] for an API
    /// key; [`Error::Invalid`] for a password that may not be set; [`Error::RateLimited`], [`Error::Backend`].
    pub async fn change_password(&self, principal: &Principal, current: Secret, new: Secret, caller: &Caller) -> Result<()> {
        let now = self.now();
        let session = self.own_session(principal, "to change the password")?;
        self.count_address("password", self.settings().limits.address, caller, now).await?;
        let user = self.own_user(principal).await?;
        let event = || self.event_by(principal, AuditAction::PasswordChange, "user", caller).on(user.id.as_str());
        let Some(counted) = self.count_try(&user.email, caller, now).await? else {
            self.record(event().failed(Refusal::Locked.as_str())).await?;
            return Err(Error::refused(Refusal::Locked));
        };
        if self.check_password(&current, Some(&user), &counted, now).await? == Verdict::Mismatch {
            self.record(event().failed(Refusal::WrongPassword.as_str())).await?;
            return Err(Error::refused(Refusal::WrongPassword));
        }
        // Not forgiven: wrong codes of the second factor are counted here, too, and the password is no answer to them.
        self.take_back(&counted, now).await?;
        let hash = self.hash_new_password(new, &user.email, &user.username, user.full_name.as_deref()).await?;
        let (event, session) = (event(), session.clone());
        self.to_the_end(async move |service| {
            if !service.store().set_password_hash(&user.id, &user.password_hash, &hash, now).await? {
                return Err(Error::Conflict {
                    what: "the password was changed at the same time".to_owned(),
                    advice: "sign in with the new one".to_owned(),
                });
            }
            let ended = service.store().end_sessions(&user.id, Some(&session), now).await?;
            service.record(event.with("sessions_ended", ended)).await.map(drop)
        })
        .await
    }

    /// The principal's user as it is now.
    pub(super) async fn own_user(&self, principal: &Principal) -> Result<User> {
        self.store().user(&principal.user).await?.ok_or(Error::Unauthenticated { reason: Refusal::UnknownUser })
    }
}
