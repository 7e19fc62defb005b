//! One discovered thing.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ContentHash, Provider, ResourceType, Status, Timestamp};

/// A resource's identity: the provider's own globally unique id, such as `i-0123456789abcdef0`, else the ARN.
///
/// Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceId(Arc<str>);

impl ResourceId {
    /// From its text.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its text, to keep.
    #[cfg(feature = "embedded")]
    pub(crate) fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for ResourceId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Serialize for ResourceId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ResourceId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// One discovered thing, in the JSON shape of the REST API.
///
/// A [`Discoverer`](crate::Discoverer) leaves `first_discovered`, `last_discovered` and `content_hash` empty;
/// every [`GraphStore`](crate::GraphStore) fills them in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    /// Identity.
    pub id: ResourceId,
    /// The non-empty `Name` tag, else the native name, else nothing.
    pub name: Option<String>,
    /// Where it lives.
    pub provider: Provider,
    /// What it is, in the same words for every provider.
    pub resource_type: ResourceType,
    /// What the provider calls its type, for instance `AWS::EC2::Instance`.
    pub native_type: String,
    /// State; nothing where the provider has none for this type.
    pub status: Option<Status>,
    /// Account, project or subscription.
    pub account: String,
    /// Region; `global` for global services.
    pub region: String,
    /// Zone inside the region.
    pub availability_zone: Option<String>,
    /// The provider's tags, as they are.
    pub tags: BTreeMap<String, String>,
    /// The provider's facts under stable snake_case names; `arn` where there is one.
    pub metadata: Map<String, Value>,
    /// When a store first held it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_discovered: Option<Timestamp>,
    /// When a scope that reports it was last listed to the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_discovered: Option<Timestamp>,
    /// [`Resource::hash`] of what the store holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_hash: Option<ContentHash>,
}

impl Resource {
    /// A resource with nothing but what every resource has.
    pub fn new(
        id: impl Into<Arc<str>>,
        provider: Provider,
        resource_type: ResourceType,
        native_type: impl Into<String>,
        account: impl Into<String>,
        region: impl Into<String>,
    ) -> Self {
        Self {
            id: ResourceId::new(id),
            name: None,
            provider,
            resource_type,
            native_type: native_type.into(),
            status: None,
            account: account.into(),
            region: region.into(),
            availability_zone: None,
            tags: BTreeMap::new(),
            metadata: Map::new(),
            first_discovered: None,
            last_discovered: None,
            content_hash: None,
        }
    }

    /// A hash of every fact of this resource; the three fields that stores fill in do not count.
    #[must_use]
    pub fn hash(&self) -> ContentHash {
        ContentHash::of(self)
    }

    /// The resource's ARN: `metadata.arn`, else its id where that is one.
    #[must_use]
    pub fn arn(&self) -> Option<&str> {
        match self.metadata.get("arn").and_then(Value::as_str) {
            Some(arn) => Some(arn),
            None => self.id.as_str().starts_with("arn:").then(|| self.id.as_str()),
        }
    }
}

/// The least that names a resource to a person, as it stands in graphs and relationships.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceSummary {
    /// Identity.
    pub id: ResourceId,
    /// What it is.
    #[serde(rename = "type")]
    pub resource_type: ResourceType,
    /// Name for people.
    pub name: Option<String>,
}
