//! What changed, and when.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Resource, ResourceId, ResourceType, Timestamp};

/// The name of one discovery, for instance `aws-discovery-20250118-123045`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskId(String);

impl TaskId {
    /// From its text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What happened to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// It was seen for the first time, or again after it was gone.
    Created,
    /// One of its facts is another.
    Updated,
    /// A complete listing no longer held it.
    Removed,
}

/// A resource as one change left it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// When.
    pub at: Timestamp,
    /// By which discovery.
    pub task_id: TaskId,
    /// What happened.
    pub kind: ChangeKind,
    /// The resource after the change; the last that was known of it where it was removed.
    pub resource: Resource,
}

/// A part of a resource's versions, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VersionPage {
    /// Which resource.
    pub resource_id: ResourceId,
    /// Newest first.
    pub versions: Vec<Version>,
    /// Cursor of the next page; nothing on the last one.
    pub next_cursor: Option<String>,
}

/// Which changes to list; all conditions hold together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    /// At this time or later.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
    /// By this discovery.
    pub task_id: Option<TaskId>,
    /// Of resources of this type.
    pub resource_type: Option<ResourceType>,
}

/// One change of one resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// By which discovery.
    pub task_id: TaskId,
    /// What happened.
    pub kind: ChangeKind,
    /// To which resource.
    pub id: ResourceId,
    /// What that resource is.
    pub resource_type: ResourceType,
    /// For an update, each field that changed with its value before and after; `tags.KEY` and `metadata.KEY` for single
    /// tags and facts, null where there was or is none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, [Value; 2]>,
}

impl Change {
    /// The fields in which two states of a resource differ.
    #[must_use]
    pub fn fields_between(before: &Resource, after: &Resource) -> BTreeMap<String, [Value; 2]> {
        let mut fields = BTreeMap::new();
        let mut compare = |name: &str, before: Option<Value>, after: Option<Value>| {
            if before != after {
                fields.insert(name.to_owned(), [before.unwrap_or(Value::Null), after.unwrap_or(Value::Null)]);
            }
        };
        let text = |text: &str| Some(Value::from(text));
        compare("name", before.name.as_deref().and_then(text), after.name.as_deref().and_then(text));
        compare("provider", text(before.provider.as_str()), text(after.provider.as_str()));
        compare("resource_type", text(before.resource_type.as_str()), text(after.resource_type.as_str()));
        compare("native_type", text(&before.native_type), text(&after.native_type));
        let status = |r: &Resource| r.status.as_ref().map(|s| Value::from(s.as_str()));
        compare("status", status(before), status(after));
        compare("account", text(&before.account), text(&after.account));
        compare("region", text(&before.region), text(&after.region));
        let zone = |r: &Resource| r.availability_zone.as_deref().map(Value::from);
        compare("availability_zone", zone(before), zone(after));
        let tag = |r: &Resource, key: &str| r.tags.get(key).map(|t| Value::from(t.as_str()));
        for key in before.tags.keys().chain(after.tags.keys()) {
            compare(&format!("tags.{key}"), tag(before, key), tag(after, key));
        }
        for key in before.metadata.keys().chain(after.metadata.keys()) {
            compare(&format!("metadata.{key}"), before.metadata.get(key).cloned(), after.metadata.get(key).cloned());
        }
        fields
    }
}

/// A part of the changes, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ChangePage {
    /// Oldest first.
    pub changes: Vec<Change>,
    /// Cursor of the next page; nothing on the last one.
    pub next_cursor: Option<String>,
}
