//! Checks that every implementation of this crate's traits must pass, and a clock that tests move. Not under semantic
//! versioning.
//!
//! A store runs [`store_conformance!`](crate::store_conformance), which makes each check of [`store`] a test of its own. A
//! check panics on the first broken promise.

mod clock;
pub mod sample;
pub mod store;

pub use clock::ManualClock;
