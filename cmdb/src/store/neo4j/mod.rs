//! The graph in a Neo4j, for who outgrows one process.
//!
//! What lies in the database and what other readers of it see is told in docs/neo4j.md. In short: `:Resource` nodes and the
//! relationships between them are the present, as anybody's Cypher expects it. Everything else lies beside it, in nodes
//! without relationships: `:ResourceClaim` and `:RelationshipClaim`, what each scope says; `:InventoryScope`, when it was
//! completed; `:ResourceVersion` and `:RelationshipVersion`, the history; `:DiscoveryTask`, the tasks; and one `:Inventory`.

mod answer;
mod bolt;
mod counts;
mod database;
mod driver;
mod export;
mod fault;
mod history;
mod import;
mod load;
mod options;
mod past;
mod plan;
mod properties;
mod query;
mod read;
mod reconcile;
mod schema;
mod tasks;
mod temporal;
mod value;
mod walk;
mod write;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use futures_core::stream::BoxStream;
use serde_json::{Map, Value};

pub use self::counts::StatementCounts;
use self::database::Database;
pub use self::options::Neo4jOptions;
use super::validate::check_snapshot;
use super::{
    Capability, ExportRecord, GraphStore, ImportReport, QueryLimits, ReconcileOptions, ReconcileReport, ScopeState, Snapshot,
    Table,
};
use crate::error::Result;
use crate::model::{
    AsOf, ChangeFilter, ChangePage, Direction, Filter, Impact, ImpactRequest, Neighbor, PageRequest, RelationshipKind, Resource,
    ResourceId, ResourcePage, Statistics, Subgraph, Timestamp, Traversal, VersionPage,
};

/// A graph and its tasks in a Neo4j 5.
///
/// Several processes may use one database: its reconciles wait for each other. Cheap to clone; the clones are one store.
///
/// While Neo4j cannot be reached every read fails within 2 seconds with an error that
/// [is retryable](crate::Error::is_retryable); what a sync writes is tried again for a minute and a half. Nothing has to be
/// done when it is back.
#[derive(Debug, Clone)]
pub struct Neo4jStore {
    database: Arc<Database>,
}

impl Neo4jStore {
    /// A store over a Neo4j, which need not be up yet: constraints and indexes are made when it is first used.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) for a URI that is none.
    pub fn connect(options: &Neo4jOptions) -> Result<Self> {
        Ok(Self { database: Arc::new(Database::new(options)?) })
    }

    /// Removes everything that this store keeps in the database: resources, history and tasks. Nodes of others stay.
    ///
    /// # Errors
    /// [`Error::Backend`](crate::Error::Backend); what was removed until then is gone.
    pub async fn clear(&self) -> Result<()> {
        schema::clear(&self.database).await
    }

    /// How much was sent to Neo4j so far.
    #[must_use]
    pub fn counts(&self) -> StatementCounts {
        self.database.counts()
    }
}

#[async_trait]
impl GraphStore for Neo4jStore {
    fn name(&self) -> &'static str {
        "neo4j"
    }

    fn capability(&self) -> Capability {
        Capability { query: true, atomic_reconcile: false, durable: true, batch: database::BATCH }
    }

    async fn ping(&self) -> Result<()> {
        self.database.read("answer", "RETURN [1] AS record", &value::Map::new()).await.map(drop)
    }

    async fn reconcile(&self, snapshot: Snapshot, options: &ReconcileOptions) -> Result<ReconcileReport> {
        check_snapshot(&snapshot)?;
        reconcile::reconcile(&self.database, &snapshot, options).await
    }

    async fn get(&self, id: &ResourceId, as_of: AsOf) -> Result<Option<Resource>> {
        match as_of {
            None => read::get(&self.database, id).await,
            Some(time) => past::get(&self.database, id, time).await,
        }
    }

    async fn resolve(&self, reference: &str, as_of: AsOf) -> Result<ResourceId> {
        match as_of {
            None => read::resolve(&self.database, reference).await,
            Some(time) => past::view(&self.database, time).await?.resolve(reference),
        }
    }

    async fn list(&self, filter: &Filter, page: &PageRequest, as_of: AsOf) -> Result<ResourcePage> {
        match as_of {
            None => read::list(&self.database, filter, page).await,
            Some(time) => past::view(&self.database, time).await?.list(filter, page),
        }
    }

    async fn relationships(
        &self,
        id: &ResourceId,
        direction: Direction,
        kinds: &[RelationshipKind],
        as_of: AsOf,
    ) -> Result<Vec<Neighbor>> {
        match as_of {
            None => read::relationships(&self.database, id, direction, kinds).await,
            Some(time) => past::view(&self.database, time).await?.relationships(id, direction, kinds),
        }
    }

    async fn subgraph(&self, root: &ResourceId, walk: &Traversal, as_of: AsOf) -> Result<Subgraph> {
        match as_of {
            None => walk::subgraph(&self.database, root, walk).await,
            Some(time) => past::view(&self.database, time).await?.subgraph(root, walk),
        }
    }

    async fn impact(&self, id: &ResourceId, request: &ImpactRequest, as_of: AsOf) -> Result<Impact> {
        match as_of {
            None => walk::impact(&self.database, id, request).await,
            Some(time) => past::view(&self.database, time).await?.impact(id, request),
        }
    }

    async fn statistics(&self, as_of: AsOf) -> Result<Statistics> {
        match as_of {
            None => read::statistics(&self.database).await,
            Some(time) => Ok(past::view(&self.database, time).await?.statistics()),
        }
    }

    async fn history(&self, id: &ResourceId, page: &PageRequest) -> Result<VersionPage> {
        history::versions(&self.database, id, page).await
    }

    async fn changes(&self, filter: &ChangeFilter, page: &PageRequest) -> Result<ChangePage> {
        history::changes(&self.database, filter, page).await
    }

    async fn scopes(&self) -> Result<Vec<ScopeState>> {
        export::scopes(&self.database).await
    }

    async fn prune(&self, horizon: Timestamp) -> Result<u64> {
        history::prune(&self.database, horizon).await
    }

    fn export(&self) -> BoxStream<'static, Result<ExportRecord>> {
        Box::pin(export::export(Arc::clone(&self.database)))
    }

    /// Takes the export in batch by batch; a failed one empties the database again.
    async fn import(&self, records: BoxStream<'static, Result<ExportRecord>>) -> Result<ImportReport> {
        import::import(&self.database, records).await
    }

    async fn query(&self, cypher: &str, parameters: Map<String, Value>, limits: &QueryLimits) -> Result<Table> {
        query::query(&self.database, cypher, parameters, limits).await
    }
}
