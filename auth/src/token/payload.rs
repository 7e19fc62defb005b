//! Claims as they come in a token.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Map;

use crate::id::{SessionId, Tenant, TokenId, UserId};
use crate::jose::{Strict, Text, once};
use crate::token::claims::{Claims, MAXIMUM_NAME};
use crate::token::numeric_date::NumericDate;

/// Claims, with whom they are between.
pub(crate) struct Payload<'a> {
    pub(crate) issuer: Cow<'a, str>,
    pub(crate) audience: Audience<'a>,
    pub(crate) claims: Claims,
}

/// For whom a token is: one, or several (RFC 7519 section 4.1.3).
pub(crate) enum Audience<'a> {
    One(Cow<'a, str>),
    Several(Vec<Text<'a>>),
}

impl Audience<'_> {
    pub(crate) fn contains(&self, audience: &str) -> bool {
        match self {
            Self::One(one) => one == audience,
            Self::Several(several) => several.iter().any(|one| one.0 == audience),
        }
    }
}

impl<'a> Payload<'a> {
    /// Reads one JSON object that has every claim; `None` where it is refused.
    pub(crate) fn parse(json: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }
}

impl<'de> Deserialize<'de> for Payload<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PayloadVisitor)
    }
}

struct PayloadVisitor;

impl<'de> Visitor<'de> for PayloadVisitor {
    type Value = Payload<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("claims")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Payload<'de>, A::Error> {
        let (mut iss, mut aud, mut sub, mut tenant, mut sid, mut jti) = (None, None, None, None, None, None);
        let (mut iat, mut exp, mut nbf) = (None, None, None);
        let mut extra = Map::new();
        while let Some(Text(name)) = members.next_key()? {
            match &*name {
                "iss" => once(&mut iss, members.next_value::<Text<'de>>()?.0, "iss")?,
                "aud" => once(&mut aud, members.next_value()?, "aud")?,
                "sub" => once(&mut sub, UserId::new(given(members.next_value()?)?), "sub")?,
                "tenant" => once(&mut tenant, Tenant::new(given(members.next_value()?)?), "tenant")?,
                "sid" => once(&mut sid, SessionId::new(given(members.next_value()?)?), "sid")?,
                "jti" => once(&mut jti, TokenId::new(given(members.next_value()?)?), "jti")?,
                "iat" => once(&mut iat, members.next_value::<NumericDate>()?.0, "iat")?,
                "exp" => once(&mut exp, members.next_value::<NumericDate>()?.0, "exp")?,
                "nbf" => once(&mut nbf, members.next_value::<NumericDate>()?.0, "nbf")?,
                _ => {
                    let value = members.next_value_seed(Strict::MEMBER)?;
                    if extra.insert(name.into_owned(), value).is_some() {
                        return Err(A::Error::custom("a claim twice"));
                    }
                }
            }
        }
        let missing = A::Error::missing_field;
        Ok(Payload {
            issuer: iss.ok_or_else(|| missing("iss"))?,
            audience: aud.ok_or_else(|| missing("aud"))?,
            claims: Claims {
                subject: sub.ok_or_else(|| missing("sub"))?,
                tenant: tenant.ok_or_else(|| missing("tenant"))?,
                session: sid.ok_or_else(|| missing("sid"))?,
                id: jti.ok_or_else(|| missing("jti"))?,
                issued_at: iat.ok_or_else(|| missing("iat"))?,
                expires_at: exp.ok_or_else(|| missing("exp"))?,
                not_before: nbf,
                extra,
            },
        })
    }
}

fn given<E: Error>(Text(name): Text<'_>) -> Result<Cow<'_, str>, E> {
    if (1..=MAXIMUM_NAME).contains(&name.len()) { Ok(name) } else { Err(E::custom("an empty or very long name")) }
}

impl<'de> Deserialize<'de> for Audience<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AudienceVisitor)
    }
}

struct AudienceVisitor;

impl<'de> Visitor<'de> for AudienceVisitor {
    type Value = Audience<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an audience, or several")
    }

    fn visit_borrowed_str<E: Error>(self, audience: &'de str) -> Result<Audience<'de>, E> {
        Ok(Audience::One(Cow::Borrowed(audience)))
    }

    fn visit_str<E: Error>(self, audience: &str) -> Result<Audience<'de>, E> {
        Ok(Audience::One(Cow::Owned(audience.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Audience<'de>, A::Error> {
        let mut several = Vec::new();
        while let Some(audience) = elements.next_element()? {
            several.push(audience);
        }
        Ok(Audience::Several(several))
    }
}
