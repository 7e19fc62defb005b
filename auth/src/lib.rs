//! Who may come in, what they may do, and what is kept of it.
//!
//! [`AuthService`](service::AuthService) puts it all together over a [`Store`]: accounts, sessions, API keys, second factors,
//! limits, signing keys and the audit trail. The parts stand alone, too:
//!
//! | module | what it is for |
//! |---|---|
//! | [`jose`] | keys and signatures (RFC 7515 to 7518), stricter than the standards |
//! | [`token`] | access and refresh tokens, issued and verified |
//! | [`password`] | hashing, in a bounded pool; which passwords may be set |
//! | [`totp`], [`api_key`] | codes of authenticator apps, recovery codes, keys for programs |
//! | [`policy`] | roles, permissions and rules, and decisions that explain themselves |
//! | [`audit`] | events, the chain that holds them, and its verification |
//! | [`store`] | what a backend promises; memory, SQLite (`sqlite`) and PostgreSQL (`postgres`) |
//! | `testkit` | the checks that every store must pass (feature `testkit`) |

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
pub mod service;
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

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
