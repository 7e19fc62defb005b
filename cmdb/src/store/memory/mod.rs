//! The graph in plain collections: the reference that other stores are compared with.

mod export;
mod graph;
mod history;
mod import;
pub(super) mod page;
mod reconcile;
mod tasks;
pub(super) mod view;
mod walk;

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use async_trait::async_trait;
use futures_core::stream::BoxStream;

use self::graph::Graph;
use self::import::Import;
use self::view::View;
use super::import::not_empty;
use super::validate::{check_as_of, check_snapshot};
use super::{Capability, ExportRecord, GraphStore, ImportReport, ReconcileOptions, ReconcileReport, ScopeState, Snapshot};
use crate::error::Result;
use crate::model::{
    AsOf, ChangeFilter, ChangePage, Direction, Filter, Impact, ImpactRequest, Neighbor, PageRequest, RelationshipKind, Resource,
    ResourceId, ResourcePage, Statistics, Subgraph, TaskId, Timestamp, Traversal, VersionPage,
};

/// A graph and its tasks in this process, for tests, examples and small estates. Nothing of it survives the process.
///
/// Every read but that of one present resource walks the whole graph. An [import](GraphStore::import) shows whole or not
/// at all.
#[derive(Debug, Default)]
pub struct MemoryStore {
    graph: RwLock<Graph>,
    tasks: RwLock<BTreeMap<TaskId, serde_json::Value>>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn graph(&self) -> RwLockReadGuard<'_, Graph> {
        self.graph.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn check_empty(&self) -> Result<()> {
        let graph = self.graph();
        let tasks = self.tasks.read().unwrap_or_else(PoisonError::into_inner);
        if graph.is_empty() && tasks.is_empty() { Ok(()) } else { Err(not_empty(self.name())) }
    }

    fn view(&self, as_of: AsOf) -> Result<View> {
        let graph = self.graph();
        match as_of {
            None => Ok(graph.present()),
            Some(time) => {
                check_as_of(time, graph.history_since)?;
                Ok(graph.past(time))
            }
        }
    }
}

#[async_trait]
impl GraphStore for MemoryStore {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn capability(&self) -> Capability {
        Capability { atomic_reconcile: true, ..Capability::default() }
    }

    async fn ping(&self) -> Result<()> {
        Ok(())
    }

    async fn reconcile(&self, snapshot: Snapshot, options: &ReconcileOptions) -> Result<ReconcileReport> {
        check_snapshot(&snapshot)?;
        let mut graph = self.graph.write().unwrap_or_else(PoisonError::into_inner);
        if options.dry_run {
            return Ok(graph.clone().reconcile(snapshot, options));
        }
        Ok(graph.reconcile(snapshot, options))
    }

    async fn get(&self, id: &ResourceId, as_of: AsOf) -> Result<Option<Resource>> {
        if as_of.is_none() {
            return Ok(self.graph().shown(id));
        }
        Ok(self.view(as_of)?.resources.remove(id))
    }

    async fn resolve(&self, reference: &str, as_of: AsOf) -> Result<ResourceId> {
        self.view(as_of)?.resolve(reference)
    }

    async fn list(&self, filter: &Filter, page: &PageRequest, as_of: AsOf) -> Result<ResourcePage> {
        self.view(as_of)?.list(filter, page)
    }

    async fn relationships(
        &self,
        id: &ResourceId,
        direction: Direction,
        kinds: &[RelationshipKind],
        as_of: AsOf,
    ) -> Result<Vec<Neighbor>> {
        self.view(as_of)?.relationships(id, direction, kinds)
    }

    async fn subgraph(&self, root: &ResourceId, walk: &Traversal, as_of: AsOf) -> Result<Subgraph> {
        self.view(as_of)?.subgraph(root, walk)
    }

    async fn impact(&self, id: &ResourceId, request: &ImpactRequest, as_of: AsOf) -> Result<Impact> {
        self.view(as_of)?.impact(id, request)
    }

    async fn statistics(&self, as_of: AsOf) -> Result<Statistics> {
        Ok(self.view(as_of)?.statistics())
    }

    async fn history(&self, id: &ResourceId, page: &PageRequest) -> Result<VersionPage> {
        self.graph().versions(id, page)
    }

    async fn changes(&self, filter: &ChangeFilter, page: &PageRequest) -> Result<ChangePage> {
        self.graph().changes(filter, page)
    }

    async fn scopes(&self) -> Result<Vec<ScopeState>> {
        Ok(self.graph().scope_states())
    }

    async fn prune(&self, horizon: Timestamp) -> Result<u64> {
        Ok(self.graph.write().unwrap_or_else(PoisonError::into_inner).prune(horizon))
    }

    fn export(&self) -> BoxStream<'static, Result<ExportRecord>> {
        let records = match self.rows() {
            Ok(tasks) => self.graph().export(tasks).into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        };
        Box::pin(futures_util::stream::iter(records))
    }

    async fn import(&self, records: BoxStream<'static, Result<ExportRecord>>) -> Result<ImportReport> {
        self.check_empty()?;
        let (import, report) = Import::read(records).await?;
        let tasks = import.tasks.iter().map(|task| Ok((task.task_id.clone(), tasks::write(task)?)));
        let tasks = tasks.collect::<Result<_>>()?;
        let mut graph = self.graph.write().unwrap_or_else(PoisonError::into_inner);
        let mut rows = self.tasks.write().unwrap_or_else(PoisonError::into_inner);
        if !(graph.is_empty() && rows.is_empty()) {
            // Whoever wrote meanwhile was first.
            return Err(not_empty(self.name()));
        }
        (*graph, *rows) = (import.graph, tasks);
        Ok(report)
    }
}
