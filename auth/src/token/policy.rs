//! How long tokens live, and between whom.

use std::time::Duration;

use crate::error::{Error, Result};
use crate::token::kind::TokenKind;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long tokens live, and between whom. Checked by whoever takes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenPolicy {
    /// Who issues: the `iss` of every token, 1 to 256 bytes.
    pub issuer: String,
    /// Who they are for: the `aud` of every token, 1 to 256 bytes.
    pub audience: String,
    /// How long an access token lives: 1 s to 7 d. Lifetimes are whole seconds.
    pub access_lifetime: Duration,
    /// How long a refresh token lives: 1 s to 90 d, and no longer than a session.
    pub refresh_lifetime: Duration,
    /// How long a session lives, however often it is refreshed: up to 365 d.
    pub session_lifetime: Duration,
    /// How far the clocks of two machines may be apart: up to 300 s.
    pub leeway: Duration,
}

impl TokenPolicy {
    /// Access 24 h, refresh 7 d, session 30 d, leeway 30 s.
    #[must_use]
    pub fn new(issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            audience: audience.into(),
            access_lifetime: DAY,
            refresh_lifetime: 7 * DAY,
            session_lifetime: 30 * DAY,
            leeway: Duration::from_secs(30),
        }
    }

    /// As [`TokenPolicy::new`], but access 15 min.
    #[must_use]
    pub fn strict(issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        Self { access_lifetime: 15 * MINUTE, ..Self::new(issuer, audience) }
    }

    /// How long a token of this kind may live.
    pub(crate) const fn lifetime(&self, kind: TokenKind) -> Duration {
        match kind {
            TokenKind::Access => self.access_lifetime,
            TokenKind::Refresh => self.refresh_lifetime,
        }
    }

    /// Checks the bounds that its members name.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the member.
    pub fn check(&self) -> Result<()> {
        for (what, text) in [("token issuer", &self.issuer), ("token audience", &self.audience)] {
            if !(1..=256).contains(&text.len()) {
                return Err(Error::invalid(what, "1 to 256 bytes", format!("{} bytes", text.len())));
            }
        }
        let second = Duration::from_secs(1);
        check_lifetime("lifetime of access tokens", self.access_lifetime, second, 7 * DAY)?;
        check_lifetime("lifetime of refresh tokens", self.refresh_lifetime, second, 90 * DAY)?;
        check_lifetime("lifetime of sessions", self.session_lifetime, self.refresh_lifetime, 365 * DAY)?;
        check_range("leeway of tokens", self.leeway, Duration::ZERO, 5 * MINUTE)
    }
}

/// Claims are whole seconds: a lifetime that is not would be exceeded by its own tokens, depending on when they are issued.
fn check_lifetime(what: &str, value: Duration, least: Duration, most: Duration) -> Result<()> {
    if value.subsec_nanos() > 0 {
        return Err(Error::invalid(what, "whole seconds", format!("{} s", value.as_secs_f64())));
    }
    check_range(what, value, least, most)
}

fn check_range(what: &str, value: Duration, least: Duration, most: Duration) -> Result<()> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(Error::invalid(what, format!("{} s to {} s", least.as_secs(), most.as_secs()), format!("{} s", value.as_secs_f64())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_within_their_bounds() {
        let policy = TokenPolicy::new("https://a.example", "dharmagraph");
        policy.check().unwrap();
        assert_eq!((policy.access_lifetime, policy.refresh_lifetime, policy.leeway.as_secs()), (DAY, 7 * DAY, 30));
        let strict = TokenPolicy::strict("https://a.example", "dharmagraph");
        strict.check().unwrap();
        assert_eq!(strict.access_lifetime, 15 * MINUTE);
    }

    #[test]
    fn what_would_weaken_tokens_is_refused() {
        let good = TokenPolicy::new("i", "a");
        let bad = [
            TokenPolicy { issuer: String::new(), ..good.clone() },
            TokenPolicy { audience: "a".repeat(257), ..good.clone() },
            TokenPolicy { access_lifetime: Duration::ZERO, ..good.clone() },
            TokenPolicy { access_lifetime: Duration::from_millis(1_500), ..good.clone() },
            TokenPolicy { access_lifetime: 8 * DAY, ..good.clone() },
            TokenPolicy { refresh_lifetime: 91 * DAY, session_lifetime: 100 * DAY, ..good.clone() },
            TokenPolicy { session_lifetime: DAY, ..good.clone() },
            TokenPolicy { session_lifetime: 366 * DAY, ..good.clone() },
            TokenPolicy { leeway: Duration::from_secs(301), ..good.clone() },
        ];
        for policy in bad {
            assert!(policy.check().is_err(), "{policy:?}");
        }
    }
}
