//! From a request to a task.

use std::sync::Arc;

use super::Inner;
use super::run::Run;
use crate::discover::Connector;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Provider, TaskId, Timestamp};
use crate::sync::{Credentials, DiscoveryRequest, Task, TaskProgress, TaskStatus};

/// The most tasks of one provider that begin in one second.
const MAX_SUFFIX: u32 = 10_000;

impl Inner {
    pub(super) async fn start(self: &Arc<Self>, mut request: DiscoveryRequest) -> Result<Task> {
        request.inline_document = request.document.is_some();
        let connector = self.connector(&request.provider)?;
        if request.credentials == Some(Credentials::Gone {}) {
            return Err(Error::invalid("credentials", "an access_key and a secret_key beside source `inline`", "none"));
        }
        connector.validate(&request)?;

        let _turn = self.intake.lock().await;
        if self.stop.is_cancelled() {
            let operation = "start a discovery";
            return Err(Error::Backend { backend: "engine", operation, retryable: true, source: "it is shutting down".into() });
        }
        let kept = kept(&request);
        if let Some(earlier) = self.earlier(&kept).await? {
            return Ok(earlier);
        }
        let task = self.insert(kept).await?;
        self.launch(task.clone(), Run::new(self, connector, request, false));
        Ok(task)
    }

    pub(super) fn connector(&self, provider: &Provider) -> Result<Arc<dyn Connector>> {
        let unsupported = || Error::Unsupported { what: format!("discovery of `{provider}`"), backend: "this build".into() };
        self.connectors.get(provider).map(Arc::clone).ok_or_else(unsupported)
    }

    /// The task that a request with the same idempotency key made.
    async fn earlier(&self, request: &DiscoveryRequest) -> Result<Option<Task>> {
        let Some(key) = &request.idempotency_key else { return Ok(None) };
        let Some(row) = self.tasks.task_by_key(&request.provider, key).await? else { return Ok(None) };
        if row.request != *request {
            let advice = format!("task {} has it and was asked for something else; use another key", row.task_id);
            return Err(Error::Taken { what: "idempotency key", id: key.clone(), advice });
        }
        Ok(Some(self.live.task(&row.task_id).unwrap_or(row)))
    }

    /// Stores a new task's row under the first id that is free.
    async fn insert(&self, request: DiscoveryRequest) -> Result<Task> {
        let started_at = Timestamp::now();
        let name = format!("{}-discovery-{}", request.provider, started_at.compact());
        let mut task = new_task(TaskId::new(name.as_str()), started_at, request);
        let mut suffix = 1;
        loop {
            match self.tasks.insert(&task).await {
                Err(error) if error.kind() == ErrorKind::Conflict && suffix < MAX_SUFFIX => {
                    suffix += 1;
                    task.task_id = TaskId::new(format!("{name}-{suffix}"));
                }
                inserted => return inserted.map(|()| task),
            }
        }
    }
}

/// The request as its task keeps it: without what must not be stored.
pub(super) fn kept(request: &DiscoveryRequest) -> DiscoveryRequest {
    let mut kept = request.clone();
    kept.document = None;
    if matches!(kept.credentials, Some(Credentials::Inline { .. })) {
        kept.credentials = Some(Credentials::Gone {});
    }
    kept
}

fn new_task(task_id: TaskId, started_at: Timestamp, request: DiscoveryRequest) -> Task {
    Task {
        task_id,
        provider: request.provider.clone(),
        status: TaskStatus::Running,
        started_at,
        completed_at: None,
        resources_discovered: 0,
        errors: Vec::new(),
        created: 0,
        updated: 0,
        unchanged: 0,
        removed: 0,
        held_back: 0,
        progress: TaskProgress::default(),
        request,
    }
}
