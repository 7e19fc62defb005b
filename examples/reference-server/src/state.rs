//! What every handler can reach.

use std::sync::Arc;
use std::time::Instant;

use dharmagraph_cmdb::aws::{AwsConnector, AwsSettings};
use dharmagraph_cmdb::sync::{EngineSettings, SyncEngine, TaskStore};
use dharmagraph_cmdb::terraform::{TerraformConnector, TerraformSettings};
use dharmagraph_cmdb::{Connector, GraphStore, Provider};
use tokio_util::sync::CancellationToken;

use crate::auth::Admission;
use crate::config::Configuration;
use crate::data_directory::{DataDirectory, DirectoryLock};
use crate::metrics::Metrics;
use crate::models::Models;
use crate::server::ServeError;
use crate::store::OpenStore;

/// A store and the engine that fills it: what the server serves, and what the command line works on when no server runs.
#[derive(Debug, Clone)]
pub struct Inventory {
    /// The graph.
    pub store: Arc<dyn GraphStore>,
    /// Runs discoveries into the graph.
    pub engine: SyncEngine,
    /// The providers that the engine has a connector for.
    pub providers: Vec<Provider>,
    /// Held as long as somebody has the inventory.
    _lock: Option<Arc<DirectoryLock>>,
}

impl Inventory {
    /// Opens the configured store for a data directory, with every connector of this build. A Neo4j may be down.
    ///
    /// # Errors
    /// [`ServeError::Store`] with [`Error::Locked`](dharmagraph_cmdb::Error::Locked) while another process has the
    /// directory open, and what else keeps the store or the installation's key from being read.
    pub async fn open(configuration: &Configuration, directory: &DataDirectory) -> Result<Self, ServeError> {
        let store = OpenStore::open(configuration.store, &configuration.neo4j, directory).await?;
        let aws = AwsConnector::new(AwsSettings {
            endpoint_url: configuration.aws.endpoint_url.clone(),
            allow_inline_keys: configuration.allows_inline_keys(),
            references: configuration.aws.references.clone(),
            external_id_key: directory.external_id_key()?,
            concurrency: configuration.aws.concurrency,
        });
        let terraform = TerraformConnector::new(TerraformSettings { folders: configuration.terraform.folders.clone() });
        let connectors: Vec<Arc<dyn Connector>> = vec![Arc::new(aws), Arc::new(terraform)];
        let settings = EngineSettings { guard: configuration.sync.guard, history_retention: configuration.history.retention() };
        let inventory = Self::new(store.graph, store.tasks, connectors, settings);
        Ok(Self { _lock: store.lock.map(Arc::new), ..inventory })
    }

    /// An inventory over any store and connectors.
    #[must_use]
    pub fn new(
        store: Arc<dyn GraphStore>,
        tasks: Arc<dyn TaskStore>,
        connectors: Vec<Arc<dyn Connector>>,
        settings: EngineSettings,
    ) -> Self {
        let providers = connectors.iter().map(|connector| connector.provider()).collect();
        let engine = SyncEngine::new(Arc::clone(&store), tasks, connectors, settings);
        Self { store, engine, providers, _lock: None }
    }
}

/// What every handler can reach. Cheap to clone.
#[derive(Debug, Clone)]
pub struct AppState {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    inventory: Inventory,
    admission: Admission,
    models: Models,
    metrics: Metrics,
    started: Instant,
    stopping: CancellationToken,
}

impl AppState {
    /// The state of a server over this inventory, with these models.
    #[must_use]
    pub fn new(inventory: Inventory, admission: Admission, models: Models) -> Self {
        let (metrics, started, stopping) = (Metrics::new(), Instant::now(), CancellationToken::new());
        Self { shared: Arc::new(Shared { inventory, admission, models, metrics, started, stopping }) }
    }

    /// Who is let in.
    #[must_use]
    pub fn admission(&self) -> &Admission {
        &self.shared.admission
    }

    /// The models that answer.
    #[must_use]
    pub fn models(&self) -> &Models {
        &self.shared.models
    }

    /// The graph.
    #[must_use]
    pub fn store(&self) -> &dyn GraphStore {
        &*self.shared.inventory.store
    }

    /// Runs discoveries.
    #[must_use]
    pub fn engine(&self) -> &SyncEngine {
        &self.shared.inventory.engine
    }

    /// Whether this build discovers a provider.
    #[must_use]
    pub fn discovers(&self, provider: &Provider) -> bool {
        self.shared.inventory.providers.contains(provider)
    }

    /// What is counted.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }

    /// Since when the server runs.
    #[must_use]
    pub fn started(&self) -> Instant {
        self.shared.started
    }

    /// Cancelled when the server begins to stop: long answers end then.
    #[must_use]
    pub fn stopping(&self) -> &CancellationToken {
        &self.shared.stopping
    }
}
