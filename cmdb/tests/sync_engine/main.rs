//! The engine keeps its guarantees, with discoveries that do as a script says.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[cfg(feature = "testkit")]
mod contract;
mod ends;
#[cfg(feature = "mock")]
mod failures;
mod interruptions;
mod requests;
mod script;
mod turns;
