//! Signing in.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;

use super::AuthService;
use super::limits::CountedTry;
use super::tokens::SignedIn;
use crate::audit::{AuditAction, Caller};
use crate::error::{Error, Refusal, Result};
use crate::password::Verdict;
use crate::secret::Secret;
use crate::store::User;
use crate::time::Timestamp;

/// What somebody signs in with.
#[derive(Debug, Clone)]
pub struct Login {
    /// The e-mail address.
    pub email: String,
    /// The password, its bytes as they came.
    pub password: Secret,
    /// A time-based code or a recovery code, if the user has a second factor.
    pub totp: Option<Secret>,
}

impl AuthService {
    /// Signs in.
    ///
    /// Tries are counted before the password is looked at. Whoever is refused, for whatever reason, is told the same after
    /// the same time.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`]; [`Error::RateLimited`] for an address that tries too often, and when there is too much to
    /// hash; [`Error::Backend`].
    pub async fn login(&self, login: Login, caller: &Caller) -> Result<SignedIn> {
        let began = Instant::now();
        let now = self.now();
        self.count_address("login", self.settings().limits.address, caller, now).await?;
        match self.try_login(&login, caller, now).await? {
            Ok(signed_in) => Ok(signed_in),
            Err((refusal, user)) => {
                let mut event = self.event(AuditAction::Login, "user", caller).failed(refusal.as_str());
                if let Some(user) = user {
                    event = event.by_user(&user).on(user.id.as_str());
                }
                self.record(event).await?;
                self.answer_on_the_grid(began, refusal).await;
                Err(Error::refused(refusal))
            }
        }
    }

    async fn try_login(
        &self,
        login: &Login,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Result<SignedIn, (Refusal, Option<User>)>> {
        let Some(counted) = self.count_try(&login.email, caller, now).await? else {
            return Ok(Err((Refusal::Locked, None)));
        };
        let user = self.store().user_by_email(&login.email).await?;
        let verdict = self.check_password(&login.password, user.as_ref(), &counted, now).await?;
        let Some(mut user) = user else { return Ok(Err((Refusal::UnknownUser, None))) };
        if verdict == Verdict::Mismatch {
            return Ok(Err((Refusal::WrongPassword, Some(user))));
        }
        if !user.active {
            return Ok(Err((Refusal::Disabled, Some(user))));
        }
        if !self.second_factor_holds(&user, login.totp.as_ref(), caller, now).await? {
            return Ok(Err((Refusal::SecondFactor, Some(user))));
        }
        self.forgive(&counted, now).await?;
        if verdict == Verdict::MatchNeedsRehash {
            self.renew_hash(&mut user, &login.password, caller, now).await?;
        }
        self.store().record_login(&user.id, now).await?;
        let event = self.event(AuditAction::Login, "user", caller).by_user(&user).on(user.id.as_str());
        let (signed_in, session) = self.begin_session(user.clone(), caller, now).await?;
        if let Some(refusal) = self.changed_meanwhile(&user, &login.password).await? {
            self.store().end_session(&user.id, &session, now).await?;
            return Ok(Err((refusal, Some(user))));
        }
        let limit = self.settings().session_limit;
        let ended = self.store().end_oldest_sessions(&user.id, limit, now).await?;
        let mut event = event.with("session", session.as_str());
        if ended > 0 {
            event = event.with("sessions_ended", ended);
        }
        self.record(event).await?;
        Ok(Ok(signed_in))
    }

    /// Looks at a password, with the same work whether or not there is such a user.
    pub(super) async fn check_password(
        &self,
        password: &Secret,
        user: Option<&User>,
        counted: &CountedTry,
        now: Timestamp,
    ) -> Result<Verdict> {
        let began = Instant::now();
        let verdict = match user {
            Some(user) => self.inner.pool.verify(password.clone(), user.password_hash.clone()).await,
            None => self.inner.pool.verify_nobody(password.clone()).await.map(|()| Verdict::Mismatch),
        };
        match verdict {
            Err(error @ Error::RateLimited { .. }) => {
                self.take_back(counted, now).await?;
                Err(error)
            }
            Err(Error::Internal { what }) => {
                // A stored hash that cannot be checked is the operator's concern: the caller is told what everybody is told,
                // after the time that everybody waits.
                tracing::error!(user = user.map_or("", |user| user.id.as_str()), what, "a stored password hash was refused");
                self.inner.pool.verify_nobody(password.clone()).await.map(|()| Verdict::Mismatch)
            }
            other => {
                let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
                self.inner.last_check.store(micros, Ordering::Relaxed);
                other
            }
        }
    }

    /// Why the user would be refused now that its session has begun. Whoever changed the password or switched the user off
    /// ended the sessions that there were, and this one may not have been among them.
    async fn changed_meanwhile(&self, user: &User, password: &Secret) -> Result<Option<Refusal>> {
        let Some(now) = self.store().user(&user.id).await? else { return Ok(Some(Refusal::UnknownUser)) };
        if !now.active {
            return Ok(Some(Refusal::Disabled));
        }
        if now.password_hash.expose() == user.password_hash.expose() {
            return Ok(None);
        }
        // Another sign-in may have renewed the hash of the same password.
        let verdict = self.inner.pool.verify(password.clone(), now.password_hash).await?;
        Ok((verdict == Verdict::Mismatch).then_some(Refusal::WrongPassword))
    }

    /// Replaces a hash that the policy has outgrown. The user is in already: what fails is tried again at the next time.
    async fn renew_hash(&self, user: &mut User, password: &Secret, caller: &Caller, now: Timestamp) -> Result<()> {
        let hash = match self.inner.pool.hash(password.clone()).await {
            Ok(hash) => hash,
            Err(error) => {
                tracing::warn!(%error, user = user.id.as_str(), "a password hash was not renewed");
                return Ok(());
            }
        };
        if self.store().set_password_hash(&user.id, &user.password_hash, &hash, now).await? {
            let event = self.event(AuditAction::PasswordRehash, "user", caller).by_user(user).on(user.id.as_str());
            self.record(event).await?;
            user.password_hash = hash;
        }
        Ok(())
    }

    /// Waits for the next point of the grid after `began`. Where no password was looked at, as long as that would have taken
    /// is waited for first.
    async fn answer_on_the_grid(&self, began: Instant, refusal: Refusal) {
        let grid = self.settings().answer_grid;
        let missing = match refusal {
            Refusal::Locked => Duration::from_micros(self.inner.last_check.load(Ordering::Relaxed)),
            _ => Duration::ZERO,
        };
        let ready = began.elapsed() + missing;
        let points = ready.as_nanos().checked_div(grid.as_nanos()).map_or(0, |whole| whole + 1);
        let answer = if grid.is_zero() { ready } else { grid * u32::try_from(points).unwrap_or(u32::MAX) };
        tokio::time::sleep_until(began + answer).await;
    }
}
