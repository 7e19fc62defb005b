//! A service that a script keeps: it answers each line that it is told with a line of JSON.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use crate::child::ChildProcess;
use crate::place::{python, repository};

/// How long a service may take to start or to end; far more than it needs on a slow machine.
const PATIENCE: Duration = Duration::from_secs(150);
const POLL: Duration = Duration::from_millis(20);

/// A service with what its script last said of it. It ends with its owner.
#[derive(Debug)]
pub(crate) struct Told {
    process: ChildProcess,
    answers: usize,
    description: Map<String, Value>,
}

impl Told {
    /// Starts a script of the repository and waits until its service runs.
    pub(crate) async fn launch(script: &'static str) -> Self {
        let mut command = Command::new(python());
        command.arg(repository().join(Path::new(script)));
        let process = ChildProcess::spawn(script, &mut command);
        let mut told = Self { process, answers: 0, description: Map::new() };
        told.answered().await;
        told
    }

    /// Waits for the next answer of the script.
    async fn answered(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let written = self.process.written();
            let complete = written.rfind('\n').map_or("", |end| &written[..end]);
            let mut answers = complete.lines().filter_map(|line| serde_json::from_str(line).ok());
            if let Some(Value::Object(description)) = answers.nth(self.answers) {
                self.description = description;
                self.answers += 1;
                return;
            }
            assert!(self.process.ended().is_none(), "the service does not start:\n{written}");
            assert!(Instant::now() < deadline, "the service does not answer:\n{written}");
            tokio::time::sleep(POLL).await;
        }
    }

    /// Tells the script something and waits until it is done.
    pub(crate) async fn tell(&mut self, command: &str) {
        self.process.say(command);
        self.answered().await;
    }

    /// What the script last said of its service.
    pub(crate) fn described(&self, what: &str) -> &str {
        self.description[what].as_str().unwrap_or_else(|| panic!("no {what} in {:?}", self.description))
    }
}
