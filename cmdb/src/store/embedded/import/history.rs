//! What was, row by row as it comes.

use redb::{Table, WriteTransaction};

use crate::error::Result;
use crate::model::{ChangeKind, Relationship, ResourceId, TaskId, Timestamp};
use crate::store::embedded::commit::{change_row, edge_changes_row, put_edge_change};
use crate::store::embedded::file::{CHANGES, EDGE_CHANGES, VERSIONS, failed};
use crate::store::embedded::history::EdgeChange;
use crate::store::embedded::record::Record;
use crate::store::embedded::strings::Symbol;

/// The tables of history.
pub(super) struct History<'a> {
    changes: Table<'a, (i64, &'static str), &'static [u8]>,
    versions: Table<'a, (&'static str, i64), ()>,
    edge_changes: Table<'a, i64, &'static [u8]>,
    /// The relationships that changed at the last time: they make one row.
    row: Option<(Timestamp, Vec<u8>)>,
}

impl<'a> History<'a> {
    pub(super) fn new(writing: &'a WriteTransaction) -> Result<Self> {
        Ok(Self {
            changes: writing.open_table(CHANGES).map_err(failed("import"))?,
            versions: writing.open_table(VERSIONS).map_err(failed("import"))?,
            edge_changes: writing.open_table(EDGE_CHANGES).map_err(failed("import"))?,
            row: None,
        })
    }

    pub(super) fn resource_change(
        &mut self,
        at: Timestamp,
        id: &ResourceId,
        task: &TaskId,
        kind: ChangeKind,
        resource_type: Symbol,
        before: Option<(Timestamp, Record)>,
    ) -> Result<()> {
        let row = change_row(kind, resource_type, task, before.as_ref().map(|(first, record)| (*first, record)));
        let (id, at) = (id.as_str(), at.as_micros());
        self.changes.insert((at, id), row.as_slice()).map_err(failed("import"))?;
        self.versions.insert((id, at), ()).map_err(failed("import"))?;
        Ok(())
    }

    pub(super) fn relationship_change(
        &mut self,
        at: Timestamp,
        task: &TaskId,
        kind: ChangeKind,
        scope: u32,
        symbol: Symbol,
        relationship: &Relationship,
    ) -> Result<()> {
        if self.row.as_ref().is_some_and(|(last, _)| *last != at) {
            self.write_row()?;
        }
        let (_, row) = self.row.get_or_insert_with(|| (at, edge_changes_row(task)));
        let (source, target) = (relationship.source.as_str(), relationship.target.as_str());
        put_edge_change(row, &EdgeChange { came: kind == ChangeKind::Created, source, kind: symbol, target, scope });
        Ok(())
    }

    fn write_row(&mut self) -> Result<()> {
        if let Some((at, row)) = self.row.take() {
            self.edge_changes.insert(at.as_micros(), row.as_slice()).map_err(failed("import"))?;
        }
        Ok(())
    }

    /// Writes what is not written yet.
    pub(super) fn finish(mut self) -> Result<()> {
        self.write_row()
    }
}
