//! Checks that every implementation of this crate's traits must pass. Each panics on the first broken promise. Not under
//! semantic versioning.
//!
//! A store runs [`store_conformance`] and, where it keeps tasks, [`task_store_conformance`]; a discoverer runs
//! [`check_discovery`] against whatever stands in for its provider. Each check is a function of its own too, so that one
//! that fails can be run alone.

mod answers;
mod discover;
mod fixtures;
pub mod history;
pub mod import;
pub mod listing;
pub mod owners;
pub mod querying;
pub mod reading;
pub mod removal;
mod spoiled;
mod store;
pub mod task;
pub mod walks;
pub mod writing;

pub use answers::{answers, everything};
pub use discover::check_discovery;
pub use store::store_conformance;
pub use task::task_store_conformance;
