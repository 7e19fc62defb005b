//! The Neo4j that the tests run against.

use std::ops::Deref;

use dharmagraph_cmdb::Secret;
use dharmagraph_cmdb::store::{Neo4jOptions, Neo4jStore};
use tokio::sync::{Mutex, MutexGuard};

/// The Community edition has one database: the tests of a program take turns.
static TURN: Mutex<()> = Mutex::const_new(());

/// A store over an emptied database that nobody else uses meanwhile.
pub(crate) struct Emptied {
    store: Neo4jStore,
    _turn: MutexGuard<'static, ()>,
}

impl Deref for Emptied {
    type Target = Neo4jStore;

    fn deref(&self) -> &Neo4jStore {
        &self.store
    }
}

/// Empties the database as soon as it is free.
pub(crate) async fn emptied() -> Emptied {
    let turn = TURN.lock().await;
    let store = Neo4jStore::connect(&options()).unwrap();
    store.clear().await.unwrap();
    Emptied { store, _turn: turn }
}

/// Where the environment says that the Neo4j is.
pub(crate) fn options() -> Neo4jOptions {
    let variable = |name: &str| {
        std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run `make test`, which starts a Neo4j for the tests"))
    };
    Neo4jOptions::new(variable("NEO4J_URI"), variable("NEO4J_USER"), Secret::new(variable("NEO4J_PASSWORD")))
}
