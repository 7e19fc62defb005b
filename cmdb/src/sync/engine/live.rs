//! The tasks that this process runs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_core::stream::BoxStream;
use futures_util::stream;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::Inner;
use super::row::Row;
use super::run::Run;
use crate::model::TaskId;
use crate::sync::{DiscoveryRequest, Task};

/// The tasks that this process runs, by their ids.
#[derive(Debug, Default)]
pub(super) struct LiveTasks(Mutex<BTreeMap<TaskId, Live>>);

#[derive(Debug)]
struct Live {
    shown: watch::Receiver<Task>,
    cancel: CancellationToken,
}

impl LiveTasks {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<TaskId, Live>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The task as it is now.
    pub(super) fn task(&self, id: &TaskId) -> Option<Task> {
        self.lock().get(id).map(|live| live.shown.borrow().clone())
    }

    /// Asks the task to stop; gives it as it is now.
    pub(super) fn cancel(&self, id: &TaskId) -> Option<Task> {
        self.lock().get(id).map(|live| {
            live.cancel.cancel();
            live.shown.borrow().clone()
        })
    }

    /// The task now and after each step.
    pub(super) fn watch(&self, id: &TaskId) -> Option<BoxStream<'static, Task>> {
        self.lock().get(id).map(|live| steps(live.shown.clone()))
    }

    /// The task that runs a request, if one does.
    pub(super) fn running(&self, request: &DiscoveryRequest) -> Option<TaskId> {
        self.lock().iter().find(|(_, live)| live.shown.borrow().request == *request).map(|(id, _)| id.clone())
    }
}

/// What a receiver shows, now and after each change, until the task has ended or its sender is gone.
fn steps(shown: watch::Receiver<Task>) -> BoxStream<'static, Task> {
    let step = async |mut shown: watch::Receiver<Task>, first: bool| {
        if !first {
            shown.changed().await.ok()?;
        }
        let task = shown.borrow_and_update().clone();
        let rest = (!task.status.is_final()).then_some((shown, false));
        Some((task, rest))
    };
    Box::pin(stream::unfold(Some((shown, true)), move |rest| async move {
        let (shown, first) = rest?;
        step(shown, first).await
    }))
}

impl Inner {
    /// Begins a task whose row is stored.
    pub(super) fn launch(self: &Arc<Self>, task: Task, run: Run) {
        let id = task.task_id.clone();
        let (sender, shown) = watch::channel(task);
        let row = Row::new(Arc::clone(&self.tasks), sender);
        self.live.lock().insert(id.clone(), Live { shown, cancel: run.cancellation() });
        let span = tracing::info_span!("discovery", task_id = %id);
        let inner = Arc::clone(self);
        let running = async move {
            run.to_end(&row).await;
            inner.live.lock().remove(&id);
        };
        self.runs.spawn(running.instrument(span));
    }
}
