//! What a listing has to say.

use tokio::sync::mpsc::Sender;

use super::calls::CallCounter;
use crate::discover::DiscoveryEvent;
use crate::model::{Relationship, RelationshipKind, Resource, ResourceId, Scope};

/// Resources and relationships of one page.
#[derive(Debug, Default)]
pub(super) struct Page {
    resources: Vec<Resource>,
    relationships: Vec<Relationship>,
}

impl Page {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn add(&mut self, resource: Resource) {
        self.resources.push(resource);
    }

    /// Ties `source` to `target`, where the API names one.
    pub(super) fn relate(&mut self, source: &ResourceId, kind: RelationshipKind, target: Option<&str>) {
        if let Some(target) = target.filter(|target| !target.is_empty()) {
            self.relationships.push(Relationship::new(source.clone(), kind, ResourceId::new(target)));
        }
    }

    /// Ties `source`, where the API names one, to `target`.
    pub(super) fn relate_from(&mut self, source: Option<&str>, kind: RelationshipKind, target: &ResourceId) {
        if let Some(source) = source.filter(|source| !source.is_empty()) {
            self.relationships.push(Relationship::new(ResourceId::new(source), kind, target.clone()));
        }
    }

    #[cfg(test)]
    pub(super) fn into_parts(self) -> (Vec<Resource>, Vec<Relationship>) {
        (self.resources, self.relationships)
    }
}

/// Where the listing of one scope reports to.
#[derive(Debug)]
pub(super) struct Report {
    scope: Scope,
    events: Sender<DiscoveryEvent>,
    calls: CallCounter,
}

impl Report {
    pub(super) const fn new(scope: Scope, events: Sender<DiscoveryEvent>, calls: CallCounter) -> Self {
        Self { scope, events, calls }
    }

    /// Sends a page, as fast as it is taken.
    pub(super) async fn page(&self, page: Page) {
        for resource in page.resources {
            self.event(DiscoveryEvent::Resource { scope: self.scope.clone(), resource: Box::new(resource) }).await;
        }
        for relationship in page.relationships {
            self.event(DiscoveryEvent::Relationship { scope: self.scope.clone(), relationship }).await;
        }
        self.event(DiscoveryEvent::Progress(self.calls.so_far())).await;
    }

    /// Sends one event. Where nobody listens any more, this task is about to be stopped.
    pub(super) async fn event(&self, event: DiscoveryEvent) {
        let _ = self.events.send(event).await;
    }

    /// How much was asked so far.
    pub(super) fn calls(&self) -> DiscoveryEvent {
        DiscoveryEvent::Progress(self.calls.so_far())
    }
}
