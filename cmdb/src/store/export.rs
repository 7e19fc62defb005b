//! Taking everything out of a store.

use serde::{Deserialize, Serialize};

use crate::model::{ChangeKind, Relationship, Resource, ResourceId, ResourceType, Scope, TaskId, Timestamp};
use crate::sync::Task;

/// The version of the format in which records are written and read.
pub(crate) const FORMAT: u32 = 1;

/// A scope and when it was last listed to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeState {
    /// Which scope.
    pub scope: Scope,
    /// When its last complete listing was stored; nothing where none was yet.
    pub completed_at: Option<Timestamp>,
    /// How many resources it owns.
    pub resources: u64,
}

/// How much an export holds, and an import put into a store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Scopes.
    pub scopes: u64,
    /// Resources that are there, each once.
    pub resources: u64,
    /// Relationships, each once for every scope that owns it.
    pub relationships: u64,
    /// Changes of history.
    pub changes: u64,
    /// Discoveries.
    pub tasks: u64,
}

/// One line of an export.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExportRecord {
    /// Always the first.
    Header {
        /// Version of this format: 1.
        format: u32,
        /// When the export was taken.
        exported_at: Timestamp,
        /// Since when history is complete; nothing where nothing was ever pruned.
        history_since: Option<Timestamp>,
    },
    /// A scope.
    Scope(ScopeState),
    /// What a scope says of a resource; a resource with several owners comes once for each, the shown one first.
    /// Without `last_discovered`: that is the `completed_at` of the scope's record.
    Resource {
        /// The owner.
        scope: Scope,
        /// What it says.
        resource: Box<Resource>,
    },
    /// A relationship that a scope owns; an end may be unknown.
    Relationship {
        /// The owner.
        scope: Scope,
        /// The relationship.
        #[serde(flatten)]
        relationship: Relationship,
    },
    /// A change of a resource.
    ResourceChange {
        /// When.
        at: Timestamp,
        /// By which discovery.
        task_id: TaskId,
        /// What happened.
        kind: ChangeKind,
        /// To which resource.
        id: ResourceId,
        /// What the resource is after the change; what it was where it was removed.
        resource_type: ResourceType,
        /// The resource before the change; nothing where it was created.
        before: Option<Box<Resource>>,
    },
    /// A change of what a scope says of a relationship.
    RelationshipChange {
        /// When.
        at: Timestamp,
        /// By which discovery.
        task_id: TaskId,
        /// Created or removed.
        kind: ChangeKind,
        /// The owner.
        scope: Scope,
        /// The relationship.
        #[serde(flatten)]
        relationship: Relationship,
    },
    /// A discovery, from a store that keeps them.
    Task(Box<Task>),
    /// Always the last, so that a part is never taken for the whole: how much came before it.
    End(ImportReport),
}

/// Counts records as they pass.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: ImportReport,
    last_resource: Option<ResourceId>,
}

impl Tally {
    /// Counts one more record; the owners of one resource come one after the other.
    pub(crate) fn count(&mut self, record: &ExportRecord) {
        match record {
            ExportRecord::Header { .. } | ExportRecord::End(_) => {}
            ExportRecord::Scope(_) => self.counts.scopes += 1,
            ExportRecord::Resource { resource, .. } => {
                if self.last_resource.as_ref() != Some(&resource.id) {
                    self.counts.resources += 1;
                    self.last_resource = Some(resource.id.clone());
                }
            }
            ExportRecord::Relationship { .. } => self.counts.relationships += 1,
            ExportRecord::ResourceChange { .. } | ExportRecord::RelationshipChange { .. } => self.counts.changes += 1,
            ExportRecord::Task(_) => self.counts.tasks += 1,
        }
    }

    /// What was counted.
    pub(crate) const fn counts(&self) -> ImportReport {
        self.counts
    }
}
