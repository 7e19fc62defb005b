//! `discover`: begin a discovery, watch it, tell how it ended.

use dharmagraph_cmdb::sync::{DiscoveryRequest, Task, TaskStatus};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;

use super::failure::{Exit, Failure};
use super::inventory::Inventory;
use super::output::Output;
use super::progress::Progress;
use super::summary;

/// Runs the request to its end, after what an earlier run left unfinished. The first interrupt cancels the discovery and
/// waits for its end; the second one does not wait.
pub(crate) async fn run(
    inventory: &dyn Inventory,
    request: DiscoveryRequest,
    mut interrupts: BoxStream<'static, ()>,
    output: &mut Output<'_>,
) -> Result<Exit, Failure> {
    let screen = Screen { progress: Progress::new(output.is_json()), quiet: output.is_json() };
    for unfinished in inventory.resume().await? {
        screen.say(&format!("{} was left unfinished by an earlier run and goes on first", unfinished.task_id));
        match follow(inventory, &unfinished, &mut interrupts, &screen).await? {
            Some(task) if task.status != TaskStatus::Cancelled => {}
            _ => return Ok(Exit::Interrupted),
        }
    }
    let task = inventory.discover(request).await?;
    screen.say(&format!("{} started", task.task_id));
    let Some(task) = follow(inventory, &task, &mut interrupts, &screen).await? else {
        return Ok(Exit::Interrupted);
    };
    screen.progress.end();
    summary::write(&task, output)?;
    Ok(summary::exit(task.status))
}

/// Standard error, while a discovery runs.
#[derive(Debug)]
struct Screen {
    progress: Progress,
    quiet: bool,
}

impl Screen {
    fn say(&self, text: &str) {
        if !self.quiet {
            self.progress.say(text);
        }
    }
}

/// The task at its end; nothing where the person would not wait for it.
async fn follow(
    inventory: &dyn Inventory,
    task: &Task,
    interrupts: &mut BoxStream<'static, ()>,
    screen: &Screen,
) -> Result<Option<Task>, Failure> {
    let id = &task.task_id;
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
                screen.progress.show(&task);
                if ended || task.status.is_final() {
                    return Ok(Some(task));
                }
            }
            Some(()) = interrupts.next() => {
                if cancelled {
                    screen.say("Not waiting any longer: the discovery may still be stopping.");
                    return Ok(None);
                }
                cancelled = true;
                screen.say("Stopping; press Ctrl-C again to leave at once.");
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
