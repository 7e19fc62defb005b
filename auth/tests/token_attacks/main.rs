//! Everything that is known to be tried with tokens, and that none of it is taken.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod claims;
mod forge;
mod headers;
mod keys;
mod pem;
mod signatures;
mod texts;
