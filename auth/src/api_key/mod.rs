//! API keys: credentials of programs, in a form that is recognised, and refused when mistyped, before any store is asked.

mod checksum;
mod key;

pub use key::ApiKey;
