//! Taking up what an earlier process left.

use std::sync::Arc;

use super::Inner;
use super::row::task_error;
use super::run::Run;
use crate::error::Result;
use crate::model::Timestamp;
use crate::sync::{Credentials, DiscoveryRequest, Task, TaskError, TaskStatus};

impl Inner {
    pub(super) async fn resume(self: &Arc<Self>) -> Result<Vec<Task>> {
        let _turn = self.intake.lock().await;
        let mut resumed = Vec::new();
        if self.stop.is_cancelled() {
            return Ok(resumed);
        }
        for mut task in self.tasks.unfinished().await? {
            if self.live.task(&task.task_id).is_some() {
                continue;
            }
            match (gone(&task.request), self.connector(&task.provider)) {
                (None, Ok(connector)) => self.launch(task.clone(), Run::new(self, connector, task.request.clone(), true)),
                (Some(error), _) => self.give_up(&mut task, error).await?,
                (None, Err(error)) => self.give_up(&mut task, task_error(&error)).await?,
            }
            resumed.push(task);
        }
        Ok(resumed)
    }

    async fn give_up(&self, task: &mut Task, error: TaskError) -> Result<()> {
        tracing::warn!(task_id = %task.task_id, code = error.code, "a task cannot be resumed");
        task.errors.push(error);
        (task.status, task.completed_at) = (TaskStatus::Failed, Some(Timestamp::now()));
        self.tasks.put(task).await
    }
}

/// What a request came with and its row does not keep.
fn gone(request: &DiscoveryRequest) -> Option<TaskError> {
    let (code, what) = if request.credentials == Some(Credentials::Gone {}) {
        ("CREDENTIALS_GONE", "credentials")
    } else if request.inline_document && request.document.is_none() {
        ("DOCUMENT_GONE", "document")
    } else {
        return None;
    };
    let message = format!(
        "the {what} came with the request and were not stored, so that the discovery cannot go on after a restart; what it \
         had stored stays; discover again"
    );
    Some(TaskError { scope: None, code: code.to_owned(), message })
}
