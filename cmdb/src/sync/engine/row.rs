//! A running task: as it is shown, and as it is stored.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::watch;

use super::retry::retried;
use crate::discover::Calls;
use crate::error::{Error, Result};
use crate::model::{Scope, Timestamp};
use crate::store::{HeldBack, ReconcileReport};
use crate::sync::{Task, TaskError, TaskProgress, TaskStatus, TaskStore};

/// The code of a scope's error whose removals were held back.
const HELD_BACK: &str = "HELD_BACK";

/// A running task: as it is shown to watchers, and its row.
#[derive(Debug)]
pub(super) struct Row {
    tasks: Arc<dyn TaskStore>,
    shown: watch::Sender<Task>,
}

impl Row {
    pub(super) fn new(tasks: Arc<dyn TaskStore>, shown: watch::Sender<Task>) -> Self {
        Self { tasks, shown }
    }

    pub(super) fn task(&self) -> Task {
        self.shown.borrow().clone()
    }

    /// Begins a run that lists all of its scopes but those that an earlier run of the task has `stored`. What that run
    /// said of other scopes no longer counts.
    pub(super) fn begin(&self, total: usize, stored: &BTreeSet<Scope>) {
        let stored: BTreeSet<String> = stored.iter().map(Scope::to_string).collect();
        self.shown.send_modify(|task| {
            task.errors
                .retain(|error| error.code == HELD_BACK && error.scope.as_ref().is_some_and(|scope| stored.contains(scope)));
            task.progress.scopes_total = total as u64;
            task.progress.scopes_done = stored.len() as u64;
        });
    }

    /// Forgets what an earlier run counted.
    pub(super) fn start_over(&self) {
        self.shown.send_modify(|task| {
            (task.resources_discovered, task.created, task.updated, task.unchanged) = (0, 0, 0, 0);
            (task.removed, task.held_back, task.progress) = (0, 0, TaskProgress::default());
        });
    }

    /// Shows how much was asked, on top of what an earlier run of the task had asked.
    pub(super) fn asked(&self, before: Calls, now: Calls) {
        self.shown.send_modify(|task| {
            task.progress.api_calls = before.api_calls + now.api_calls;
            task.progress.retries = before.retries + now.retries;
        });
    }

    /// Shows that a scope failed.
    pub(super) fn failed(&self, scope: &Scope, error: &Error) {
        tracing::warn!(%scope, %error, "a scope failed");
        let mut failure = task_error(error);
        failure.scope = Some(scope.to_string());
        self.shown.send_modify(|task| {
            task.errors.push(failure);
            task.progress.scopes_done += 1;
        });
    }

    /// Shows that scopes were stored, with so many resources, and stores the row.
    pub(super) async fn stored(&self, scopes: u64, resources: u64, report: ReconcileReport) -> Result<()> {
        self.shown.send_modify(|task| {
            task.progress.scopes_done += scopes;
            task.resources_discovered += resources;
            task.created += report.created;
            task.updated += report.updated;
            task.unchanged += report.unchanged;
            task.removed += report.removed;
            task.held_back += report.held_back.iter().map(|held| held.missing).sum::<u64>();
            task.errors.extend(report.held_back.iter().map(held_back));
        });
        self.save().await
    }

    /// Stores the row as it is shown.
    pub(super) async fn save(&self) -> Result<()> {
        let task = self.task();
        retried(|| self.tasks.put(&task)).await
    }

    /// Ends the task whose scopes have all ended, with the status that these make.
    pub(super) async fn end(&self) {
        let task = self.shown.borrow().clone();
        let held_back = task.errors.iter().filter(|error| error.code == HELD_BACK).count() as u64;
        let failed = task.errors.len() as u64 - held_back;
        let status = match (failed, task.progress.scopes_done.saturating_sub(failed)) {
            (0, _) if held_back == 0 => TaskStatus::Completed,
            (0, _) | (_, 1..) => TaskStatus::Partial,
            _ => TaskStatus::Failed,
        };
        self.end_as(status, None).await;
    }

    /// Ends the task. Nobody is shown the end before it is stored, unless it cannot be.
    pub(super) async fn end_as(&self, status: TaskStatus, error: Option<TaskError>) {
        let mut task = self.task();
        task.errors.extend(error);
        (task.status, task.completed_at) = (status, Some(Timestamp::now()));
        if let Err(error) = retried(|| self.tasks.put(&task)).await {
            tracing::error!(%error, "the end of a task could not be stored; it will be resumed after a restart");
        }
        tracing::info!(?status, resources = task.resources_discovered, errors = task.errors.len(), "discovery ended");
        self.shown.send_replace(task);
    }
}

/// An error in the words of a task's row, for the whole task.
pub(super) fn task_error(error: &Error) -> TaskError {
    let code = match error {
        Error::Provider { code, .. } => code.clone(),
        error => error.code().to_owned(),
    };
    TaskError { scope: None, code, message: error.to_string() }
}

fn held_back(held: &HeldBack) -> TaskError {
    let HeldBack { scope, missing, owned } = held;
    let message = format!(
        "the listing no longer held {missing} of {owned} resources; they were kept, since that looks more like a mistake \
         than like a change; if they are gone, discover again with accept_removals"
    );
    TaskError { scope: Some(scope.to_string()), code: HELD_BACK.to_owned(), message }
}
