//! Everything, one record after the other.

use super::graph::{Event, Graph, Subject};
use super::history::last_known;
use crate::model::Timestamp;
use crate::store::ExportRecord;
use crate::store::export::{FORMAT, Tally};
use crate::sync::Task;

impl Graph {
    pub(super) fn export(&self, tasks: Vec<Task>) -> Vec<ExportRecord> {
        let header = ExportRecord::Header { format: FORMAT, exported_at: Timestamp::now(), history_since: self.history_since };
        let scopes = self.scope_states().into_iter().map(ExportRecord::Scope);
        let resources = self.claims.keys().flat_map(|id| {
            self.owners(id).into_iter().map(|(scope, says)| {
                let mut resource = Box::new(says.clone());
                resource.first_discovered = self.first_seen.get(id).copied();
                ExportRecord::Resource { scope: scope.clone(), resource }
            })
        });
        let relationships = self.relationships.iter().flat_map(|(relationship, scopes)| {
            scopes.iter().map(|scope| ExportRecord::Relationship { scope: scope.clone(), relationship: relationship.clone() })
        });
        let changes = self.events.iter().filter_map(change);
        let tasks = tasks.into_iter().map(|task| ExportRecord::Task(Box::new(task)));
        let mut records: Vec<_> =
            std::iter::once(header).chain(scopes).chain(resources).chain(relationships).chain(changes).chain(tasks).collect();
        let mut tally = Tally::default();
        records.iter().for_each(|record| tally.count(record));
        records.push(ExportRecord::End(tally.counts()));
        records
    }
}

fn change(event: &Event) -> Option<ExportRecord> {
    let (at, task_id, kind) = (event.at, event.task_id.clone(), event.kind);
    Some(match event.subject.clone() {
        Subject::Resource { id, before, .. } => {
            let resource_type = last_known(event)?.resource_type.clone();
            ExportRecord::ResourceChange { at, task_id, kind, id, resource_type, before }
        }
        Subject::Relationship { scope, relationship } => {
            ExportRecord::RelationshipChange { at, task_id, kind, scope, relationship }
        }
    })
}
