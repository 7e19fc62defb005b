//! Where this command line meets the server's library: configuration, data directory, `serve`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use dharmagraph_cmdb::Error;
use dharmagraph_reference_server::config::{Configuration, Profile, StoreKind};
use dharmagraph_reference_server::data_directory::DataDirectory;
use dharmagraph_reference_server::{Inventory as Opened, ServeError, Server, logging};

use tokio::net::TcpStream;

use super::arguments::{Global, Serve};
use super::failure::{Exit, Failure};
use super::in_process::InProcess;
use super::inventory::Inventory;
use super::output::note;
use super::remote::Remote;
use super::signals::{interrupts, stopped};

/// How often a data directory that another command has open is tried again, and how long to wait in between.
const TRIES: u32 = 50;
const BETWEEN_TRIES: Duration = Duration::from_millis(100);

/// How long a server on this machine may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(2);

/// Serves until somebody asks this process to stop.
pub(crate) async fn serve(global: &Global, Serve { listen, profile }: Serve) -> Result<Exit, Failure> {
    let mut configuration = configuration(global)?;
    if let Some(profile) = profile {
        configuration.profile = profile;
        configuration.check().map_err(|error| Failure::usage(error.to_string()))?;
    }
    if !listen.is_empty() {
        configuration.listen = listen;
    }
    logging::initialize(&configuration.log).map_err(|error| Failure::usage(error.to_string()))?;
    let profile = configuration.profile;
    let stopped = stopped(interrupts()?);
    let server = match Server::bind(configuration).await {
        Ok(server) => server,
        Err(ServeError::Store(error @ Error::Locked { .. })) => {
            return Err(Failure::from(error).advise("wait until that process has ended, or use another --data-dir"));
        }
        Err(error) => return Err(failure(error)),
    };
    note(&announcement(server.addresses(), profile));
    if let Some(token) = server.bootstrap_token() {
        note(&format!("bootstrap token: {}", token.expose()));
    }
    server.run(stopped).await.map_err(failure)?;
    Ok(Exit::Done)
}

/// Who answers: the server that was named, else the data directory, else the server that has that open. A data directory
/// that does not exist is made only for what `writes`.
pub(crate) async fn reach(global: &Global, writes: bool) -> Result<Box<dyn Inventory>, Failure> {
    if let Some(server) = &global.server {
        return Ok(Box::new(Remote::new(server.clone())?));
    }
    let configuration = configuration(global)?;
    let path = &configuration.data_directory;
    if !writes && configuration.store == StoreKind::Embedded && !path.is_dir() {
        return Err(missing(path));
    }
    let directory = DataDirectory::open(path).map_err(|error| Failure::new(error.to_string()))?;
    let mut tries = 0;
    loop {
        match Opened::open(&configuration, &directory).await {
            Ok(opened) => return Ok(Box::new(InProcess::new(opened))),
            Err(ServeError::Store(error @ Error::Locked { .. })) => {
                if let Some(remote) = running_server(&directory, configuration.store).await? {
                    return Ok(Box::new(remote));
                }
                // Another command holds it for a moment, or a server is about to write its address down.
                tries += 1;
                if tries == TRIES {
                    return Err(Failure::from(error).advise("wait until that process has ended, or use another --data-dir"));
                }
                tokio::time::sleep(BETWEEN_TRIES).await;
            }
            Err(error) => return Err(failure(error)),
        }
    }
}

pub(crate) fn configuration(global: &Global) -> Result<Configuration, Failure> {
    let configuration = Configuration::load(global.config.as_deref());
    let mut configuration = configuration.map_err(|error| Failure::usage(error.to_string()))?;
    if let Some(path) = &global.data_dir {
        configuration.data_directory.clone_from(path);
    }
    if let Some(store) = global.store {
        configuration.store = store;
        configuration.check().map_err(|error| Failure::usage(error.to_string()))?;
    }
    Ok(configuration)
}

fn failure(error: ServeError) -> Failure {
    match error {
        ServeError::Store(error) => error.into(),
        ServeError::Configuration(error) => Failure::usage(error.to_string()),
        other => Failure::new(other.to_string()),
    }
}

fn missing(path: &Path) -> Failure {
    let message = format!("there is no data directory {}", path.display());
    Failure::usage(message).advise("`dharmagraph discover` makes it, --data-dir names another one, --server asks a server")
}

/// The server that has the directory open, where it wrote itself down and can be reached; one that was killed leaves its
/// record behind.
async fn running_server(directory: &DataDirectory, store: StoreKind) -> Result<Option<Remote>, Failure> {
    for address in directory.server(store).into_iter().flat_map(|record| record.addresses).map(from_here) {
        let connected = tokio::time::timeout(CONNECT, TcpStream::connect(address)).await;
        if let (Ok(Ok(_)), Ok(url)) = (connected, format!("http://{address}").parse()) {
            return Remote::new(url).map(Some);
        }
    }
    Ok(None)
}

/// The address under which this machine reaches what listens on it.
fn from_here(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

fn announcement(listen: &[SocketAddr], profile: Profile) -> String {
    let all: Vec<String> = listen.iter().map(|address| format!("http://{address}")).collect();
    let open = all.last().filter(|_| profile == Profile::Development);
    let last = open.map_or_else(String::new, |url| format!("; try it at {url}/docs"));
    format!("dharmagraph serves at {}{last}", all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::arguments::tests::parse;

    fn shown(failure: &Failure) -> String {
        let mut text = Vec::new();
        failure.write(&mut text, false).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[tokio::test]
    async fn asking_a_data_directory_that_is_not_there_makes_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("none");
        let global = parse(&format!("stats --data-dir {}", path.display())).unwrap().global;
        let Err(failure) = reach(&global, false).await else { panic!() };
        assert!(shown(&failure).starts_with("error: there is no data directory"), "{}", shown(&failure));
        assert_eq!(failure.exit(), Exit::Usage);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn a_configuration_file_that_is_not_there_is_named() {
        let global = parse("stats --config /nowhere/dharmagraph.toml").unwrap().global;
        let Err(failure) = reach(&global, false).await else { panic!() };
        assert!(shown(&failure).contains("/nowhere/dharmagraph.toml"), "{}", shown(&failure));
    }

    #[test]
    fn a_server_on_every_address_is_reached_on_this_machines_own() {
        for (listens, reached) in [("0.0.0.0:1", "127.0.0.1:1"), ("[::]:1", "[::1]:1"), ("10.0.0.1:1", "10.0.0.1:1")] {
            assert_eq!(from_here(listens.parse().unwrap()), reached.parse().unwrap());
        }
    }

    #[tokio::test]
    async fn a_server_is_believed_to_run_only_where_it_can_be_reached() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path()).unwrap();
        assert!(running_server(&directory, StoreKind::Embedded).await.unwrap().is_none());
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let record = format!(r#"{{"pid": 1, "addresses": ["{}"]}}"#, listener.local_addr().unwrap());
        std::fs::write(folder.path().join("server.json"), record).unwrap();
        assert!(running_server(&directory, StoreKind::Embedded).await.unwrap().is_some());
        drop(listener);
        assert!(running_server(&directory, StoreKind::Embedded).await.unwrap().is_none());
    }

    #[test]
    fn the_first_line_of_a_server_says_where_it_is() {
        let listen = ["127.0.0.1:4000".parse().unwrap(), "127.0.0.1:8200".parse().unwrap()];
        assert_eq!(
            announcement(&listen, Profile::Development),
            "dharmagraph serves at http://127.0.0.1:4000, http://127.0.0.1:8200; try it at http://127.0.0.1:8200/docs"
        );
    }
}
