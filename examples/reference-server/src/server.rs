//! The server as a process part: listening, running, stopping.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::serve::ListenerExt;
use dharmagraph_auth::Secret;
use dharmagraph_cmdb::Error;
use dharmagraph_cmdb::sync::SyncEngine;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::auth::{self, Admission, AuthOpenError};
use crate::config::{AuthConfiguration, Configuration, ConfigurationError, Profile, ScheduledDiscovery};
use crate::data_directory::{Announcement, DataDirectory, DataDirectoryError};
use crate::models::{Folder, FolderError, Models};
use crate::routes::router;
use crate::state::{AppState, Inventory};

/// How long requests under way may take after the server was asked to stop.
const DRAIN: Duration = Duration::from_secs(5);
/// How long discoveries may take to store where they are.
const SETTLE: Duration = Duration::from_secs(10);
/// How long to wait for a store that does not answer yet before it is asked again.
const STORE_RETRY: Duration = Duration::from_secs(2);
/// How often recorded durations are folded into their histograms.
const UPKEEP: Duration = Duration::from_secs(5);

/// Why the server cannot run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// An address that others can reach, and nobody is asked who they are.
    #[error(
        "refusing to listen on {address}: in the profile development everybody who reaches this address could read and change \
         everything; listen on a loopback address such as 127.0.0.1:{}, or serve with --profile production", address.port()
    )]
    NotLoopback {
        /// The address.
        address: SocketAddr,
    },
    /// Accounts cannot be opened.
    #[error(transparent)]
    Auth(#[from] AuthOpenError),
    /// The data directory cannot be used.
    #[error(transparent)]
    DataDirectory(#[from] DataDirectoryError),
    /// The models cannot be read.
    #[error(transparent)]
    Models(#[from] FolderError),
    /// The store cannot be opened or read.
    #[error("{0}")]
    Store(#[source] Error),
    /// Another server has the data directory.
    #[error("the data directory {path} is in use by a server at {}; stop it, or choose another directory", addresses.first().map(ToString::to_string).unwrap_or_default())]
    AlreadyServed {
        /// The directory.
        path: String,
        /// Where that server listens.
        addresses: Vec<SocketAddr>,
    },
    /// An address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The runtime failed.
    #[error("the server failed: {0}")]
    Run(#[source] io::Error),
}

impl ServeError {
    pub(crate) fn opening(error: tokio::task::JoinError) -> Self {
        Self::Run(io::Error::other(error))
    }
}

/// A server that listens and does not answer yet.
#[derive(Debug)]
pub struct Server {
    state: AppState,
    listeners: Vec<TcpListener>,
    addresses: Vec<SocketAddr>,
    schedule: Vec<ScheduledDiscovery>,
    announcement: Announcement,
    bootstrap: Option<Secret>,
}

/// Runs a server until `shutdown` is ready.
///
/// # Errors
/// What [`Server::bind`] and [`Server::run`] say.
pub async fn serve(configuration: Configuration, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeError> {
    Server::bind(configuration).await?.run(shutdown).await
}

impl Server {
    /// Opens the data directory and listens on every address. Connections wait until [`Server::run`].
    ///
    /// # Errors
    /// [`ServeError`]; nothing is left behind but the data directory.
    pub async fn bind(configuration: Configuration) -> Result<Self, ServeError> {
        configuration.check()?;
        if configuration.profile == Profile::Development {
            refuse_reachable(&configuration.listen)?;
        }
        let directory = DataDirectory::open(&configuration.data_directory)?;
        let inventory = Inventory::open(&configuration, &directory).await.map_err(|error| {
            match (error, directory.server(configuration.store)) {
                (ServeError::Store(Error::Locked { .. }), Some(record)) => {
                    let path = directory.path().display().to_string();
                    ServeError::AlreadyServed { path, addresses: record.addresses }
                }
                (error, _) => error,
            }
        })?;
        let service = auth::open(&configuration, &directory).await?;
        let models = Models::open(Folder::open(directory.models())?)?;
        let mut listeners = Vec::new();
        let mut addresses = Vec::new();
        for address in configuration.listen {
            let bind = |source| ServeError::Bind { address, source };
            let listener = TcpListener::bind(address).await.map_err(bind)?;
            addresses.push(listener.local_addr().map_err(bind)?);
            listeners.push(listener);
        }
        let announcement = directory.announce(&addresses, configuration.store)?;
        let bootstrap = service.begin_bootstrap().await.map_err(AuthOpenError::from)?;
        let Configuration { profile, auth: AuthConfiguration { trusted_proxies, .. }, discover: schedule, .. } = configuration;
        let state = AppState::new(inventory, Admission { service, profile, trusted_proxies }, models);
        Ok(Self { state, listeners, addresses, schedule, announcement, bootstrap })
    }

    /// Where it listens, in the order of the configuration; port 0 has become the port taken.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// The one-time token that makes the first administrator, where there is no user yet: for whoever started the server.
    #[must_use]
    pub const fn bootstrap_token(&self) -> Option<&Secret> {
        self.bootstrap.as_ref()
    }

    /// Takes up unfinished discoveries, starts the scheduled ones and answers until `shutdown` is ready. Where the store
    /// does not answer yet, discoveries wait for it, and everything else that does not need it works.
    ///
    /// Then no connection is accepted any more, event streams end, requests under way get five seconds, discoveries stop
    /// where they are so that the next start resumes them, in at most ten, and the server's record is removed.
    ///
    /// # Errors
    /// [`ServeError::Store`] where unfinished discoveries can never be read.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeError> {
        let Self { state, listeners, addresses, schedule, announcement, bootstrap: _ } = self;
        let engine = state.engine().clone();
        let discoveries = match begin_discoveries(&engine, &schedule).await {
            Ok(()) => None,
            Err(error) if error.is_retryable() => Some(tokio::spawn(begin_discoveries_later(engine, schedule, error))),
            Err(error) => return Err(ServeError::Store(error)),
        };
        tracing::info!(?addresses, version = env!("CARGO_PKG_VERSION"), "serving");

        let mut servers = JoinSet::new();
        let router = router(state.clone());
        for listener in listeners {
            let stopping = state.stopping().clone().cancelled_owned();
            let listener = listener.tap_io(|connection| {
                if let Err(error) = connection.set_nodelay(true) {
                    tracing::debug!(%error, "small answers may wait");
                }
            });
            let service = router.clone().into_make_service_with_connect_info::<SocketAddr>();
            servers.spawn(axum::serve(listener, service).with_graceful_shutdown(stopping).into_future());
        }
        let mut upkeep = JoinSet::new();
        upkeep.spawn(keep_metrics(state.clone()));
        upkeep.spawn(auth::keep_up(state.admission().service.clone()));

        shutdown.await;
        tracing::info!("stopping");
        state.stopping().cancel();
        let drained = tokio::time::timeout(DRAIN, async { while servers.join_next().await.is_some() {} }).await;
        if drained.is_err() {
            tracing::warn!(seconds = DRAIN.as_secs(), "requests under way were dropped");
            servers.shutdown().await;
        }
        if let Some(discoveries) = discoveries {
            discoveries.abort();
        }
        if tokio::time::timeout(SETTLE, state.engine().shutdown()).await.is_err() {
            tracing::warn!(seconds = SETTLE.as_secs(), "the store does not answer; the next start resumes what is under way");
        }
        upkeep.abort_all();
        drop(announcement);
        tracing::info!("stopped");
        Ok(())
    }
}

/// Takes up unfinished discoveries, then starts the scheduled ones, which wait for those.
async fn begin_discoveries(engine: &SyncEngine, schedule: &[ScheduledDiscovery]) -> Result<(), Error> {
    let resumed = engine.resume().await?;
    if !resumed.is_empty() {
        tracing::info!(discoveries = resumed.len(), "resumed");
    }
    for scheduled in schedule {
        engine.schedule(scheduled.every.duration(), scheduled.request());
    }
    Ok(())
}

/// Does the same as soon as the store answers.
async fn begin_discoveries_later(engine: SyncEngine, schedule: Vec<ScheduledDiscovery>, mut error: Error) {
    loop {
        tracing::warn!(%error, "no discovery begins before the store answers");
        tokio::time::sleep(STORE_RETRY).await;
        match begin_discoveries(&engine, &schedule).await {
            Ok(()) => return,
            Err(again) => error = again,
        }
    }
}

async fn keep_metrics(state: AppState) {
    let mut interval = tokio::time::interval(UPKEEP);
    loop {
        interval.tick().await;
        state.metrics().upkeep();
    }
}

/// Refuses addresses that other machines can reach.
fn refuse_reachable(addresses: &[SocketAddr]) -> Result<(), ServeError> {
    match addresses.iter().find(|address| !address.ip().to_canonical().is_loopback()) {
        Some(address) => Err(ServeError::NotLoopback { address: *address }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_addresses_are_listened_on() {
        let refused = |text: &str| refuse_reachable(&[text.parse().unwrap()]).is_err();
        for address in ["127.0.0.1:0", "127.9.9.9:8200", "[::1]:8200", "[::ffff:127.0.0.1]:8200"] {
            assert!(!refused(address), "{address}");
        }
        for address in ["0.0.0.0:8200", "[::]:8200", "10.0.0.1:8200", "[::ffff:10.0.0.1]:0", "192.168.1.1:8200"] {
            assert!(refused(address), "{address}");
        }
    }

    #[tokio::test]
    async fn a_reachable_address_is_named_before_anything_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let listen = vec!["127.0.0.1:0".parse().unwrap(), "0.0.0.0:8200".parse().unwrap()];
        let configuration = Configuration { data_directory: data.clone(), listen, ..Configuration::default() };
        let error = Server::bind(configuration).await.unwrap_err().to_string();
        assert!(error.contains("0.0.0.0:8200") && error.contains("127.0.0.1:8200"), "{error}");
        assert!(!data.exists());
    }
}
