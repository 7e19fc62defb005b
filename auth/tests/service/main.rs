//! The whole service, over the store in memory and a clock that the tests move.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod administration;
mod api_keys;
#[cfg(feature = "sqlite")]
mod hanging_up;
mod keys;
mod lockout;
mod login;
mod passwords;
mod refresh;
mod second_factor;
mod session;
mod setup;
mod start;
mod timing;
