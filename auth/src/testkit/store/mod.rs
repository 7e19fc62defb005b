//! Every promise of [`Store`](crate::Store), one check after the other, in files named as the traits'; changes of users have
//! one of their own.
//!
//! A backend gives an empty store to each check:
//!
//! ```ignore
//! use dharmagraph_auth::store::MemoryStore;
//! use dharmagraph_auth::testkit::store::Subject;
//!
//! async fn open() -> Subject {
//!     Subject::new(MemoryStore::new())
//! }
//!
//! dharmagraph_auth::store_conformance!(open);
//! ```

pub mod api_keys;
pub mod audit;
pub mod counters;
pub mod factors;
mod list;
mod race;
pub mod sessions;
pub mod signing_keys;
mod subject;
pub mod user_changes;
pub mod users;

use std::fmt::Debug;

pub use race::{at_once, refresh_race};
pub use subject::Subject;

/// What a store answered, which had to answer.
#[track_caller]
pub(crate) fn ok<T, E: Debug>(answer: Result<T, E>) -> T {
    match answer {
        Ok(value) => value,
        Err(error) => panic!("a store refused what it promises: {error:?}"),
    }
}

/// What had to be there.
#[track_caller]
pub(crate) fn some<T>(answer: Option<T>) -> T {
    answer.unwrap_or_else(|| panic!("a store does not give what was put there"))
}

/// The kind of the error that a store had to answer with.
#[track_caller]
pub(crate) fn refused<T: Debug>(answer: crate::Result<T>) -> crate::ErrorKind {
    match answer {
        Ok(value) => panic!("a store did what it had to refuse: {value:?}"),
        Err(error) => error.kind(),
    }
}
