//! The engine that runs discoveries.

use std::sync::Arc;
use std::time::Duration;

use futures_core::stream::BoxStream;

use super::{DiscoveryRequest, Task, TaskPage, TaskStore};
use crate::discover::Connector;
use crate::error::Result;
use crate::model::{PageRequest, TaskId};
use crate::store::{GraphStore, RemovalGuard};

/// How the engine behaves.
#[derive(Debug, Clone)]
pub struct EngineSettings {
    /// What to hold back.
    pub guard: RemovalGuard,
    /// History older than this is forgotten once an hour; kept for ever where nothing is set.
    pub history_retention: Option<Duration>,
}

impl Default for EngineSettings {
    fn default() -> Self {
        Self { guard: RemovalGuard::default(), history_retention: None }
    }
}

/// Runs discoveries as durable tasks.
///
/// # Guarantees
/// - A task's row is stored before `start` returns it, and says `running` until the task has ended.
/// - A scope is stored whole, when its listing has ended well; a failed scope changes nothing.
/// - Two tasks never sync one scope at once: the later waits.
/// - After a crash or `shutdown`, `resume` takes every unfinished task up again, but for the scopes that it had stored;
///   a task whose credentials or document came with the request ends `failed` with `CREDENTIALS_GONE` or `DOCUMENT_GONE`.
/// - Cancelling stops the listing; what was stored stays.
///
/// Cheap to clone; the clones are one engine.
#[derive(Debug, Clone)]
pub struct SyncEngine {
    inner: Arc<()>,
}

#[expect(unused_variables, clippy::todo, clippy::unused_async, reason = "bodies follow")]
impl SyncEngine {
    /// An engine over one store.
    #[must_use]
    pub fn new(
        store: Arc<dyn GraphStore>,
        tasks: Arc<dyn TaskStore>,
        connectors: Vec<Arc<dyn Connector>>,
        settings: EngineSettings,
    ) -> Self {
        todo!()
    }

    /// Checks a request, stores its task and begins it. Nobody is asked before this returns.
    ///
    /// # Errors
    /// [`Error::Unsupported`](crate::Error::Unsupported) for a provider without connector; what
    /// [`Connector::validate`] says.
    pub async fn start(&self, request: DiscoveryRequest) -> Result<Task> {
        todo!()
    }

    /// One task, as it is now.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound).
    pub async fn task(&self, id: &TaskId) -> Result<Task> {
        todo!()
    }

    /// A page of tasks, newest first.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) for a bad cursor.
    pub async fn tasks(&self, page: &PageRequest) -> Result<TaskPage> {
        todo!()
    }

    /// Asks a task to stop and gives it as it is then. A task that has ended stays as it is.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound).
    pub async fn cancel(&self, id: &TaskId) -> Result<Task> {
        todo!()
    }

    /// The task now and after each step, until it has ended.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound).
    pub async fn watch(&self, id: &TaskId) -> Result<BoxStream<'static, Task>> {
        todo!()
    }

    /// Takes up what an earlier process left unfinished; gives those tasks.
    ///
    /// # Errors
    /// What the task store says.
    pub async fn resume(&self) -> Result<Vec<Task>> {
        todo!()
    }

    /// Runs `request` now and then again each time `every` has passed since the last run's end.
    pub fn schedule(&self, every: Duration, request: DiscoveryRequest) {
        todo!()
    }

    /// Stops every task where it is and waits until each has stored its row; they can be resumed.
    pub async fn shutdown(&self) {
        todo!()
    }
}
