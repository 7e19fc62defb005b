//! The data directory, opened in this process.

use std::sync::Arc;

use async_trait::async_trait;
use dharmagraph_cmdb::sync::{DiscoveryRequest, SyncEngine, Task, TaskPage};
use dharmagraph_cmdb::{
    AsOf, ChangeFilter, ChangePage, Direction, Error, ExportRecord, Filter, GraphStore, Impact, ImpactRequest, Neighbor,
    PageRequest, QueryLimits, Resource, ResourcePage, Statistics, Subgraph, Table, TaskId, Traversal,
};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use serde_json::{Map, Value};

use super::failure::Failure;
use super::inventory::Inventory;

/// A store and an engine of this process.
#[derive(Debug)]
pub(crate) struct InProcess {
    store: Arc<dyn GraphStore>,
    engine: SyncEngine,
}

impl InProcess {
    /// Answers from this store, discovers with this engine.
    pub(crate) fn new(store: Arc<dyn GraphStore>, engine: SyncEngine) -> Self {
        Self { store, engine }
    }
}

#[async_trait]
impl Inventory for InProcess {
    async fn discover(&self, request: DiscoveryRequest) -> Result<Task, Failure> {
        Ok(self.engine.start(request).await?)
    }

    async fn resume(&self) -> Result<Vec<Task>, Failure> {
        Ok(self.engine.resume().await?)
    }

    async fn watch(&self, id: &TaskId) -> Result<BoxStream<'static, Result<Task, Failure>>, Failure> {
        Ok(self.engine.watch(id).await?.map(Ok).boxed())
    }

    async fn cancel(&self, id: &TaskId) -> Result<Task, Failure> {
        Ok(self.engine.cancel(id).await?)
    }

    async fn task(&self, id: &TaskId) -> Result<Task, Failure> {
        Ok(self.engine.task(id).await?)
    }

    async fn tasks(&self, page: &PageRequest) -> Result<TaskPage, Failure> {
        Ok(self.engine.tasks(page).await?)
    }

    async fn resources(&self, filter: &Filter, page: &PageRequest, as_of: AsOf) -> Result<ResourcePage, Failure> {
        Ok(self.store.list(filter, page, as_of).await?)
    }

    async fn resource(&self, reference: &str, as_of: AsOf) -> Result<Resource, Failure> {
        let id = self.store.resolve(reference, as_of).await?;
        let found = self.store.get(&id, as_of).await?;
        found.ok_or_else(|| Error::NotFound { what: "resource", id: reference.to_owned() }.into())
    }

    async fn relationships(&self, reference: &str, as_of: AsOf) -> Result<Vec<Neighbor>, Failure> {
        let id = self.store.resolve(reference, as_of).await?;
        Ok(self.store.relationships(&id, Direction::Both, &[], as_of).await?)
    }

    async fn graph(&self, reference: &str, walk: &Traversal, as_of: AsOf) -> Result<Subgraph, Failure> {
        let id = self.store.resolve(reference, as_of).await?;
        Ok(self.store.subgraph(&id, walk, as_of).await?)
    }

    async fn impact(&self, reference: &str, request: &ImpactRequest, as_of: AsOf) -> Result<Impact, Failure> {
        let id = self.store.resolve(reference, as_of).await?;
        Ok(self.store.impact(&id, request, as_of).await?)
    }

    async fn changes(&self, filter: &ChangeFilter, page: &PageRequest) -> Result<ChangePage, Failure> {
        Ok(self.store.changes(filter, page).await?)
    }

    async fn statistics(&self, as_of: AsOf) -> Result<Statistics, Failure> {
        Ok(self.store.statistics(as_of).await?)
    }

    async fn query(&self, cypher: &str, parameters: Map<String, Value>) -> Result<Table, Failure> {
        Ok(self.store.query(cypher, parameters, &QueryLimits::default()).await?)
    }

    fn export(&self) -> Result<BoxStream<'static, Result<ExportRecord, Failure>>, Failure> {
        Ok(self.store.export().map(|record| record.map_err(Failure::from)).boxed())
    }

    async fn close(&self) {
        self.engine.shutdown().await;
    }
}
