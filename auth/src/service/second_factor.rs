//! Time-based codes and recovery codes.

use super::AuthService;
use crate::audit::{AuditAction, Caller};
use crate::error::{Error, Refusal, Result};
use crate::id::UserId;
use crate::policy::Principal;
use crate::seal::Purpose;
use crate::secret::Secret;
use crate::store::{TotpRecord, User};
use crate::time::Timestamp;
use crate::totp::{RecoveryCodes, TotpSecret};

/// How many recovery codes a user gets.
const RECOVERY_CODES: usize = 10;
/// What authenticator apps show beside the account's name.
const APP: &str = "dharmagraph";

/// A second factor that waits to be confirmed.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// The secret in base32, to type into an app.
    pub secret: Secret,
    /// The same as an `otpauth:` URI, for a QR code.
    pub uri: Secret,
}

impl AuthService {
    /// Makes a secret for time-based codes. It is asked for once [`AuthService::confirm_totp`] has seen a code of it.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the user has one, [`Error::Forbidden`] for an API key, [`Error::Backend`].
    pub async fn enrol_totp(&self, principal: &Principal, caller: &Caller) -> Result<Enrolment> {
        self.own_session(principal, "to set up a second factor")?;
        let user = self.own_user(principal).await?;
        let secret = TotpSecret::generate()?;
        let sealed = self.inner.master.seal(Purpose::Totp, user.id.as_str(), secret.as_bytes())?;
        if !self.store().enrol_totp(&user.id, &sealed, self.now()).await? {
            return Err(Error::Conflict {
                what: "there is a second factor".to_owned(),
                advice: "remove it first, with one of its codes".to_owned(),
            });
        }
        self.record(self.event_by(principal, AuditAction::TotpEnrol, "user", caller).on(user.id.as_str())).await?;
        Ok(Enrolment { secret: secret.base32(), uri: secret.uri(APP, &user.email) })
    }

    /// Confirms the secret with a code of it, and gives the recovery codes, which are shown this once.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a wrong code, [`Error::Conflict`] where no secret waits, [`Error::Forbidden`] for an API
    /// key, [`Error::RateLimited`], [`Error::Backend`].
    pub async fn confirm_totp(&self, principal: &Principal, code: &Secret, caller: &Caller) -> Result<Vec<Secret>> {
        self.own_session(principal, "to confirm a second factor")?;
        let now = self.now();
        self.count_address("totp", self.settings().limits.address, caller, now).await?;
        let nothing_waits = || Error::Conflict {
            what: "no second factor waits to be confirmed".to_owned(),
            advice: "enrol one first".to_owned(),
        };
        let record = self.store().totp(&principal.user).await?.filter(|record| record.confirmed_at.is_none());
        let record = record.ok_or_else(nothing_waits)?;
        let event = self.event_by(principal, AuditAction::TotpConfirm, "user", caller).on(principal.user.as_str());
        let Some(step) = self.totp_secret(&principal.user, &record)?.matching_step(code.expose(), now) else {
            self.record(event.failed(Refusal::SecondFactor.as_str())).await?;
            return Err(Error::refused(Refusal::SecondFactor));
        };
        let codes = RecoveryCodes::generate(RECOVERY_CODES)?;
        let hashes: Vec<[u8; 32]> = codes.iter().filter_map(|code| RecoveryCodes::hash(code.expose())).collect();
        let user = principal.user.clone();
        self.to_the_end(async move |service| {
            if !service.store().confirm_totp(&user, &record.sealed_secret, step, &hashes, now).await? {
                return Err(nothing_waits());
            }
            service.record(event).await?;
            Ok(codes)
        })
        .await
    }

    /// Removes the second factor, given one of its codes or a recovery code.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a wrong code, counted like a wrong password; [`Error::NotFound`] where there is none,
    /// [`Error::Forbidden`] for an API key, [`Error::Backend`].
    pub async fn remove_totp(&self, principal: &Principal, code: &Secret, caller: &Caller) -> Result<()> {
        self.own_session(principal, "to remove the second factor")?;
        let now = self.now();
        let user = self.own_user(principal).await?;
        if self.store().totp(&user.id).await?.is_none_or(|record| record.confirmed_at.is_none()) {
            return Err(Error::NotFound { what: "second factor", id: user.username });
        }
        let event = self.event_by(principal, AuditAction::TotpRemove, "user", caller).on(user.id.as_str());
        let refusal = match self.count_try(&user.email, caller, now).await? {
            None => Some(Refusal::Locked),
            Some(counted) if self.second_factor_holds(&user, Some(code), caller, now).await? => {
                self.forgive(&counted, now).await?;
                None
            }
            Some(_) => Some(Refusal::SecondFactor),
        };
        if let Some(refusal) = refusal {
            self.record(event.failed(refusal.as_str())).await?;
            return Err(Error::refused(refusal));
        }
        self.to_the_end(async move |service| {
            service.store().remove_totp(&user.id).await?;
            service.record(event).await.map(drop)
        })
        .await
    }

    /// Whether a user without second factor gave no code, or one with it gave a good one, which is used up by that.
    pub(super) async fn second_factor_holds(
        &self,
        user: &User,
        code: Option<&Secret>,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<bool> {
        let record = self.store().totp(&user.id).await?.filter(|record| record.confirmed_at.is_some());
        let Some(record) = record else { return Ok(true) };
        let Some(code) = code else { return Ok(false) };
        if let Some(step) = self.totp_secret(&user.id, &record)?.matching_step(code.expose(), now) {
            return self.store().use_totp_step(&user.id, step).await;
        }
        let Some(hash) = RecoveryCodes::hash(code.expose()) else { return Ok(false) };
        let used = self.store().use_recovery_code(&user.id, &hash, now).await?;
        if used {
            let left = self.store().recovery_codes_left(&user.id).await?;
            let event = self.event(AuditAction::RecoveryCode, "user", caller).by_user(user).on(user.id.as_str());
            self.record(event.with("left", left)).await?;
        }
        Ok(used)
    }

    fn totp_secret(&self, user: &UserId, record: &TotpRecord) -> Result<TotpSecret> {
        let secret = self.inner.master.open(Purpose::Totp, user.as_str(), &record.sealed_secret)?;
        TotpSecret::from_bytes(&secret)
    }
}
