//! Comparing a server with the truth.

use tempfile::TempDir;
use tokio::process::Command;
use tokio::sync::OnceCell;

use crate::command::finished;
use crate::emulator::Emulator;
use crate::place::{python, script};
use crate::proxy::FaultProxy;
use crate::server::{Server, ServerSettings};
use crate::truth::Truth;

/// An emulated account that the tests of one program share and do not change.
#[derive(Debug)]
pub struct Account {
    scale: u32,
    seed: u32,
    regions: &'static [&'static str],
    made: OnceCell<(Emulator, Truth)>,
}

impl Account {
    /// The account of this size and seed, spread over these regions; made when it is first asked for.
    #[must_use]
    pub const fn new(scale: u32, seed: u32, regions: &'static [&'static str]) -> Self {
        Self { scale, seed, regions, made: OnceCell::const_new() }
    }

    async fn made(&self) -> &(Emulator, Truth) {
        self.made.get_or_init(|| Emulator::with_account(self.scale, self.seed, self.regions)).await
    }

    /// What is true of it.
    pub async fn truth(&self) -> &Truth {
        &self.made().await.1
    }

    /// Its regions.
    #[must_use]
    pub fn regions(&self) -> Vec<String> {
        self.regions.iter().map(|&region| region.to_owned()).collect()
    }

    /// A proxy in front of it, with real pages and nothing else.
    pub async fn proxy(&self) -> FaultProxy {
        FaultProxy::start(self.made().await.0.url(), 100, &[]).await
    }

    /// A server that has discovered it well, with the folder and the proxy that it needs.
    pub async fn discovered(&self) -> (Server, FaultProxy, TempDir) {
        let proxy = self.proxy().await;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let server = ServerSettings::new(folder.path().join("data"), Some(proxy.url())).start().await;
        let task = server.discovered(&self.regions()).await;
        assert_eq!(task["status"], "completed", "{task}");
        (server, proxy, folder)
    }
}

/// Makes sure that the server's inventory is the truth: every resource of the discovered types, every relationship of
/// them and every field, and nothing else.
pub async fn perfect(server: &Server, truth: &Truth) {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    truth.write(file.path());
    let mut command = Command::new(python());
    command.arg(script("check_inventory.py")).arg(file.path());
    command.args(["--url", server.url(), "--scope", "core,detail"]);
    let run = finished(&mut command).await;
    assert!(run.status.success(), "{}\n{}", run.output, run.errors);
    assert!(run.output.contains("\nPERFECT: 0 missing, 0 surplus"), "{}", run.output);
}
