//! Everything, one record after the other.

use super::graph::{Event, Graph, Subject};
use crate::model::Timestamp;
use crate::store::ExportRecord;

impl Graph {
    pub(super) fn export(&self) -> Vec<ExportRecord> {
        let header = ExportRecord::Header { format: 1, exported_at: Timestamp::now(), history_since: self.history_since };
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
        let changes = self.events.iter().map(change);
        std::iter::once(header).chain(scopes).chain(resources).chain(relationships).chain(changes).collect()
    }
}

fn change(event: &Event) -> ExportRecord {
    let (at, task_id, kind) = (event.at, event.task_id.clone(), event.kind);
    match event.subject.clone() {
        Subject::Resource { id, before, .. } => ExportRecord::ResourceChange { at, task_id, kind, id, before },
        Subject::Relationship { scope, relationship } => {
            ExportRecord::RelationshipChange { at, task_id, kind, scope, relationship }
        }
    }
}
