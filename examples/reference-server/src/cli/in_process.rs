//! The data directory, opened in this process.

use async_trait::async_trait;
use dharmagraph_cmdb::sync::{DiscoveryRequest, Task, TaskPage};
use dharmagraph_cmdb::{
    AsOf, ChangeFilter, ChangePage, Direction, Error, ExportRecord, Filter, Impact, ImpactRequest, Neighbor, PageRequest,
    QueryLimits, Resource, ResourcePage, Statistics, Subgraph, Table, TaskId, Traversal,
};
use dharmagraph_reference_server::Inventory as Opened;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use serde_json::{Map, Value};

use super::failure::Failure;
use super::inventory::Inventory;

/// A store and an engine of this process.
#[derive(Debug)]
pub(crate) struct InProcess {
    opened: Opened,
}

impl InProcess {
    /// Answers from this inventory's store, discovers with its engine.
    pub(crate) fn new(opened: Opened) -> Self {
        Self { opened }
    }
}

#[async_trait]
impl Inventory for InProcess {
    async fn discover(&self, request: DiscoveryRequest) -> Result<Task, Failure> {
        Ok(self.opened.engine.start(request).await?)
    }

    async fn resume(&self) -> Result<Vec<Task>, Failure> {
        Ok(self.opened.engine.resume().await?)
    }

    async fn watch(&self, id: &TaskId) -> Result<BoxStream<'static, Result<Task, Failure>>, Failure> {
        Ok(self.opened.engine.watch(id).await?.map(Ok).boxed())
    }

    async fn cancel(&self, id: &TaskId) -> Result<Task, Failure> {
        Ok(self.opened.engine.cancel(id).await?)
    }

    async fn task(&self, id: &TaskId) -> Result<Task, Failure> {
        Ok(self.opened.engine.task(id).await?)
    }

    async fn tasks(&self, page: &PageRequest) -> Result<TaskPage, Failure> {
        Ok(self.opened.engine.tasks(page).await?)
    }

    async fn resources(&self, filter: &Filter, page: &PageRequest, as_of: AsOf) -> Result<ResourcePage, Failure> {
        Ok(self.opened.store.list(filter, page, as_of).await?)
    }

    async fn resource(&self, reference: &str, as_of: AsOf) -> Result<Resource, Failure> {
        let id = self.opened.store.resolve(reference, as_of).await?;
        let found = self.opened.store.get(&id, as_of).await?;
        found.ok_or_else(|| Error::NotFound { what: "resource", id: reference.to_owned() }.into())
    }

    async fn relationships(&self, reference: &str, as_of: AsOf) -> Result<Vec<Neighbor>, Failure> {
        let id = self.opened.store.resolve(reference, as_of).await?;
        Ok(self.opened.store.relationships(&id, Direction::Both, &[], as_of).await?)
    }

    async fn graph(&self, reference: &str, walk: &Traversal, as_of: AsOf) -> Result<Subgraph, Failure> {
        let id = self.opened.store.resolve(reference, as_of).await?;
        Ok(self.opened.store.subgraph(&id, walk, as_of).await?)
    }

    async fn impact(&self, reference: &str, request: &ImpactRequest, as_of: AsOf) -> Result<Impact, Failure> {
        let id = self.opened.store.resolve(reference, as_of).await?;
        Ok(self.opened.store.impact(&id, request, as_of).await?)
    }

    async fn changes(&self, filter: &ChangeFilter, page: &PageRequest) -> Result<ChangePage, Failure> {
        Ok(self.opened.store.changes(filter, page).await?)
    }

    async fn statistics(&self, as_of: AsOf) -> Result<Statistics, Failure> {
        Ok(self.opened.store.statistics(as_of).await?)
    }

    async fn query(&self, cypher: &str, parameters: Map<String, Value>) -> Result<Table, Failure> {
        Ok(self.opened.store.query(cypher, parameters, &QueryLimits::default()).await?)
    }

    fn export(&self) -> Result<BoxStream<'static, Result<ExportRecord, Failure>>, Failure> {
        Ok(self.opened.store.export().map(|record| record.map_err(Failure::from)).boxed())
    }

    async fn close(&self) {
        self.opened.engine.shutdown().await;
    }
}
