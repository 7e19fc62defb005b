//! Connections that wait to be used again.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::{Address, Connection, Fault};
use crate::secret::Secret;

/// How long it may take to come by a connection, a new one included: an answer that none is to be had comes within 2 s.
const PATIENCE: Duration = Duration::from_millis(1200);
/// How long a connection that waited may take to say that it lives.
const SIGN_OF_LIFE: Duration = Duration::from_millis(300);
/// A connection that waited longer is asked whether it lives before it is used.
const FRESH: Duration = Duration::from_secs(1);

/// Who logs on.
#[derive(Debug, Clone)]
pub(in super::super) struct Login {
    pub(in super::super) user: String,
    pub(in super::super) password: Secret,
}

/// A bounded number of connections to one server.
#[derive(Debug)]
pub(in super::super) struct Pool {
    address: Address,
    login: Login,
    places: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<(Instant, Connection)>>>,
}

impl Pool {
    pub(in super::super) fn new(address: Address, login: Login, connections: usize) -> Self {
        Self { address, login, places: Arc::new(Semaphore::new(connections.max(1))), idle: Arc::default() }
    }

    /// A connection that was alive a moment ago.
    pub(in super::super) async fn take(&self) -> Result<Pooled, Fault> {
        let taken = timeout(PATIENCE, async {
            let place = Arc::clone(&self.places).acquire_owned().await;
            let place = place.map_err(|_| Fault::Protocol("the pool is closed".to_owned()))?;
            let connection = match self.waiting().await {
                Some(connection) => connection,
                None => Connection::open(&self.address, &self.login).await?,
            };
            Ok(Pooled { connection, idle: Arc::clone(&self.idle), _place: place })
        });
        taken.await.unwrap_or(Err(Fault::Slow { what: "coming by a connection to Neo4j", limit: PATIENCE }))
    }

    async fn waiting(&self) -> Option<Connection> {
        let (since, mut connection) = lock(&self.idle).pop()?;
        if since.elapsed() < FRESH {
            return Some(connection);
        }
        match timeout(SIGN_OF_LIFE, connection.reset()).await {
            Ok(Ok(())) => Some(connection),
            // Where one died the others most likely did as well.
            _ => {
                self.forget();
                None
            }
        }
    }

    /// Closes every connection that waits.
    pub(in super::super) fn forget(&self) {
        lock(&self.idle).clear();
    }
}

/// A connection in use. Dropped as it is, it closes, and the server ends what it was doing: so does a future that is
/// dropped in the middle. [`Pooled::give_back`] keeps it.
#[derive(Debug)]
pub(in super::super) struct Pooled {
    connection: Connection,
    idle: Arc<Mutex<Vec<(Instant, Connection)>>>,
    _place: OwnedSemaphorePermit,
}

impl Pooled {
    /// Lets others use the connection.
    pub(in super::super) async fn give_back(self) {
        let Self { mut connection, idle, _place } = self;
        if connection.needs_reset() && !matches!(timeout(SIGN_OF_LIFE, connection.reset()).await, Ok(Ok(()))) {
            return;
        }
        lock(&idle).push((Instant::now(), connection));
    }
}

impl Deref for Pooled {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

fn lock(idle: &Mutex<Vec<(Instant, Connection)>>) -> MutexGuard<'_, Vec<(Instant, Connection)>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}
