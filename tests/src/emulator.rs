//! The emulated AWS API.

use std::process::Command;

use tokio::process::Command as AsyncCommand;

use crate::child::ChildProcess;
use crate::command::finished;
use crate::place::{free_address, python, script};
use crate::truth::Truth;

/// A running emulator with the account that was made in it.
#[derive(Debug)]
pub struct Emulator {
    process: ChildProcess,
    url: String,
    regions: Vec<String>,
}

impl Emulator {
    /// Starts an emulator and fills it with the account of this size and seed, spread over these regions.
    pub async fn with_account(scale: u32, seed: u32, regions: &[&str]) -> (Self, Truth) {
        let emulator = Self::start(regions).await;
        let truth = emulator.account_script("create", &["--scale", &scale.to_string(), "--seed", &seed.to_string()]).await;
        (emulator, truth)
    }

    async fn start(regions: &[&str]) -> Self {
        loop {
            let address = free_address();
            let (_, port) = address.rsplit_once(':').expect("an address has a port");
            let mut command = Command::new(python());
            command.arg(script("moto_serve.py")).args(["--with-parent", "--port", port]);
            let mut process = ChildProcess::spawn("moto_serve.py", &mut command);
            let url = format!("http://{address}");
            if process.answers(&format!("{url}/moto-api/")).await {
                return Self { process, url, regions: regions.iter().map(|&region| region.to_owned()).collect() };
            }
            let written = process.written();
            assert!(written.contains("Address already in use"), "the emulator does not start:\n{written}");
        }
    }

    /// Where it answers.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The account's regions.
    #[must_use]
    pub fn regions(&self) -> &[String] {
        &self.regions
    }

    /// Changes `count` things of the account; gives what is true from then on.
    pub async fn drift(&self, seed: u32, count: u32) -> Truth {
        self.account_script("drift", &["--seed", &seed.to_string(), "--count", &count.to_string()]).await
    }

    async fn account_script(&self, what: &str, arguments: &[&str]) -> Truth {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        let mut command = AsyncCommand::new(python());
        command.arg(script("aws_account.py")).args([what, "--endpoint", &self.url]).args(arguments);
        command.args(["--regions", &self.regions.join(","), "--truth"]).arg(file.path());
        let run = finished(&mut command).await;
        assert!(run.status.success(), "aws_account.py {what}: {}\n{}", run.errors, self.process.written());
        Truth::read(file.path())
    }
}
