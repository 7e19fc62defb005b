//! A discovery, when it has ended.

use std::io;

use dharmagraph_cmdb::sync::{Task, TaskError, TaskStatus};

use super::failure::Exit;
use super::output::{Output, Rows, counted, number, text, time};
use super::screen::printable;

/// How many errors are shown before the rest is only counted.
const SHOWN_ERRORS: usize = 20;

/// The exit status that a discovery's end stands for.
pub(crate) const fn exit(status: TaskStatus) -> Exit {
    match status {
        TaskStatus::Completed | TaskStatus::Running => Exit::Done,
        TaskStatus::Partial => Exit::Partial,
        TaskStatus::Failed => Exit::Failed,
        TaskStatus::Cancelled => Exit::Interrupted,
    }
}

/// A state as it stands in a sentence.
pub(crate) const fn word(status: TaskStatus) -> &'static str {
    match status {
        TaskStatus::Running => "running",
        TaskStatus::Completed => "completed",
        TaskStatus::Partial => "partial",
        TaskStatus::Failed => "failed",
        TaskStatus::Cancelled => "cancelled",
    }
}

/// Writes what a discovery found, changed and could not do.
pub(crate) fn write(task: &Task, output: &mut Output<'_>) -> io::Result<()> {
    if output.is_json() {
        return output.json(task);
    }
    output.title(&headline(task))?;
    let columns = match task.request.dry_run {
        true => ["WOULD CREATE", "WOULD UPDATE", "UNCHANGED", "WOULD REMOVE", "HELD BACK"],
        false => ["CREATED", "UPDATED", "UNCHANGED", "REMOVED", "HELD BACK"],
    };
    let mut counts = Rows::under(&columns);
    counts.push([task.created, task.updated, task.unchanged, task.removed, task.held_back].map(number).to_vec());
    output.rows(counts)?;
    write_errors(&task.errors, output)?;
    if let Some(note) = note(task) {
        output.line("")?;
        output.line(note)?;
    }
    Ok(())
}

fn headline(task: &Task) -> String {
    let mut parts = vec![counted(task.resources_discovered, "resource", "resources")];
    let progress = &task.progress;
    parts.push(format!("{} of {}", progress.scopes_done, counted(progress.scopes_total, "scope", "scopes")));
    if progress.api_calls > 0 {
        parts.push(counted(progress.api_calls, "call", "calls"));
        parts.push(counted(progress.retries, "retry", "retries"));
    }
    match task.completed_at {
        Some(end) => {
            let seconds = (end.as_micros() - task.started_at.as_micros()).max(0) / 1_000_000;
            parts.push(format!("{seconds} s"));
        }
        None => parts.push(format!("since {}", time(task.started_at))),
    }
    let dry = if task.request.dry_run { " (dry run, nothing was written)" } else { "" };
    format!("{} {}{dry}: {}", printable(task.task_id.as_str()), word(task.status), parts.join(", "))
}

fn write_errors(errors: &[TaskError], output: &mut Output<'_>) -> io::Result<()> {
    if errors.is_empty() {
        return Ok(());
    }
    output.line("")?;
    let mut rows = Rows::under(&["SCOPE", "CODE", "ERROR"]);
    for error in errors.iter().take(SHOWN_ERRORS) {
        rows.push(vec![text(error.scope.as_deref().unwrap_or("-")), text(&error.code), text(&error.message)]);
    }
    output.rows(rows)?;
    match errors.len().checked_sub(SHOWN_ERRORS) {
        Some(more @ 1..) => output.line(&format!("and {more} more; `--json` shows all")),
        _ => Ok(()),
    }
}

fn note(task: &Task) -> Option<&'static str> {
    match task.status {
        TaskStatus::Cancelled => Some("Stopped before the end. What was stored until then stays; nothing else was touched."),
        _ if task.held_back > 0 => {
            Some("So many removals at once look like a mistake and were held back. If they are right: --accept-removals")
        }
        TaskStatus::Partial => Some("Nothing of the scopes above was removed or changed. Another run tries them again."),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::fake_server::task;
    use crate::cli::output::tests::written;

    fn error(scope: Option<&str>, message: &str) -> TaskError {
        TaskError { scope: scope.map(str::to_owned), code: "AccessDenied".into(), message: message.into() }
    }

    #[test]
    fn the_summary_tells_what_changed_and_what_is_missing() {
        let mut partial = task("partial");
        partial.resources_discovered = 847;
        (partial.created, partial.updated, partial.unchanged, partial.removed) = (3, 12, 830, 2);
        partial.progress.scopes_done = 40;
        partial.progress.scopes_total = 40;
        partial.progress.api_calls = 367;
        partial.progress.retries = 2;
        partial.errors = vec![error(Some("aws/1/us-west-2/AWS::RDS::DBInstance"), "not\nallowed \u{1b}[31m")];
        assert_eq!(
            written(false, |output| write(&partial, output)),
            "aws-discovery-20250118-123045 partial: 847 resources, 40 of 40 scopes, 367 calls, 2 retries, 37 s\n\
             CREATED  UPDATED  UNCHANGED  REMOVED  HELD BACK\n\
             \x20     3       12        830        2          0\n\
             \n\
             SCOPE                                 CODE          ERROR\n\
             aws/1/us-west-2/AWS::RDS::DBInstance  AccessDenied  not\\nallowed \\u{1b}[31m\n\
             \n\
             Nothing of the scopes above was removed or changed. Another run tries them again.\n"
        );
    }

    #[test]
    fn a_dry_run_says_that_nothing_was_written() {
        let mut dry = task("completed");
        dry.request.dry_run = true;
        let summary = written(false, |output| write(&dry, output));
        assert!(summary.contains("dry run, nothing was written") && summary.contains("WOULD CREATE"), "{summary}");
    }

    #[test]
    fn held_back_removals_come_with_the_way_to_let_them_through() {
        let mut held = task("partial");
        held.held_back = 25;
        assert!(written(false, |output| write(&held, output)).contains("--accept-removals"));
    }

    #[test]
    fn a_thousand_errors_do_not_fill_the_screen() {
        let mut failed = task("failed");
        failed.errors = vec![error(None, "no"); 1000];
        let summary = written(false, |output| write(&failed, output));
        assert!(summary.contains("and 980 more") && summary.lines().count() < 30, "{summary}");
    }

    #[test]
    fn each_end_has_its_exit_status() {
        let all = ["completed", "failed", "partial", "cancelled"].map(|status| exit(task(status).status).status());
        assert_eq!(all, [0, 1, 3, 130]);
    }

    #[test]
    fn json_is_the_task_itself() {
        let json = written(true, |output| write(&task("completed"), output));
        assert_eq!(serde_json::from_str::<Task>(&json).unwrap(), task("completed"));
    }
}
