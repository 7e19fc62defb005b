//! The engine that runs discoveries.

mod intake;
mod listings;
mod live;
mod locks;
mod resume;
mod retry;
mod row;
mod run;
mod runs;
mod schedule;

use std::collections::BTreeMap;
use std::sync::{Arc, Once};
use std::time::Duration;

use futures_core::stream::BoxStream;
use tokio_util::sync::CancellationToken;

use self::live::LiveTasks;
use self::locks::ScopeLocks;
use self::runs::Runs;
use super::{DiscoveryRequest, Task, TaskPage, TaskStatus, TaskStore};
use crate::discover::Connector;
use crate::error::{Error, Result};
use crate::model::{PageRequest, Provider, TaskId, Timestamp};
use crate::store::{GraphStore, RemovalGuard};

/// How the engine behaves.
#[derive(Debug, Clone, Default)]
pub struct EngineSettings {
    /// What to hold back.
    pub guard: RemovalGuard,
    /// History older than this is forgotten once an hour, from the first `start`, `resume` or `schedule` on; kept for ever
    /// where nothing is set.
    pub history_retention: Option<Duration>,
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
/// - A discovery that panics ends `failed` with `INTERNAL`.
///
/// Cheap to clone; the clones are one engine. Its methods have to be called on a Tokio runtime with time enabled.
#[derive(Debug, Clone)]
pub struct SyncEngine {
    inner: Arc<Inner>,
}

/// What the clones share.
#[derive(Debug)]
struct Inner {
    store: Arc<dyn GraphStore>,
    tasks: Arc<dyn TaskStore>,
    connectors: BTreeMap<Provider, Arc<dyn Connector>>,
    settings: EngineSettings,
    live: LiveTasks,
    locks: ScopeLocks,
    /// Held while a task comes into being or is taken up, so that each does so once.
    intake: tokio::sync::Mutex<()>,
    retention: Once,
    stop: CancellationToken,
    runs: Runs,
}

impl SyncEngine {
    /// An engine over one store. Where two connectors take one provider's requests, the last one does.
    #[must_use]
    pub fn new(
        store: Arc<dyn GraphStore>,
        tasks: Arc<dyn TaskStore>,
        connectors: Vec<Arc<dyn Connector>>,
        settings: EngineSettings,
    ) -> Self {
        let connectors = connectors.into_iter().map(|connector| (connector.provider(), connector)).collect();
        let inner = Inner {
            store,
            tasks,
            connectors,
            settings,
            live: LiveTasks::default(),
            locks: ScopeLocks::default(),
            intake: tokio::sync::Mutex::default(),
            retention: Once::new(),
            stop: CancellationToken::new(),
            runs: Runs::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Checks a request, stores its task and begins it. Nobody is asked before this returns.
    ///
    /// A request with the idempotency key of an earlier one gives that one's task.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a provider without connector; what [`Connector::validate`] says; [`Error::Taken`] for
    /// an idempotency key that another request came with; what the task store says.
    pub async fn start(&self, request: DiscoveryRequest) -> Result<Task> {
        self.inner.keep_history();
        self.inner.start(request).await
    }

    /// One task, as it is now.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn task(&self, id: &TaskId) -> Result<Task> {
        if let Some(task) = self.inner.live.task(id) {
            return Ok(task);
        }
        self.inner.tasks.task(id).await?.ok_or_else(|| Error::NotFound { what: "task", id: id.to_string() })
    }

    /// A page of tasks, newest first.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a bad cursor.
    pub async fn tasks(&self, page: &PageRequest) -> Result<TaskPage> {
        let mut page = self.inner.tasks.tasks(page).await?;
        for row in &mut page.tasks {
            if let Some(task) = self.inner.live.task(&row.task_id) {
                *row = task;
            }
        }
        Ok(page)
    }

    /// Asks a task to stop and gives it as it is then. A task that has ended stays as it is.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn cancel(&self, id: &TaskId) -> Result<Task> {
        let _turn = self.inner.intake.lock().await;
        if let Some(task) = self.inner.live.cancel(id) {
            return Ok(task);
        }
        let mut task = self.task(id).await?;
        if !task.status.is_final() {
            (task.status, task.completed_at) = (TaskStatus::Cancelled, Some(Timestamp::now()));
            self.inner.tasks.put(&task).await?;
        }
        Ok(task)
    }

    /// The task now and after each step, until it has ended or the engine was shut down. Steps that follow each other
    /// faster than they are read may be skipped, never the end.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn watch(&self, id: &TaskId) -> Result<BoxStream<'static, Task>> {
        if let Some(steps) = self.inner.live.watch(id) {
            return Ok(steps);
        }
        let task = self.task(id).await?;
        Ok(Box::pin(futures_util::stream::iter([task])))
    }

    /// Takes up what an earlier process left unfinished; gives those tasks, as they are then.
    ///
    /// # Errors
    /// What the task store says.
    pub async fn resume(&self) -> Result<Vec<Task>> {
        self.inner.keep_history();
        self.inner.resume().await
    }

    /// Runs `request` now and then again each time `every` has passed since the last run's end, until `shutdown`.
    ///
    /// While an earlier run of the same request is under way, for instance a resumed one, that one is waited for. An
    /// idempotency key does not count here.
    pub fn schedule(&self, every: Duration, request: DiscoveryRequest) {
        self.inner.keep_history();
        self.inner.schedule(every, request);
    }

    /// Stops every task where it is and waits until each has stored its row; they can be resumed. Afterwards `start`
    /// fails.
    pub async fn shutdown(&self) {
        self.inner.stop.cancel();
        drop(self.inner.intake.lock().await);
        self.inner.runs.wait().await;
    }
}
