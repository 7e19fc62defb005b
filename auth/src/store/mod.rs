//! Where accounts are kept: one trait for each kind of thing, and [`Store`] for all of them.
//!
//! Every promise below has a check in `testkit::store` (feature `testkit`), which every store runs. They hold for all
//! operations, in one process and, where the backend is a server, between processes:
//!
//! - Each operation is atomic: it happened, whole and durably, or it did not. Two at once happen one after the other.
//! - An operation that fails is [`Error::Backend`](crate::Error::Backend), never a missing row: whoever asks is not let in.
//! - What is read was committed. Nothing is answered from a cache.
//! - Secrets come hashed or sealed; a store never sees one.
//! - Text comes back as it was, whatever its characters, but for NUL, which not every backend keeps: to add it is
//!   [`Error::Invalid`](crate::Error::Invalid), and nothing has a name with it.
//! - Times come back exact to the microsecond.
//! - A user's id is a UUID in lower case with hyphens. Another text is [`Error::Invalid`](crate::Error::Invalid) where it is
//!   to be added, and names nobody.
//! - Only a user that is there can be given something: else [`Error::NotFound`](crate::Error::NotFound). A name that is taken
//!   is [`Error::Conflict`](crate::Error::Conflict).

mod accept;
mod api_keys;
mod audit;
mod counters;
mod factors;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
mod sessions;
mod signing_keys;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
mod users;

use std::fmt::Debug;

pub use api_keys::{ApiKeyRecord, ApiKeyStore};
pub use audit::{AuditFilter, AuditStore};
pub use counters::{CounterStore, Limit, Take};
pub use factors::{FactorStore, TotpRecord};
pub use memory::MemoryStore;
#[cfg(feature = "postgres")]
pub use postgres::PostgresStore;
pub use sessions::{Presented, Rotation, Session, SessionState, SessionStore};
pub use signing_keys::{KeyState, SigningKeyRecord, SigningKeyStore};
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;
pub use users::{Bootstrap, User, UserChange, UserPage, UserStore};

/// All of it in one place.
pub trait Store:
    UserStore + SessionStore + ApiKeyStore + CounterStore + FactorStore + SigningKeyStore + AuditStore + Debug + Send + Sync
{
    /// The name that its errors have, for instance `sqlite`.
    fn name(&self) -> &'static str;
}
