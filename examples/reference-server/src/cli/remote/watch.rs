//! Following a discovery that runs on a server.

use std::time::Duration;

use dharmagraph_cmdb::TaskId;
use dharmagraph_cmdb::sync::Task;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::wrappers::ReceiverStream;

use super::Remote;
use crate::cli::events::EventReader;
use crate::cli::failure::Failure;
use crate::cli::inventory::Inventory as _;

/// How many looks in a row may fail before the server is given up: it may be restarting, and resumes the discovery.
const LOOKS: u32 = 20;

/// How long a progress stream may be silent; servers send a sign of life more often.
const SILENCE: Duration = Duration::from_secs(60);

/// The task after each step: pushed by the server, else asked for again and again.
pub(super) fn watch(remote: Remote, id: TaskId) -> BoxStream<'static, Result<Task, Failure>> {
    let (sender, receiver) = channel(1);
    tokio::spawn(async move {
        // Nobody listens any more where sending fails.
        if pushed(&remote, &id, &sender).await.is_none() {
            let _ = polled(&remote, &id, &sender).await;
        }
    });
    ReceiverStream::new(receiver).boxed()
}

/// Passes on what the server pushes; something once nothing more is to be said.
async fn pushed(remote: &Remote, id: &TaskId, sender: &Sender<Result<Task, Failure>>) -> Option<()> {
    let url = remote.url(&["discovery", id.as_str(), "events"]);
    let request = remote.client.get(url).header("accept", "text/event-stream");
    let mut pieces = remote.send(request).await.ok()?.bytes_stream();
    let mut events = EventReader::default();
    while let Some(Ok(piece)) = tokio::time::timeout(SILENCE, pieces.next()).await.ok()? {
        for event in events.push(&piece).ok()? {
            let Ok(task) = serde_json::from_str::<Task>(&event.data) else { continue };
            let ended = task.status.is_final();
            if sender.send(Ok(task)).await.is_err() || ended {
                return Some(());
            }
        }
    }
    None
}

/// Passes on what the server answers when it is asked.
async fn polled(remote: &Remote, id: &TaskId, sender: &Sender<Result<Task, Failure>>) -> Option<()> {
    let mut failed = 0;
    loop {
        match remote.task(id).await {
            Ok(task) => {
                failed = 0;
                let ended = task.status.is_final();
                sender.send(Ok(task)).await.ok()?;
                if ended {
                    return Some(());
                }
            }
            Err(_) if failed < LOOKS && !sender.is_closed() => failed += 1,
            Err(failure) => {
                let failure = failure.advise(format!("the discovery goes on where the server does: `dharmagraph tasks {id}`"));
                return sender.send(Err(failure)).await.ok();
            }
        }
        tokio::time::sleep(remote.poll_every).await;
    }
}
