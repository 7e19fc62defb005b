//! A way to a server that can be shut.

use dharmagraph_auth::Secret;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use super::database::Database;

/// An address that leads to a database's server until the door is shut.
pub(crate) struct Door {
    url: Secret,
    open: JoinHandle<()>,
}

impl Door {
    /// Opens one.
    pub(crate) async fn to(database: &Database) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let here = listener.local_addr().unwrap().to_string();
        let there = database.address().to_owned();
        let url = Secret::new(database.url().expose().replace(&there, &here));
        Self { url, open: tokio::spawn(lead(listener, there)) }
    }

    /// The database's URL through the door.
    pub(crate) fn url(&self) -> &Secret {
        &self.url
    }

    /// Shuts it: connections end, and new ones are refused.
    pub(crate) async fn shut(self) {
        self.open.abort();
        assert!(self.open.await.unwrap_err().is_cancelled());
    }
}

async fn lead(listener: TcpListener, there: String) {
    let mut ways = JoinSet::new();
    loop {
        let (mut client, _) = listener.accept().await.unwrap();
        let there = there.clone();
        ways.spawn(async move {
            let mut server = TcpStream::connect(there).await?;
            copy_bidirectional(&mut client, &mut server).await
        });
    }
}
