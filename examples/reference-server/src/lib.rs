//! The reference server: dharmagraph's inventory over HTTP.
//!
//! One [`router`] answers the REST API over any [`GraphStore`](dharmagraph_cmdb::GraphStore) and
//! [`SyncEngine`](dharmagraph_cmdb::sync::SyncEngine); [`serve`] runs it from a [`Configuration`](config::Configuration)
//! on the embedded store or on Neo4j.
//!
//! ```no_run
//! use dharmagraph_reference_server::{config::Configuration, serve};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let configuration = Configuration::load(None)?;
//! serve(configuration, async { _ = tokio::signal::ctrl_c().await }).await?;
//! # Ok(())
//! # }
//! ```

pub mod auth;
pub mod config;
pub mod data_directory;
pub mod frame;
pub mod logging;
mod metrics;
pub mod models;
mod observe;
pub mod openapi;
mod origin;
mod parameters;
mod problem;
mod request_id;
mod routes;
#[cfg(test)]
mod secrecy;
mod server;
mod state;
mod store;

pub use auth::Admission;
pub use metrics::{InventoryFigures, Metrics};
pub use problem::{Problem, ProblemBody};
pub use routes::router;
pub use server::{ServeError, Server, serve};
pub use state::{AppState, Inventory};
