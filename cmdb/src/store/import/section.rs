//! The order of an export.

use crate::store::ExportRecord;

/// Where in an export a record stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    #[default]
    Nothing,
    Header,
    Scopes,
    Resources,
    Relationships,
    Changes,
    Tasks,
    End,
}

impl Section {
    pub(super) const fn of(record: &ExportRecord) -> Self {
        match record {
            ExportRecord::Header { .. } => Self::Header,
            ExportRecord::Scope(_) => Self::Scopes,
            ExportRecord::Resource { .. } => Self::Resources,
            ExportRecord::Relationship { .. } => Self::Relationships,
            ExportRecord::ResourceChange { .. } | ExportRecord::RelationshipChange { .. } => Self::Changes,
            ExportRecord::Task(_) => Self::Tasks,
            ExportRecord::End(_) => Self::End,
        }
    }

    /// What to call its records.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Header => "a header",
            Self::Scopes => "a scope",
            Self::Resources => "a resource",
            Self::Relationships => "a relationship",
            Self::Changes => "a change",
            Self::Tasks => "a task",
            Self::End => "the end",
        }
    }
}
