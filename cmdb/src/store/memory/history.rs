//! What was, and what changed.

use super::graph::{Event, Graph, Subject};
use super::page::page;
use crate::error::{Error, Result};
use crate::model::{Change, ChangeFilter, ChangePage, PageRequest, Resource, ResourceId, Timestamp, Version, VersionPage};
use crate::store::cursor::{ChangePosition, VersionPosition};

impl Graph {
    pub(super) fn versions(&self, id: &ResourceId, request: &PageRequest) -> Result<VersionPage> {
        let versions: Vec<Version> =
            self.events.iter().rev().filter_map(|event| version(event).filter(|version| version.resource.id == *id)).collect();
        let place = |version: &Version| VersionPosition(version.at);
        let page = page(versions, request, place, |version, after| version.at < after.0)?;
        if page.total == 0 && !self.claims.contains_key(id) {
            return Err(Error::NotFound { what: "resource", id: id.to_string() });
        }
        Ok(VersionPage { resource_id: id.clone(), versions: page.items, next_cursor: page.next_cursor })
    }

    pub(super) fn changes(&self, filter: &ChangeFilter, request: &PageRequest) -> Result<ChangePage> {
        let fits = |change: &Change| {
            filter.from.is_none_or(|from| change.at >= from)
                && filter.to.is_none_or(|to| change.at < to)
                && filter.task_id.as_ref().is_none_or(|task| *task == change.task_id)
                && filter.resource_type.as_ref().is_none_or(|kind| *kind == change.resource_type)
        };
        let changes: Vec<Change> = self.events.iter().filter_map(change).filter(fits).collect();
        let place = |change: &Change| ChangePosition(change.at, change.id.clone());
        let page = page(changes, request, place, |change, after| place(change) > *after)?;
        Ok(ChangePage { changes: page.items, next_cursor: page.next_cursor })
    }

    pub(super) fn prune(&mut self, horizon: Timestamp) -> u64 {
        let kept = self.events.len();
        self.events.retain(|event| event.at >= horizon);
        let forgotten = kept - self.events.len();
        if forgotten > 0 {
            self.history_since = Some(horizon);
        }
        forgotten as u64
    }
}

/// The last known state of the resource that an event is about.
pub(super) fn last_known(event: &Event) -> Option<&Resource> {
    match &event.subject {
        Subject::Resource { before, after, .. } => after.as_deref().or(before.as_deref()),
        Subject::Relationship { .. } => None,
    }
}

fn version(event: &Event) -> Option<Version> {
    let resource = last_known(event)?.clone();
    Some(Version { at: event.at, task_id: event.task_id.clone(), kind: event.kind, resource })
}

fn change(event: &Event) -> Option<Change> {
    let resource = last_known(event)?;
    let fields = match &event.subject {
        Subject::Resource { before: Some(before), after: Some(after), .. } => Change::fields_between(before, after),
        _ => Default::default(),
    };
    Some(Change {
        at: event.at,
        task_id: event.task_id.clone(),
        kind: event.kind,
        id: resource.id.clone(),
        resource_type: resource.resource_type.clone(),
        fields,
    })
}
