//! Everything that another store exported.

use std::collections::BTreeMap;

use futures_core::stream::BoxStream;
use futures_util::StreamExt;

use super::graph::{Event, Graph, Subject};
use super::reconcile::undated;
use crate::error::Result;
use crate::model::{Resource, ResourceId};
use crate::store::import::Intake;
use crate::store::{ExportRecord, ImportReport};
use crate::sync::Task;

/// What an export holds.
#[derive(Debug, Default)]
pub(super) struct Import {
    pub(super) graph: Graph,
    pub(super) tasks: Vec<Task>,
}

impl Import {
    /// Reads an export to its end.
    pub(super) async fn read(mut records: BoxStream<'static, Result<ExportRecord>>) -> Result<(Self, ImportReport)> {
        let (mut import, mut intake) = (Self::default(), Intake::default());
        while let Some(record) = records.next().await {
            import.take(intake.admit(record?)?);
        }
        let report = intake.finish()?;
        import.graph.latest = intake.latest();
        import.graph.settle_events();
        Ok((import, report))
    }

    fn take(&mut self, record: ExportRecord) {
        let graph = &mut self.graph;
        match record {
            ExportRecord::Header { history_since, .. } => graph.history_since = history_since,
            ExportRecord::Scope(state) => graph.completed.extend(state.completed_at.map(|at| (state.scope, at))),
            ExportRecord::Resource { scope, mut resource } => {
                let id = resource.id.clone();
                graph.first_seen.extend(resource.first_discovered.take().map(|first| (id.clone(), first)));
                graph.claims.entry(id).or_default().insert(scope, *resource);
            }
            ExportRecord::Relationship { scope, relationship } => {
                graph.relationships.entry(relationship).or_default().insert(scope);
            }
            ExportRecord::ResourceChange { at, task_id, kind, id, before, .. } => {
                graph.events.push(Event { at, task_id, kind, subject: Subject::Resource { id, before, after: None } });
            }
            ExportRecord::RelationshipChange { at, task_id, kind, scope, relationship } => {
                graph.events.push(Event { at, task_id, kind, subject: Subject::Relationship { scope, relationship } });
            }
            ExportRecord::Task(task) => self.tasks.push(*task),
            ExportRecord::End(_) => {}
        }
    }
}

impl Graph {
    /// Fills in what each change led to: what the next one found, or what is there now.
    fn settle_events(&mut self) {
        let present = self.claims.keys().filter_map(|id| Some((id.clone(), undated(self.shown(id)?))));
        let mut found: BTreeMap<ResourceId, Resource> = present.collect();
        for event in self.events.iter_mut().rev() {
            if let Subject::Resource { id, before, after } = &mut event.subject {
                *after = found.remove(id).map(Box::new);
                if let Some(before) = before {
                    found.insert(id.clone(), (**before).clone());
                }
            }
        }
    }

    /// Whether nothing was ever told.
    pub(super) fn is_empty(&self) -> bool {
        // Whatever changed left its time behind, also where history was pruned since.
        self.completed.is_empty() && self.latest.is_none()
    }
}
