//! The header of a signature.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use crate::jose::algorithm::Algorithm;
use crate::jose::json::{Strict, Text, once};

/// What a header may say that counts. Everything else that it may say is not looked at, but for the members of [`REFUSED`].
#[derive(Debug)]
pub(crate) struct Header<'a> {
    pub(crate) algorithm: Algorithm,
    /// Only ever compared with the names of known keys.
    pub(crate) kid: Option<Cow<'a, str>>,
    pub(crate) typ: Option<Cow<'a, str>>,
}

/// Members that would have to be obeyed: extensions that must be understood (`crit`, `b64`), keys that the sender brings along
/// (`jwk`, `jku`, `x5u`, `x5c`), compression (`zip`) and encryption (`enc`).
const REFUSED: [&str; 8] = ["b64", "crit", "enc", "jku", "jwk", "x5c", "x5u", "zip"];

/// The most members that are not looked at. They are compared with each other before any signature is, which must cost nobody much.
const MAXIMUM_OTHERS: usize = 16;

impl<'a> Header<'a> {
    /// Reads one JSON object; `None` where it is refused.
    pub(crate) fn parse(json: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }
}

impl<'de> Deserialize<'de> for Header<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(HeaderVisitor)
    }
}

struct HeaderVisitor;

impl<'de> Visitor<'de> for HeaderVisitor {
    type Value = Header<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a header")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Header<'de>, A::Error> {
        let (mut algorithm, mut kid, mut typ) = (None, None, None);
        let mut others: Vec<Cow<'de, str>> = Vec::new();
        while let Some(Text(name)) = members.next_key()? {
            match &*name {
                "alg" => {
                    let Text(name) = members.next_value()?;
                    let known = Algorithm::from_header_name(&name).ok_or_else(|| A::Error::custom("unknown alg"))?;
                    once(&mut algorithm, known, "alg")?;
                }
                "kid" => once(&mut kid, members.next_value::<Text<'de>>()?.0, "kid")?,
                "typ" => once(&mut typ, members.next_value::<Text<'de>>()?.0, "typ")?,
                refused if REFUSED.contains(&refused) => return Err(A::Error::custom("a member that must be obeyed")),
                _ => {
                    members.next_value_seed(Strict::MEMBER)?;
                    if others.len() == MAXIMUM_OTHERS || others.contains(&name) {
                        return Err(A::Error::custom("a member twice, or too many"));
                    }
                    others.push(name);
                }
            }
        }
        let algorithm = algorithm.ok_or_else(|| A::Error::missing_field("alg"))?;
        Ok(Header { algorithm, kid, typ })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_is_read_and_the_rest_ignored() {
        let header = Header::parse(br#" {"x":{"y":[1]},"typ":"JWT","kid":"a","alg":"Ed25519"} "#).unwrap();
        assert_eq!((header.algorithm, header.kid.as_deref(), header.typ.as_deref()), (Algorithm::EdDSA, Some("a"), Some("JWT")));
    }

    #[test]
    fn what_is_not_looked_at_is_bounded() {
        let with = |others: usize| {
            let others: String = (0..others).map(|i| format!(r#","x{i}":1"#)).collect();
            Header::parse(format!(r#"{{"alg":"HS256"{others}}}"#).as_bytes()).is_some()
        };
        assert!(with(MAXIMUM_OTHERS));
        assert!(!with(MAXIMUM_OTHERS + 1));
    }

    #[test]
    fn what_would_have_to_be_obeyed_is_refused() {
        for name in REFUSED {
            for value in ["null", "[]", "{}", "\"\"", "false"] {
                assert!(Header::parse(format!(r#"{{"alg":"HS256","{name}":{value}}}"#).as_bytes()).is_none(), "{name}");
            }
        }
    }

    #[test]
    fn what_has_two_readings_is_refused() {
        for json in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"alg":null}"#,
            r#"{"alg":["HS256"]}"#,
            r#"{"alg":"HS256","alg":"HS256"}"#,
            r#"{"alg":"HS256","kid":1}"#,
            r#"{"alg":"HS256","kid":null}"#,
            r#"{"alg":"HS256","kid":"a","kid":"a"}"#,
            r#"{"alg":"HS256","x":1,"x":1}"#,
            r#"{"alg":"HS256","x":{"y":1,"y":2}}"#,
            r#"{"alg":"HS256"} {"alg":"HS256"}"#,
            r#"{"ALG":"HS256"}"#,
        ] {
            assert!(Header::parse(json.as_bytes()).is_none(), "{json}");
        }
    }
}
