//! The bytes' way to the server, plain or encrypted.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::Address;

/// What carries bytes both ways.
pub(super) trait Transport: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Transport for T {}

/// Opens the way to a server.
pub(super) async fn open(address: &Address) -> io::Result<Box<dyn Transport>> {
    let stream = TcpStream::connect((address.host.as_str(), address.port)).await?;
    stream.set_nodelay(true)?;
    if !address.encrypted {
        return Ok(Box::new(stream));
    }
    let name = ServerName::try_from(address.host.clone()).map_err(io::Error::other)?;
    Ok(Box::new(TlsConnector::from(client()?).connect(name, stream).await?))
}

/// TLS that trusts whom the system trusts.
fn client() -> io::Result<Arc<ClientConfig>> {
    let mut trusted = RootCertStore::empty();
    trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if trusted.is_empty() {
        return Err(io::Error::other("the system has no certificate to trust; install its ca-certificates"));
    }
    Ok(Arc::new(ClientConfig::builder().with_root_certificates(trusted).with_no_client_auth()))
}
