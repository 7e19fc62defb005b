//! Writing tokens.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};

use crate::error::{Error, Result};
use crate::jose::jws::MAXIMUM_LENGTH;
use crate::jose::{SigningKey, base64url};
use crate::secret::Secret;
use crate::token::claims::{Claims, MAXIMUM_NAME, REGISTERED};
use crate::token::key_set::KeySet;
use crate::token::kind::TokenKind;
use crate::token::payload::Payload;
use crate::token::policy::TokenPolicy;

/// Issues tokens that a [`Verifier`](crate::token::Verifier) of the same policy takes.
#[derive(Debug, Clone)]
pub struct Issuer {
    policy: TokenPolicy,
}

impl Issuer {
    /// Issues by a policy.
    ///
    /// # Errors
    /// [`Error::Invalid`] as [`TokenPolicy::check`].
    pub fn new(policy: &TokenPolicy) -> Result<Self> {
        policy.check()?;
        Ok(Self { policy: policy.clone() })
    }

    /// Signs the claims with the active key. The same claims make the same text under HMAC, RS and EdDSA keys: members are
    /// written in one order.
    ///
    /// # Errors
    /// [`Error::Invalid`] for claims that no verifier would take: empty or very long names, a lifetime that the policy does not
    /// allow, an extra claim that has a place of its own, more than 8 KiB in all.
    pub fn issue(&self, keys: &KeySet, kind: TokenKind, claims: &Claims) -> Result<Secret> {
        self.check(kind, claims)?;
        let key = keys.active();
        let payload = json(&Written { policy: &self.policy, claims })?;
        if Payload::parse(&payload).is_none() {
            return Err(Error::invalid("claims", "values that are nested less than 16 deep", "others"));
        }
        let mut token = header(key, kind)?;
        token.push('.');
        token.push_str(&base64url::encode(&payload));
        let signature = key.sign(token.as_bytes())?;
        token.push('.');
        token.push_str(&base64url::encode(&signature));
        if token.len() > MAXIMUM_LENGTH {
            return Err(Error::invalid(
                "claims",
                format!("a token of at most {MAXIMUM_LENGTH} bytes"),
                format!("{}", token.len()),
            ));
        }
        Ok(Secret::new(token))
    }

    fn check(&self, kind: TokenKind, claims: &Claims) -> Result<()> {
        let Claims { subject, tenant, session, id, .. } = claims;
        for (name, text) in
            [("sub", subject.as_str()), ("tenant", tenant.as_str()), ("sid", session.as_str()), ("jti", id.as_str())]
        {
            if !(1..=MAXIMUM_NAME).contains(&text.len()) {
                return Err(invalid(name, format!("1 to {MAXIMUM_NAME} bytes"), format!("{} bytes", text.len())));
            }
        }
        if let Some(name) = claims.extra.keys().find(|name| REGISTERED.contains(&name.as_str())) {
            return Err(invalid(name, "to be given in its own place", "it among the extra claims"));
        }
        if claims.issued_at.as_seconds() < 0 {
            return Err(invalid("iat", "a time after 1970", claims.issued_at.to_string()));
        }
        let lifetime = self.policy.lifetime(kind);
        let asked = Duration::from_secs(claims.expires_at.as_seconds().abs_diff(claims.issued_at.as_seconds()));
        if claims.expires_at <= claims.issued_at || asked.is_zero() || asked > lifetime {
            return Err(invalid("exp", format!("at most {} s after `iat`", lifetime.as_secs()), claims.expires_at.to_string()));
        }
        match claims.not_before {
            Some(begin) if begin >= claims.expires_at || begin.as_seconds() < 0 => {
                Err(invalid("nbf", "a time before `exp`", begin.to_string()))
            }
            _ => Ok(()),
        }
    }
}

fn invalid(name: &str, expected: impl Into<String>, found: impl Into<String>) -> Error {
    Error::invalid(format!("claim `{name}`"), expected, found)
}

fn header(key: &SigningKey, kind: TokenKind) -> Result<String> {
    #[derive(Serialize)]
    struct Written<'a> {
        alg: &'a str,
        typ: &'a str,
        kid: &'a str,
    }
    Ok(base64url::encode(&json(&Written { alg: key.algorithm().as_str(), typ: kind.typ(), kid: key.kid() })?))
}

fn json(value: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|error| Error::internal(format!("a token cannot be written: {error}")))
}

/// Claims in the order that they are written in.
struct Written<'a> {
    policy: &'a TokenPolicy,
    claims: &'a Claims,
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Claims { subject, tenant, session, id, issued_at, expires_at, not_before, extra } = self.claims;
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("iss", &self.policy.issuer)?;
        members.serialize_entry("aud", &self.policy.audience)?;
        members.serialize_entry("sub", subject)?;
        members.serialize_entry("tenant", tenant)?;
        members.serialize_entry("sid", session)?;
        members.serialize_entry("jti", id)?;
        members.serialize_entry("iat", &issued_at.as_seconds())?;
        if let Some(begin) = not_before {
            members.serialize_entry("nbf", &begin.as_seconds())?;
        }
        members.serialize_entry("exp", &expires_at.as_seconds())?;
        for (name, value) in extra.iter().collect::<BTreeMap<_, _>>() {
            members.serialize_entry(name, value)?;
        }
        members.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::id::{SessionId, Tenant, TokenId, UserId};
    use crate::jose::Algorithm;
    use crate::time::Timestamp;

    fn claims() -> Claims {
        Claims {
            subject: UserId::new("ada"),
            tenant: Tenant::default(),
            session: SessionId::new("s"),
            id: TokenId::new("t"),
            issued_at: Timestamp::from_seconds(1000),
            expires_at: Timestamp::from_seconds(1900),
            not_before: None,
            extra: [("role".to_owned(), json!("VIEWER")), ("a".to_owned(), json!(1))].into_iter().collect(),
        }
    }

    fn issue(claims: &Claims) -> Result<String> {
        let key = SigningKey::from_secret(Algorithm::HS256, "k", b"0123456789abcdef0123456789abcdef").unwrap();
        let issuer = Issuer::new(&TokenPolicy::strict("https://a.example", "b")).unwrap();
        let keys = KeySet::new(key, None, Vec::new()).unwrap();
        issuer.issue(&keys, TokenKind::Access, claims).map(|token| token.expose().to_owned())
    }

    fn nested(depth: usize) -> Value {
        (0..depth).fold(Value::Null, |within, _| json!([within]))
    }

    #[test]
    fn members_are_written_in_one_order() {
        let token = issue(&claims()).unwrap();
        let parts: Vec<_> = token.split('.').take(2).map(|part| base64url::decode(part).unwrap()).collect();
        assert_eq!(String::from_utf8_lossy(&parts[0]), r#"{"alg":"HS256","typ":"at+jwt","kid":"k"}"#);
        let expected = r#"{"iss":"https://a.example","aud":"b","sub":"ada","tenant":"default","sid":"s","jti":"t","iat":1000,"#;
        assert_eq!(String::from_utf8_lossy(&parts[1]), format!("{expected}\"exp\":1900,\"a\":1,\"role\":\"VIEWER\"}}"));
        assert_eq!(issue(&claims()).unwrap(), token);
    }

    #[test]
    fn what_no_verifier_would_take_is_not_issued() {
        let with = |name: &str, value: Value| Claims { extra: [(name.to_owned(), value)].into_iter().collect(), ..claims() };
        let bad = [
            Claims { subject: UserId::new(""), ..claims() },
            Claims { tenant: Tenant::new("x".repeat(257)), ..claims() },
            Claims { expires_at: Timestamp::from_seconds(1000), ..claims() },
            Claims { expires_at: Timestamp::from_seconds(1901), ..claims() },
            Claims { expires_at: Timestamp::from_seconds(900), ..claims() },
            Claims { expires_at: Timestamp::MAX, ..claims() },
            Claims { issued_at: Timestamp::from_seconds(-10), expires_at: Timestamp::from_seconds(10), ..claims() },
            Claims { not_before: Some(Timestamp::from_seconds(1900)), ..claims() },
            Claims { not_before: Some(Timestamp::MIN), ..claims() },
            with("iss", json!("https://evil.example")),
            with("exp", json!(1)),
            with("deep", nested(16)),
            with("long", json!("x".repeat(8192))),
        ];
        for claims in bad {
            assert_eq!(issue(&claims).map_err(|error| error.code()), Err("INVALID"), "{claims:?}");
        }
        issue(&with("deep", nested(15))).unwrap();
    }
}
