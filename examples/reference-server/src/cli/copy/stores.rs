//! Opening the store of a place.

use std::path::Path;
use std::sync::Arc;

use dharmagraph_cmdb::store::{EmbeddedStore, Neo4jOptions, Neo4jStore};
use dharmagraph_cmdb::{Error, GraphStore};
use dharmagraph_reference_server::config::{Configuration, ConfigurationError, StoreKind};
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

/// Opens the store of a place that is one; `configuration` is the file that the person named.
pub(super) async fn open(place: &Place, purpose: Use, configuration: Option<&Path>) -> Result<Arc<dyn GraphStore>, Failure> {
    match place {
        Place::Embedded(path) => embedded(path, purpose).await,
        Place::Neo4j(address) => neo4j(address.as_deref(), configuration),
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

/// The Neo4j of this address, else the configured one; who logs in is configured, so that no password is on a command line.
fn neo4j(address: Option<&str>, file: Option<&Path>) -> Result<Arc<dyn GraphStore>, Failure> {
    let refused = |error: ConfigurationError| Failure::usage(error.to_string());
    let mut configuration = Configuration::load(file).map_err(refused)?;
    configuration.store = StoreKind::Neo4j;
    if let Some(address) = address {
        address.clone_into(&mut configuration.neo4j.uri);
    }
    configuration.check().map_err(refused)?;
    let neo4j = &configuration.neo4j;
    let options = Neo4jOptions::new(&neo4j.uri, &neo4j.user, neo4j.password().map_err(refused)?.clone());
    Ok(Arc::new(Neo4jStore::connect(&options)?))
}

/// Why a store would not take an export in.
pub(super) fn refusal(place: &Place, error: Error) -> Failure {
    match error {
        Error::Taken { .. } => Failure::new(format!("{place} is not empty: nothing was copied"))
            .advise("a copy goes into a new data directory, or an empty Neo4j database"),
        other => other.into(),
    }
}
