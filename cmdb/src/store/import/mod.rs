//! Taking records in: what every store asks of an export before it believes it.

mod lives;
mod section;

use std::collections::BTreeMap;

use self::lives::Lives;
use self::section::Section;
use super::export::{FORMAT, Tally};
use super::precedence::owner_rank;
use super::validate::{check_id, check_relationship, check_resource, check_scope};
use super::{ExportRecord, ImportReport, ScopeState};
use crate::error::{Error, Result};
use crate::model::{ChangeKind, Relationship, Resource, ResourceId, Scope, TaskId, Timestamp, check_label};

/// Checks the records of one export as they come, so that a store need only keep them.
///
/// What it lets through is a whole: every resource has a known owner, every change follows from the one before it, and
/// the last ones lead to what is present.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    number: u64,
    section: Section,
    pruned: bool,
    /// How many resources of each scope are still to come.
    awaited: BTreeMap<Scope, u64>,
    /// The last owner's record: of which resource, its place among the owners, and since when the resource is there.
    last_owner: Option<(ResourceId, (bool, String), Timestamp)>,
    /// The last relationship and its owner.
    last_said: Option<(Relationship, Scope)>,
    /// The last change: when and by whom.
    last_change: Option<(Timestamp, TaskId)>,
    /// The last change of a resource.
    last_changed: Option<(Timestamp, ResourceId)>,
    /// The newest time at which anything is said to have happened, for a history that was pruned to nothing.
    newest: Option<Timestamp>,
    lives: Lives,
    tally: Tally,
}

impl Intake {
    /// Checks one record and gives it as a store keeps it: resources with their hash and without `last_discovered`.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the record by its number and says what is wrong with it.
    pub(crate) fn admit(&mut self, mut record: ExportRecord) -> Result<ExportRecord> {
        self.number += 1;
        self.enter(Section::of(&record))?;
        self.tally.count(&record);
        let checked = match &mut record {
            ExportRecord::Header { format, history_since, .. } => self.header(*format, *history_since),
            ExportRecord::Scope(state) => self.scope(state),
            ExportRecord::Resource { scope, resource } => self.resource(scope, resource),
            ExportRecord::Relationship { scope, relationship } => self.relationship(scope, relationship),
            ExportRecord::ResourceChange { .. } => self.resource_change(&mut record),
            ExportRecord::RelationshipChange { at, task_id, kind, scope, relationship } => {
                let known = check_scope(scope).and_then(|()| check_relationship(relationship));
                known.and_then(|()| self.moment(*at, task_id)).and_then(|()| match kind {
                    ChangeKind::Updated => Err(wrong("a relationship that was created or removed", "one that was updated")),
                    ChangeKind::Created | ChangeKind::Removed => Ok(()),
                })
            }
            ExportRecord::Task(_) => Ok(()),
            ExportRecord::End(counts) => self.end(counts),
        };
        checked.map(|()| record).map_err(|error| self.numbered(error))
    }

    /// What came, once everything did.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the records broke off.
    pub(crate) fn finish(&self) -> Result<ImportReport> {
        if self.section == Section::End {
            return Ok(self.tally.counts());
        }
        let found = match self.number {
            0 => "no record".to_owned(),
            number => format!("an end without it after record {number}, {}", self.section.word()),
        };
        Err(Error::invalid("export", "records up to the one that says `end`", found))
    }

    /// The time of the newest change; where history was pruned to nothing, the newest time that the present knows.
    pub(crate) fn latest(&self) -> Option<Timestamp> {
        match &self.last_change {
            Some((at, _)) => Some(*at),
            None => self.newest.filter(|_| self.pruned),
        }
    }

    fn numbered(&self, error: Error) -> Error {
        match error {
            Error::Invalid { what, expected, found } => {
                let what = if what == "export" { String::new() } else { format!(": {what}") };
                Error::Invalid { what: format!("export, record {}{what}", self.number), expected, found }
            }
            other => other,
        }
    }

    fn enter(&mut self, next: Section) -> Result<()> {
        let last = std::mem::replace(&mut self.section, next);
        let expected = match last {
            Section::Nothing if next != Section::Header => "a header as the first record",
            Section::End => "nothing after the end",
            Section::Header if next == Section::Header => "one header",
            _ if next < last => "header, scopes, resources, relationships, changes, tasks and end in this order",
            _ => return Ok(()),
        };
        let found = match last {
            Section::Nothing | Section::End => next.word().to_owned(),
            last => format!("{} after {}", next.word(), last.word()),
        };
        Err(self.numbered(wrong(expected, found)))
    }

    fn header(&mut self, format: u32, history_since: Option<Timestamp>) -> Result<()> {
        self.pruned = history_since.is_some();
        if format == FORMAT {
            return Ok(());
        }
        Err(wrong(format!("format {FORMAT}; use the version that wrote it"), format!("format {format}")))
    }

    fn scope(&mut self, state: &ScopeState) -> Result<()> {
        check_scope(&state.scope)?;
        self.newest = self.newest.max(state.completed_at);
        match self.awaited.insert(state.scope.clone(), state.resources) {
            None => Ok(()),
            Some(_) => Err(wrong("each scope once", format!("`{}` twice", state.scope))),
        }
    }

    fn resource(&mut self, scope: &Scope, resource: &mut Resource) -> Result<()> {
        check_resource(resource)?;
        let awaited = self.awaited.get_mut(scope).and_then(|awaited| {
            *awaited = awaited.checked_sub(1)?;
            Some(())
        });
        if awaited.is_none() {
            let expected = "a resource of a scope that came before, no more of them than it said";
            return Err(wrong(expected, format!("`{}` of `{scope}`", resource.id)));
        }
        let first = complete(resource)?;
        let rank = owner_rank(scope, resource);
        match &self.last_owner {
            Some((id, ..)) if *id > resource.id => {
                return Err(wrong("resources ordered by id", format!("`{}` after `{id}`", resource.id)));
            }
            Some((id, last, _)) if *id == resource.id && *last >= rank => {
                let expected = "the owners of a resource in their order, each once";
                return Err(wrong(expected, format!("`{scope}` too late for `{id}`")));
            }
            Some((id, _, since)) if *id == resource.id && *since != first => {
                return Err(wrong("one first_discovered for a resource", format!("{since} and {first} for `{id}`")));
            }
            Some((id, ..)) if *id == resource.id => {}
            _ => self.lives.is_there(&resource.id, &resource.resource_type),
        }
        self.newest = self.newest.max(Some(first));
        self.last_owner = Some((resource.id.clone(), rank, first));
        Ok(())
    }

    fn relationship(&mut self, scope: &Scope, relationship: &Relationship) -> Result<()> {
        check_scope(scope)?;
        check_relationship(relationship)?;
        let this = (relationship.clone(), scope.clone());
        if self.last_said.as_ref().is_some_and(|last| *last >= this) {
            let Relationship { source, kind, target } = relationship;
            let expected = "relationships ordered by source, type, target and owner, each once";
            return Err(wrong(expected, format!("`{source}` {kind} `{target}` of `{scope}` too late")));
        }
        self.last_said = Some(this);
        Ok(())
    }

    /// Checks that a change comes in the order of time, and that one discovery makes all changes of one time.
    fn moment(&mut self, at: Timestamp, task: &TaskId) -> Result<()> {
        match &self.last_change {
            Some((last, _)) if at < *last => return Err(wrong("changes oldest first", format!("{at} after {last}"))),
            Some((last, by)) if at == *last && by != task => {
                return Err(wrong("one task for the changes of one time", format!("`{by}` and `{task}` at {at}")));
            }
            _ => self.last_change = Some((at, task.clone())),
        }
        Ok(())
    }

    fn resource_change(&mut self, record: &mut ExportRecord) -> Result<()> {
        let ExportRecord::ResourceChange { at, task_id, kind, id, resource_type, before } = record else { return Ok(()) };
        self.moment(*at, task_id)?;
        if let Some(before) = before {
            check_resource(before)?;
            complete(before)?;
            if before.id != *id {
                return Err(wrong("the changed resource before the change", format!("`{}` for `{id}`", before.id)));
            }
        }
        check_id("resource id", id.as_str())?;
        check_label("resource_type", resource_type.as_str())?;
        let this = (*at, id.clone());
        if self.last_changed.as_ref().is_some_and(|last| *last >= this) {
            return Err(wrong("the changes of one time ordered by id, one for each", format!("`{id}` too late at {at}")));
        }
        self.last_changed = Some(this);
        let before = before.as_deref().map(|before| &before.resource_type);
        if !self.lives.change(id, *kind, before, resource_type, self.pruned) {
            let expected = "a change that follows from the one before it";
            return Err(wrong(expected, format!("`{id}` {} at {at}", word(*kind))));
        }
        Ok(())
    }

    fn end(&self, counts: &ImportReport) -> Result<()> {
        let came = self.tally.counts();
        if *counts != came {
            return Err(wrong(format!("{} as it says", counted(counts)), counted(&came)));
        }
        if let Some((scope, missing)) = self.awaited.iter().find(|(_, awaited)| **awaited > 0) {
            return Err(wrong(format!("{missing} more resources of `{scope}`"), "none"));
        }
        if self.lives.lead_to_the_present(self.pruned) {
            return Ok(());
        }
        Err(wrong("changes that lead to what is present", "others"))
    }
}

/// The refusal of a store that is not empty.
pub(crate) fn not_empty(store: &'static str) -> Error {
    Error::Taken { what: "store", id: store.to_owned(), advice: "it is not empty; import into a new one".into() }
}

/// Fills in what a store fills in, and gives the time since when the resource is there.
fn complete(resource: &mut Resource) -> Result<Timestamp> {
    resource.last_discovered = None;
    resource.content_hash = Some(resource.hash());
    let first = resource.first_discovered;
    first.ok_or_else(|| wrong("first_discovered with every resource", format!("none with `{}`", resource.id)))
}

fn counted(counts: &ImportReport) -> String {
    let ImportReport { scopes, resources, relationships, changes, tasks } = counts;
    format!("{scopes} scopes, {resources} resources, {relationships} relationships, {changes} changes and {tasks} tasks")
}

const fn word(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Created => "created",
        ChangeKind::Updated => "updated",
        ChangeKind::Removed => "removed",
    }
}

fn wrong(expected: impl Into<String>, found: impl Into<String>) -> Error {
    Error::invalid("export", expected, found)
}
