//! Something long, as it runs.

use std::time::Duration;

use dharmagraph_cmdb::sync::{Task, TaskStatus};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output::{counted, note};

/// A bar on standard error; nothing at all where that is no terminal, or where nobody wants to see it.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar for what begins.
    pub(crate) fn new(hidden: bool) -> Self {
        let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(style("{spinner} {elapsed} {msg}"));
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar }
    }

    /// Shows how far the discovery has come.
    pub(crate) fn show(&self, task: &Task) {
        let progress = &task.progress;
        if progress.scopes_total > 0 && self.bar.length().is_none() {
            self.bar.set_style(style("{spinner} {elapsed} [{bar:30}] {pos}/{len} scopes, {msg}"));
        }
        if progress.scopes_total > 0 {
            self.bar.set_length(progress.scopes_total);
        }
        self.bar.set_position(progress.scopes_done);
        self.bar.set_message(message(task));
    }

    /// Shows how far it has come, in words.
    pub(crate) fn tell(&self, words: String) {
        self.bar.set_message(words);
    }

    /// A line of its own, above the bar. Standard error, also where there is no bar; nothing where nobody wants to see it.
    pub(crate) fn say(&self, text: &str) {
        self.bar.suspend(|| note(text));
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ")
}

fn message(task: &Task) -> String {
    let mut parts = vec![counted(task.resources_discovered, "resource", "resources")];
    parts.push(counted(task.progress.api_calls, "call", "calls"));
    if task.progress.retries > 0 {
        parts.push(counted(task.progress.retries, "retry", "retries"));
    }
    if !task.errors.is_empty() {
        parts.push(counted(task.errors.len() as u64, "error", "errors"));
    }
    if task.status == TaskStatus::Cancelled {
        parts.push("stopped".to_owned());
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::fake_server::task;

    #[test]
    fn what_happens_is_said_in_a_few_words() {
        let mut running = task("running");
        running.resources_discovered = 123;
        running.progress.api_calls = 1;
        assert_eq!(message(&running), "123 resources, 1 call");
        running.progress.retries = 2;
        assert_eq!(message(&running), "123 resources, 1 call, 2 retries");
    }

    #[test]
    fn every_template_is_understood() {
        for template in ["{spinner} {elapsed} {msg}", "{spinner} {elapsed} [{bar:30}] {pos}/{len} scopes, {msg}"] {
            assert!(ProgressStyle::with_template(template).is_ok());
        }
    }

    #[test]
    fn a_hidden_bar_follows_a_discovery_without_a_word() {
        let progress = Progress::new(true);
        let mut running = task("running");
        running.progress.scopes_total = 4;
        running.progress.scopes_done = 3;
        progress.show(&running);
        assert_eq!((progress.bar.position(), progress.bar.length()), (3, Some(4)));
    }
}
