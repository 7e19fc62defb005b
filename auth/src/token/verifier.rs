//! Reading tokens.

use crate::error::{Error, Result};
use crate::jose::jws::{Compact, REFUSED, parsed};
use crate::time::Timestamp;
use crate::token::claims::Claims;
use crate::token::key_set::KeySet;
use crate::token::kind::TokenKind;
use crate::token::payload::Payload;
use crate::token::policy::TokenPolicy;

/// Verifies tokens. It asks nothing and nobody: whether the session still lives is for the caller to look up.
#[derive(Debug, Clone)]
pub struct Verifier {
    policy: TokenPolicy,
}

impl Verifier {
    /// Verifies by a policy.
    ///
    /// # Errors
    /// [`Error::Invalid`] as [`TokenPolicy::check`].
    pub fn new(policy: &TokenPolicy) -> Result<Self> {
        policy.check()?;
        Ok(Self { policy: policy.clone() })
    }

    /// What a good token says. The signature is checked before anything of the claims is read.
    ///
    /// # Errors
    /// [`Error::TokenExpired`] for a token that is right in all else and over; [`Error::Unauthenticated`] with
    /// [`Refusal::Token`](crate::Refusal::Token) for everything else.
    pub fn verify(&self, keys: &KeySet, token: &str, kind: TokenKind, now: Timestamp) -> Result<Claims> {
        let compact = Compact::split(token)?;
        let header = compact.header()?;
        let header = parsed(&header)?;
        if !header.typ.as_deref().is_some_and(|typ| kind.is_named(typ)) {
            return Err(REFUSED);
        }
        let key = keys.choose(header.kid.as_deref()).ok_or(REFUSED)?;
        let payload = compact.verify(&header, key)?;
        let payload = Payload::parse(&payload).ok_or(REFUSED)?;
        if payload.issuer != self.policy.issuer || !payload.audience.contains(&self.policy.audience) {
            return Err(REFUSED);
        }
        self.check_times(&payload.claims, kind, now)?;
        Ok(payload.claims)
    }

    fn check_times(&self, claims: &Claims, kind: TokenKind, now: Timestamp) -> Result<()> {
        let Claims { issued_at, expires_at, not_before, .. } = *claims;
        let latest = now.after(self.policy.leeway);
        let lives = issued_at < expires_at && expires_at <= issued_at.after(self.policy.lifetime(kind));
        if !lives || issued_at > latest || not_before.is_some_and(|begin| begin > latest || begin >= expires_at) {
            return Err(REFUSED);
        }
        if now >= expires_at.after(self.policy.leeway) {
            return Err(Error::TokenExpired);
        }
        Ok(())
    }
}
