//! What an installation decides.

use std::time::Duration;

use crate::error::{Error, Result};
use crate::id::Tenant;
use crate::jose::Algorithm;
use crate::password::{HashPolicy, HashingLimits, PasswordPolicy};
use crate::store::Limit;
use crate::token::TokenPolicy;

/// What an installation decides. [`AuthSettings::new`] has the defaults.
#[derive(Debug, Clone)]
pub struct AuthSettings {
    /// Who issues tokens, for whom, and how long they live.
    pub tokens: TokenPolicy,
    /// What new signing keys are for. Default: EdDSA, whose signatures are small and made 50 times as fast as RSA's.
    pub algorithm: Algorithm,
    /// After how long another key signs; at least an hour. Default: 30 days.
    pub key_lifetime: Duration,
    /// How long after its use a refresh token is answered with the same successor, for clients whose answer was lost; at
    /// most 60 s. Default: 5 s.
    pub grace: Duration,
    /// How passwords are hashed.
    pub hashing: HashPolicy,
    /// How much is hashed at once.
    pub hashing_limits: HashingLimits,
    /// Which passwords may be set.
    pub passwords: PasswordPolicy,
    /// How many tries there are.
    pub limits: TryLimits,
    /// How many sessions of a user go on at most; where a sign-in makes one more, the oldest ends. Default: 100, more than
    /// anybody has programs for, and few enough to list.
    pub session_limit: u32,
    /// Failed sign-ins are answered at the next multiple of this after they came, so that the time tells nothing of the
    /// reason. Default: 250 ms.
    pub answer_grid: Duration,
    /// Whether anybody may sign up.
    pub signup: bool,
    /// The tenant of those who sign up, and of the first administrator.
    pub tenant: Tenant,
}

/// How many tries there are before nobody is asked any more. Each is counted before a password is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TryLimits {
    /// Wrong passwords for one account from one network address. Default: 5 in 15 minutes.
    pub account_and_address: Limit,
    /// Wrong passwords for one account from everywhere. More than the one above, so that a stranger cannot lock the user out
    /// from a single address. Default: 50 in 15 minutes.
    pub account: Limit,
    /// Sign-ins from one network address, whatever becomes of them. Default: 60 in a minute.
    pub address: Limit,
    /// Sign-ups from one network address. Default: 10 in an hour.
    pub signup: Limit,
}

impl Default for TryLimits {
    fn default() -> Self {
        let limit = |count, minutes: u64| Limit { count, window: Duration::from_secs(60 * minutes) };
        Self { account_and_address: limit(5, 15), account: limit(50, 15), address: limit(60, 1), signup: limit(10, 60) }
    }
}

impl AuthSettings {
    /// The defaults, for this issuer and audience.
    #[must_use]
    pub fn new(issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        Self {
            tokens: TokenPolicy::new(issuer, audience),
            algorithm: Algorithm::EdDSA,
            key_lifetime: Duration::from_secs(30 * 24 * 60 * 60),
            grace: Duration::from_secs(5),
            hashing: HashPolicy::default(),
            hashing_limits: HashingLimits::default(),
            passwords: PasswordPolicy::default(),
            limits: TryLimits::default(),
            session_limit: 100,
            answer_grid: Duration::from_millis(250),
            signup: false,
            tenant: Tenant::default(),
        }
    }

    /// Checks what the parts do not check themselves.
    pub(super) fn check(&self) -> Result<()> {
        let refuse = |what: &str, expected: &str, found: String| Err(Error::invalid(what, expected, found));
        let seconds = |duration: Duration| format!("{} s", duration.as_secs());
        if self.grace > Duration::from_secs(60) {
            return refuse("grace", "at most 60 s", seconds(self.grace));
        }
        if self.key_lifetime < Duration::from_secs(60 * 60) {
            return refuse("key_lifetime", "at least an hour", seconds(self.key_lifetime));
        }
        if self.answer_grid > Duration::from_secs(10) {
            return refuse("answer_grid", "at most 10 s", seconds(self.answer_grid));
        }
        if self.session_limit == 0 {
            return refuse("session_limit", "at least 1", "0".to_owned());
        }
        let TryLimits { account_and_address, account, address, signup } = self.limits;
        for (what, limit) in
            [("account_and_address", account_and_address), ("account", account), ("address", address), ("signup", signup)]
        {
            if limit.count == 0 || limit.window.is_zero() {
                return refuse(&format!("limits.{what}"), "a count and a window above 0", format!("{limit:?}"));
            }
        }
        Ok(())
    }
}
