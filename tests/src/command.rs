//! Programs that run to their end.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::place::binary;

const PATIENCE: Duration = Duration::from_secs(900);

/// A program that has ended.
#[derive(Debug)]
pub struct Finished {
    /// How.
    pub status: ExitStatus,
    /// What it wrote to standard output.
    pub output: String,
    /// What it wrote to standard error.
    pub errors: String,
}

impl Finished {
    /// The same, after making sure of the exit status 0.
    #[must_use]
    pub fn succeeded(self) -> Self {
        assert!(self.status.success(), "{}\n{}\n{}", self.status, self.output, self.errors);
        self
    }

    /// Standard output as one JSON document.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.output).unwrap_or_else(|error| panic!("{error} in: {}", self.output))
    }
}

/// Runs a command to its end, with nothing on its standard input.
pub async fn finished(command: &mut Command) -> Finished {
    finished_with_input(command, b"").await
}

/// Runs a command to its end, with this on its standard input.
pub async fn finished_with_input(command: &mut Command, input: &[u8]) -> Finished {
    let run = async {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let mut pipe = child.stdin.take().expect("standard input is a pipe");
        let write = async {
            // A program may end without reading its input.
            let _ = pipe.write_all(input).await;
            drop(pipe);
        };
        tokio::join!(write, child.wait_with_output()).1.expect("the output of a child")
    };
    let output = tokio::time::timeout(PATIENCE, run).await.expect("the command ends");
    Finished {
        status: output.status,
        output: String::from_utf8_lossy(&output.stdout).into_owned(),
        errors: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// `dharmagraph` as a person runs it: keys of the emulated account in the environment, nothing else of this process's.
///
/// `endpoint` is where the AWS API is; `home` is a folder that may be written to.
#[must_use]
pub fn dharmagraph(endpoint: &str, home: &Path) -> Command {
    let mut command = Command::new(binary());
    command.env_clear().envs(crate::server::environment(Some(endpoint), home));
    command
}
