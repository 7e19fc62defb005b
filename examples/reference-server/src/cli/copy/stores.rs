//! Opening the store of a place.

use std::path::Path;
use std::sync::Arc;

use dharmagraph_cmdb::store::EmbeddedStore;
use dharmagraph_cmdb::{Error, GraphStore};
use dharmagraph_reference_server::data_directory::DataDirectory;

use crate::cli::arguments::Place;
use crate::cli::failure::Failure;

/// What a store is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// To read everything out of it: it has to be there.
    Read,
    /// To put everything into it: it may be made.
    Fill,
}

/// Opens the store of a place that is one.
pub(super) async fn open(place: &Place, purpose: Use) -> Result<Arc<dyn GraphStore>, Failure> {
    match place {
        Place::Embedded(path) => embedded(path, purpose).await,
        Place::Neo4j(address) => neo4j(address.as_deref()).await,
        Place::File(_) | Place::Standard => Err(Failure::usage(format!("{place} is an export, not a store"))),
    }
}

async fn embedded(path: &Path, purpose: Use) -> Result<Arc<dyn GraphStore>, Failure> {
    if purpose == Use::Read && !DataDirectory::holds_store(path) {
        return Err(Failure::usage(format!("there is no data directory {} with a store in it", path.display())));
    }
    let directory = DataDirectory::open(path).map_err(|error| Failure::new(error.to_string()))?;
    let file = directory.store_file();
    let store = tokio::task::spawn_blocking(move || EmbeddedStore::open(file)).await;
    let store = store.map_err(|error| Failure::new(format!("cannot open {}: {error}", path.display())))?;
    let locked = |error: Error| match error {
        Error::Locked { .. } => Failure::from(Error::Locked { path: path.display().to_string() })
            .advise("stop that process first; a server stops with Ctrl-C or SIGTERM"),
        other => other.into(),
    };
    Ok(Arc::new(store.map_err(locked)?))
}

async fn neo4j(address: Option<&str>) -> Result<Arc<dyn GraphStore>, Failure> {
    todo!("{address:?}")
}

/// Why a store would not take an export in.
pub(super) fn refusal(place: &Place, error: Error) -> Failure {
    match error {
        Error::Taken { .. } => Failure::new(format!("{place} is not empty: nothing was copied"))
            .advise("a copy goes into a new data directory, or an empty Neo4j database"),
        other => other.into(),
    }
}
