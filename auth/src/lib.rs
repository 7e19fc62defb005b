//! Who may come in, and what they may do.

mod error;
mod id;
mod random;
mod seal;
mod secret;
mod time;

pub mod api_key;
pub mod audit;
pub mod jose;
pub mod password;
pub mod policy;
pub mod store;
#[cfg(feature = "testkit")]
pub mod testkit;
pub mod token;
pub mod totp;

pub use error::{BoxError, Error, ErrorKind, Refusal, Result};
pub use id::{SessionId, Tenant, TokenId, UserId};
pub use seal::MasterKey;
pub use secret::Secret;
pub use store::Store;
pub use time::{Clock, SystemClock, Timestamp};
