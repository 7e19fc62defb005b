//! Bringing the graph to what exists: durable tasks over a [`Discoverer`](crate::Discoverer) and a
//! [`GraphStore`](crate::GraphStore).

mod credentials;
mod engine;
mod request;
mod task;

pub use credentials::Credentials;
pub use engine::{EngineSettings, SyncEngine};
pub use request::DiscoveryRequest;
#[cfg(feature = "mock")]
pub use task::MockTaskStore;
pub use task::{Task, TaskError, TaskPage, TaskProgress, TaskStatus, TaskStore};
