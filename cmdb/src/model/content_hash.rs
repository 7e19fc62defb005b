//! Telling whether a resource changed.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::Resource;

/// The first 128 bits of BLAKE3 over a canonical encoding of a resource's facts; text is 32 hexadecimal digits.
///
/// Tags and names are written by many hands, so the hash is a cryptographic one: nobody can make a change that it
/// does not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentHash([u8; 16]);

impl ContentHash {
    /// From its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    pub(super) fn of(resource: &Resource) -> Self {
        let mut bytes = Vec::with_capacity(1024);
        text(&mut bytes, resource.id.as_str());
        optional(&mut bytes, resource.name.as_deref());
        text(&mut bytes, resource.provider.as_str());
        text(&mut bytes, resource.resource_type.as_str());
        text(&mut bytes, &resource.native_type);
        optional(&mut bytes, resource.status.as_ref().map(super::Status::as_str));
        text(&mut bytes, &resource.account);
        text(&mut bytes, &resource.region);
        optional(&mut bytes, resource.availability_zone.as_deref());
        length(&mut bytes, resource.tags.len());
        for (key, tag) in &resource.tags {
            text(&mut bytes, key);
            text(&mut bytes, tag);
        }
        length(&mut bytes, resource.metadata.len());
        for (key, fact) in &resource.metadata {
            text(&mut bytes, key);
            value(&mut bytes, fact);
        }
        let mut hash = [0; 16];
        hash.copy_from_slice(&blake3::hash(&bytes).as_bytes()[..16]);
        Self(hash)
    }
}

fn length(bytes: &mut Vec<u8>, length: usize) {
    bytes.extend_from_slice(&(length as u64).to_le_bytes());
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    length(bytes, text.len());
    bytes.extend_from_slice(text.as_bytes());
}

fn optional(bytes: &mut Vec<u8>, optional: Option<&str>) {
    match optional {
        None => bytes.push(0),
        Some(some) => {
            bytes.push(1);
            text(bytes, some);
        }
    }
}

fn value(bytes: &mut Vec<u8>, fact: &Value) {
    match fact {
        Value::Null => bytes.push(b'n'),
        Value::Bool(bool) => bytes.extend([b'b', u8::from(*bool)]),
        Value::Number(number) => {
            bytes.push(b'd');
            text(bytes, &number.to_string());
        }
        Value::String(string) => {
            bytes.push(b's');
            text(bytes, string);
        }
        Value::Array(items) => {
            bytes.push(b'a');
            length(bytes, items.len());
            items.iter().for_each(|item| value(bytes, item));
        }
        Value::Object(members) => {
            bytes.push(b'o');
            length(bytes, members.len());
            for (key, member) in members {
                text(bytes, key);
                value(bytes, member);
            }
        }
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Serialize for ContentHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{:032x}", u128::from_be_bytes(self.0)))
    }
}

impl<'de> Deserialize<'de> for ContentHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        u128::from_str_radix(&text, 16).map(|bits| Self(bits.to_be_bytes())).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Provider, ResourceType, Timestamp};

    fn machine() -> Resource {
        let mut machine = Resource::new("i-1", Provider::AWS, ResourceType::COMPUTE, "AWS::EC2::Instance", "1", "eu-west-1");
        machine.tags.insert("a".into(), "bc".into());
        machine.metadata.insert("ports".into(), json!([1, "2", null]));
        machine
    }

    #[test]
    fn every_fact_counts_and_what_the_store_adds_does_not() {
        let hash = machine().hash();
        let mut seen = machine();
        seen.last_discovered = Some(Timestamp::now());
        seen.content_hash = Some(hash);
        assert_eq!(seen.hash(), hash);
        let changes: [fn(&mut Resource); 5] = [
            |r| r.name = Some(String::new()),
            |r| r.status = Some(crate::model::Status::RUNNING),
            |r| r.tags = [("ab".into(), "c".into())].into(),
            |r| drop(r.metadata.insert("ports".into(), json!([1, 2, null]))),
            |r| drop(r.metadata.insert("more".into(), json!(null))),
        ];
        for change in changes {
            let mut changed = machine();
            change(&mut changed);
            assert_ne!(changed.hash(), hash);
        }
    }

    #[test]
    fn text_reads_back() {
        let hash = machine().hash();
        assert_eq!(serde_json::to_value(hash).unwrap(), json!(hash.to_string()));
        assert_eq!(serde_json::from_value::<ContentHash>(json!(hash.to_string())).unwrap(), hash);
    }
}
