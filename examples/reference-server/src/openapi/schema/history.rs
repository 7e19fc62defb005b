//! What changed.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::Resource;

/// A resource as one change left it.
#[derive(Debug, ToSchema)]
pub struct Version {
    /// When, RFC 3339.
    pub at: String,
    /// By which discovery.
    pub task_id: String,
    /// `created`, `updated` or `removed`.
    pub kind: String,
    /// The resource after the change; the last that was known of it where it was removed.
    pub resource: Resource,
}

/// A part of a resource's versions, newest first.
#[derive(Debug, ToSchema)]
pub struct VersionPage {
    /// Which resource.
    pub resource_id: String,
    /// Newest first.
    pub versions: Vec<Version>,
    /// Cursor of the next page; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// One change of one resource.
#[derive(Debug, ToSchema)]
pub struct Change {
    /// When, RFC 3339.
    pub at: String,
    /// By which discovery.
    pub task_id: String,
    /// `created`, `updated` or `removed`.
    pub kind: String,
    /// To which resource.
    pub id: String,
    /// What that resource is.
    pub resource_type: String,
    /// For an update: each changed field with its value before and after.
    #[schema(required = false)]
    pub fields: BTreeMap<String, Vec<Value>>,
}

/// A part of the changes, oldest first.
#[derive(Debug, ToSchema)]
pub struct ChangePage {
    /// Oldest first.
    pub changes: Vec<Change>,
    /// Cursor of the next page; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
}
