//! A process that ends with its owner.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::FileExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How long a process may take to answer or to end; far more than it needs on a slow machine.
const PATIENCE: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(20);
const SHOWN: usize = 16 * 1024;

/// A process that is killed when this is dropped. What it writes is kept, and shown when a test fails.
#[derive(Debug)]
pub struct ChildProcess {
    name: &'static str,
    child: Child,
    written: File,
}

impl ChildProcess {
    /// Starts the command. Its standard input stays open as long as this lives.
    #[must_use]
    pub fn spawn(name: &'static str, command: &mut Command) -> Self {
        let written = tempfile::tempfile().expect("a temporary file");
        let output = || Stdio::from(written.try_clone().expect("a second handle"));
        let child = command
            .stdin(Stdio::piped())
            .stdout(output())
            .stderr(output())
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        Self { name, child, written }
    }

    /// Waits until `GET url` is answered with success. Gives up, with `false`, when the process ends before.
    pub async fn answers(&mut self, url: &str) -> bool {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if self.ended().is_some() {
                return false;
            }
            if let Ok(answer) = reqwest::get(url).await
                && answer.status().is_success()
            {
                return true;
            }
            assert!(Instant::now() < deadline, "{} does not answer {url}; it wrote:\n{}", self.name, self.written());
            tokio::time::sleep(POLL).await;
        }
    }

    /// Writes a line to the process's standard input.
    pub fn say(&mut self, line: &str) {
        let input = self.child.stdin.as_mut().expect("standard input is a pipe");
        writeln!(input, "{line}").unwrap_or_else(|error| panic!("{} does not listen: {error}", self.name));
    }

    /// The process's id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Everything that the process wrote so far, standard output and error as they came.
    #[must_use]
    pub fn written(&self) -> String {
        let length = self.written.metadata().map_or(0, |file| file.len());
        let mut bytes = vec![0; usize::try_from(length).expect("it fits in memory")];
        let read = self.written.read_at(&mut bytes, 0).expect("what was written can be read");
        bytes.truncate(read);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// How the process ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child can be waited for")
    }

    /// Asks the process to end (SIGTERM) and waits until it has.
    pub async fn terminated(&mut self) -> ExitStatus {
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).expect("the id of a process");
        kill_process(id, Signal::TERM).expect("a child can be signalled");
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.ended() {
                return status;
            }
            assert!(Instant::now() < deadline, "{} does not end; it wrote:\n{}", self.name, self.written());
            tokio::time::sleep(POLL).await;
        }
    }

    /// Ends the process at once (SIGKILL).
    pub fn kill(&mut self) {
        if self.ended().is_none() {
            self.child.kill().expect("a child can be killed");
            self.child.wait().expect("a child can be waited for");
        }
    }
}

impl Drop for ChildProcess {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let written = self.written();
            let start = written.ceil_char_boundary(written.len().saturating_sub(SHOWN));
            eprintln!("---- {} wrote ----\n{}\n---- end of {} ----", self.name, &written[start..], self.name);
        }
    }
}
