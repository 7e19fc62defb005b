//! A way to Neo4j that can be cut.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The message that ends a transaction, as it is on the wire.
const COMMIT: [u8; 6] = [0, 2, 0xB0, 0x12, 0, 0];

/// Passes bytes on until told otherwise.
pub(crate) struct Proxy {
    pub(crate) uri: String,
    state: Arc<State>,
}

struct State {
    open: watch::Sender<bool>,
    lose_next_commit: AtomicBool,
}

impl Proxy {
    /// A way to the server at `uri`.
    pub(crate) async fn to(uri: &str) -> Self {
        let server = uri.rsplit_once("//").unwrap().1.to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = format!("bolt://{}", listener.local_addr().unwrap());
        let state = Arc::new(State { open: watch::Sender::new(true), lose_next_commit: AtomicBool::new(false) });
        let passing = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if *passing.open.borrow() {
                    tokio::spawn(pass(client, server.clone(), Arc::clone(&passing)));
                }
            }
        });
        Self { uri, state }
    }

    /// Ends every connection and lets none through, or lets them through again.
    pub(crate) fn open(&self, open: bool) {
        self.state.open.send_replace(open);
    }

    /// Lets the next commit through to the server, and ends the connection instead of its answer.
    pub(crate) fn lose_next_commit(&self) {
        self.state.lose_next_commit.store(true, SeqCst);
    }

    /// Whether the commit that was to be lost was.
    pub(crate) fn has_lost_a_commit(&self) -> bool {
        !self.state.lose_next_commit.load(SeqCst)
    }
}

async fn pass(client: TcpStream, server: String, state: Arc<State>) {
    let mut open = state.open.subscribe();
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = TcpStream::connect(server).await.unwrap().into_split();
    let losing = AtomicBool::new(false);
    tokio::select! {
        _ = open.wait_for(|open| !open) => {}
        () = up(from_client, to_server, &state, &losing) => {}
        () = down(from_server, to_client, &losing) => {}
    }
}

async fn up(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, state: &State, losing: &AtomicBool) {
    let mut bytes = vec![0; 65_536];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if bytes[..count] == COMMIT && state.lose_next_commit.swap(false, SeqCst) {
            losing.store(true, SeqCst);
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

async fn down(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, losing: &AtomicBool) {
    let mut bytes = vec![0; 65_536];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if losing.load(SeqCst) || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
