//! A whole server on its data directory, from start to stop.

use std::path::Path;

use dharmagraph_reference_server::config::{Configuration, StoreKind};
use dharmagraph_reference_server::data_directory::DataDirectory;
use dharmagraph_reference_server::{ServeError, Server};
use tokio::sync::oneshot;

fn configuration(data_directory: &Path) -> Configuration {
    let free = "127.0.0.1:0".parse().unwrap();
    Configuration { data_directory: data_directory.to_owned(), listen: vec![free, free], ..Configuration::default() }
}

#[tokio::test]
async fn a_server_answers_on_every_address_and_is_written_down_until_it_stops() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::bind(configuration(folder.path())).await.unwrap();
    let addresses = server.addresses().to_vec();
    assert_eq!(addresses.len(), 2);
    let directory = DataDirectory::open(folder.path()).unwrap();
    assert_eq!(directory.server(StoreKind::Embedded).unwrap().addresses, addresses);

    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async { _ = stopped.await }));
    for address in &addresses {
        let response = reqwest::get(format!("http://{address}/api/v3/cmdb/health")).await.unwrap();
        assert_eq!(response.status(), 200);
    }

    let second = Server::bind(configuration(folder.path())).await.unwrap_err();
    assert!(matches!(&second, ServeError::AlreadyServed { addresses: named, .. } if *named == addresses), "{second}");
    assert_eq!(directory.server(StoreKind::Embedded).unwrap().addresses, addresses);

    stop.send(()).unwrap();
    running.await.unwrap().unwrap();
    assert_eq!(directory.server(StoreKind::Embedded), None);
    drop(Server::bind(configuration(folder.path())).await.unwrap());
    assert_eq!(directory.server(StoreKind::Embedded), None);
}

#[tokio::test]
async fn an_address_in_use_is_named_and_the_directory_is_free_again() {
    let folder = tempfile::tempdir().unwrap();
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap();
    let wanted = Configuration { listen: vec![address], ..configuration(folder.path()) };
    let error = Server::bind(wanted).await.unwrap_err().to_string();
    assert!(error.contains(&address.to_string()), "{error}");
    drop(Server::bind(configuration(folder.path())).await.unwrap());
}
