//! Discover infrastructure through provider-agnostic traits and keep it as a graph with its history.
//!
//! A [`Discoverer`] lists what exists at one provider. The [`SyncEngine`](sync::SyncEngine) runs it as a durable task and
//! tells a [`GraphStore`] what was found; the store keeps resources, relationships and every change of them.
//!
//! | feature | what it adds |
//! |---|---|
//! | `embedded` (default) | [`EmbeddedStore`](store::EmbeddedStore): the graph in memory, written through to one file |
//! | `neo4j` | [`Neo4jStore`](store::Neo4jStore): the graph in a Neo4j 5 |
//! | `aws` | discovery of AWS accounts through the official SDK |
//! | `terraform` | discovery from Terraform state files |
//! | `testkit` | the checks that every store and discoverer must pass |
//! | `mock` | mocks of the traits |

#[cfg(feature = "aws")]
pub mod aws;
#[cfg(any(feature = "aws", feature = "terraform"))]
mod aws_status;
mod discover;
mod error;
pub mod format;
mod impact;
mod model;
mod secret;
pub mod store;
pub mod sync;
#[cfg(feature = "terraform")]
pub mod terraform;
#[cfg(feature = "testkit")]
pub mod testkit;
pub mod view;

pub use discover::{Calls, Connector, Discoverer, DiscoveryEvent};
pub use error::{BoxError, Error, ErrorKind, Result};
pub use impact::impact_direction;
pub use model::*;
pub use secret::Secret;
pub use store::{
    Capability, ExportRecord, GraphStore, HeldBack, ImportReport, QueryLimits, QueryPlan, ReconcileOptions, ReconcileReport,
    RemovalGuard, ScopeSnapshot, ScopeState, Snapshot, Table,
};

#[cfg(all(doctest, feature = "embedded", feature = "terraform"))]
#[doc = include_str!("../README.md")]
struct Readme;
