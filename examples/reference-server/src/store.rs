//! Opening the store that the configuration names.

use std::sync::Arc;

use dharmagraph_cmdb::GraphStore;
use dharmagraph_cmdb::store::{EmbeddedStore, Neo4jOptions, Neo4jStore};
use dharmagraph_cmdb::sync::TaskStore;

use crate::config::{Neo4jConfiguration, StoreKind};
use crate::data_directory::{DataDirectory, DirectoryLock};
use crate::server::ServeError;

/// An open store, as each of the things that it is, and what keeps other processes away from it.
#[derive(Debug)]
pub(crate) struct OpenStore {
    pub(crate) graph: Arc<dyn GraphStore>,
    pub(crate) tasks: Arc<dyn TaskStore>,
    pub(crate) lock: Option<DirectoryLock>,
}

impl OpenStore {
    /// Opens the store for this process alone, among those that work on the same data directory.
    ///
    /// Neo4j need not be there: it is asked when somebody asks.
    pub(crate) async fn open(kind: StoreKind, neo4j: &Neo4jConfiguration, directory: &DataDirectory) -> Result<Self, ServeError> {
        match kind {
            StoreKind::Embedded => {
                let path = directory.store_file();
                let store = tokio::task::spawn_blocking(move || EmbeddedStore::open(path)).await.map_err(ServeError::opening)?;
                Ok(Self::of(store.map_err(ServeError::Store)?, None))
            }
            StoreKind::Neo4j => {
                let lock = directory.lock().map_err(ServeError::Store)?;
                let options = Neo4jOptions::new(&neo4j.uri, &neo4j.user, neo4j.password()?.clone());
                let store = Neo4jStore::connect(&options).map_err(ServeError::Store)?;
                Ok(Self::of(store, Some(lock)))
            }
        }
    }

    fn of<S: GraphStore + TaskStore + 'static>(store: S, lock: Option<DirectoryLock>) -> Self {
        let store = Arc::new(store);
        Self { graph: Arc::clone(&store) as Arc<dyn GraphStore>, tasks: store, lock }
    }
}
