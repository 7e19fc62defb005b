//! A discovery as a durable task.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::DiscoveryRequest;
use crate::error::Result;
use crate::model::{PageRequest, Provider, TaskId, Timestamp};

/// How far a task has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskStatus {
    /// Under way, or to be resumed.
    Running,
    /// Every scope was listed and stored.
    Completed,
    /// Some scopes were listed and stored, others failed.
    Partial,
    /// Nothing was listed.
    Failed,
    /// Somebody stopped it; scopes that were stored before stay.
    Cancelled,
}

impl TaskStatus {
    /// Whether the task has ended.
    #[must_use]
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Running)
    }
}

/// Why a scope, or the whole task, failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskError {
    /// The scope's text; nothing where the whole task failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The provider's error code, or one of ours: `CREDENTIALS_GONE`, `HELD_BACK`, ...
    pub code: String,
    /// In words.
    pub message: String,
}

/// How much of a task is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TaskProgress {
    /// Scopes that ended, failed ones included.
    pub scopes_done: u64,
    /// Scopes in all.
    pub scopes_total: u64,
    /// Calls of the provider's API.
    pub api_calls: u64,
    /// Calls that were made again.
    pub retries: u64,
}

/// A discovery: its row in the store, and its JSON in the REST API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Its name.
    pub task_id: TaskId,
    /// Who is asked.
    pub provider: Provider,
    /// How far it has come.
    pub status: TaskStatus,
    /// When it was accepted.
    pub started_at: Timestamp,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// Resources listed.
    pub resources_discovered: u64,
    /// What failed.
    pub errors: Vec<TaskError>,
    /// Resources that were not there before.
    pub created: u64,
    /// Resources with a changed fact.
    pub updated: u64,
    /// Resources as they already were.
    pub unchanged: u64,
    /// Resources that went.
    pub removed: u64,
    /// Resources that would have gone, but for the guard.
    pub held_back: u64,
    /// How much is done.
    pub progress: TaskProgress,
    /// What was asked, without secrets.
    pub request: DiscoveryRequest,
}

/// A part of the tasks, newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskPage {
    /// Newest first.
    pub tasks: Vec<Task>,
    /// Cursor of the next page; nothing on the last one.
    pub next_cursor: Option<String>,
}

/// Where tasks are kept.
///
/// # Contract
/// - `put` replaces the row of the same id; when it returns, the row is there after a crash.
/// - `tasks` is newest first: by `started_at`, then by id, both descending.
/// - A new task's id is not taken: `insert` fails with [`Error::Taken`](crate::Error::Taken) where it is.
/// - No row holds a secret: [`Task`] cannot carry one through serialisation.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait TaskStore: Send + Sync + std::fmt::Debug {
    /// Adds a row.
    async fn insert(&self, task: &Task) -> Result<()>;

    /// Replaces a row.
    async fn put(&self, task: &Task) -> Result<()>;

    /// One task.
    async fn task(&self, id: &TaskId) -> Result<Option<Task>>;

    /// A page of tasks.
    async fn tasks(&self, page: &PageRequest) -> Result<TaskPage>;

    /// The task that a request with this key made, if it is kept.
    async fn task_by_key(&self, provider: &Provider, idempotency_key: &str) -> Result<Option<Task>>;

    /// Every task that has not ended.
    async fn unfinished(&self) -> Result<Vec<Task>>;
}
