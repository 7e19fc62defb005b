//! `discover`: begin a discovery, watch it, tell how it ended.

use dharmagraph_cmdb::TaskId;
use dharmagraph_cmdb::sync::{DiscoveryRequest, Task};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;

use super::failure::{Exit, Failure};
use super::inventory::Inventory;
use super::output::Output;
use super::progress::Progress;
use super::screen::printable;
use super::summary;

/// Runs the request to its end. The first interrupt cancels the discovery and waits for its end; the second one does not
/// wait.
pub(crate) async fn run(
    inventory: &dyn Inventory,
    request: DiscoveryRequest,
    interrupts: BoxStream<'static, ()>,
    output: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let quiet = output.is_json();
    let task = inventory.discover(request).await?;
    let progress = Progress::new(quiet);
    let tell = |text: &str| {
        if !quiet {
            progress.say(text)
        }
    };
    tell(&format!("{} started", printable(task.task_id.as_str())));
    let outcome = follow(inventory, &task.task_id, interrupts, &progress, &tell).await;
    progress.end();
    let Some(task) = outcome? else {
        tell("Not waiting any longer: the discovery may still be stopping.");
        return Ok(Exit::Interrupted);
    };
    summary::write(&task, output)?;
    Ok(summary::exit(task.status))
}

/// The task at its end; nothing where the person would not wait for it.
async fn follow(
    inventory: &dyn Inventory,
    id: &TaskId,
    mut interrupts: BoxStream<'static, ()>,
    progress: &Progress,
    tell: &dyn Fn(&str),
) -> Result<Option<Task>, Failure> {
    let mut steps = inventory.watch(id).await?;
    let mut cancelled = false;
    loop {
        tokio::select! {
            step = steps.next() => {
                // A stream that ends early says nothing of how the discovery did.
                let ended = step.is_none();
                let task = match step {
                    Some(task) => task?,
                    None => inventory.task(id).await?,
                };
                progress.show(&task);
                if ended || task.status.is_final() {
                    return Ok(Some(task));
                }
            }
            Some(()) = interrupts.next() => {
                if cancelled {
                    return Ok(None);
                }
                cancelled = true;
                tell("Stopping; press Ctrl-C again to leave at once.");
                inventory.cancel(id).await?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use dharmagraph_cmdb::Provider;
    use futures_util::stream;

    use super::*;
    use crate::cli::fake_server::{FakeServer, Script};
    use crate::cli::output::Style;

    async fn discover(script: Script, interrupts: BoxStream<'static, ()>) -> (u8, Task) {
        let server = FakeServer::start(script).await;
        let mut bytes = Vec::new();
        let mut output = Output::new(&mut bytes, Style { json: true, color: false });
        let mut request = DiscoveryRequest::new(Provider::AWS);
        request.regions = vec!["us-east-1".into()];
        let exit = run(&server.client(), request, interrupts, &mut output).await.unwrap();
        (exit.status(), serde_json::from_slice(&bytes).unwrap())
    }

    #[tokio::test]
    async fn a_discovery_is_watched_to_its_end() {
        let (exit, task) = discover(Script::ends("completed"), stream::pending().boxed()).await;
        assert_eq!((exit, summary::word(task.status)), (0, "completed"));
    }

    #[tokio::test]
    async fn a_partial_and_a_failed_discovery_have_their_exit_statuses() {
        assert_eq!(discover(Script::ends("partial"), stream::pending().boxed()).await.0, 3);
        assert_eq!(discover(Script::ends("failed"), stream::pending().boxed()).await.0, 1);
    }

    #[tokio::test]
    async fn an_interrupt_cancels_the_discovery_and_waits_for_its_end() {
        let interrupt = stream::once(async {}).chain(stream::pending()).boxed();
        let (exit, task) = discover(Script::runs_until_cancelled(), interrupt).await;
        assert_eq!((exit, summary::word(task.status)), (130, "cancelled"));
    }
}
