//! Strict JSON Web Signatures, Keys and Key Sets (RFC 7515, 7517, 7518, 8037).
//!
//! Stricter than the standards where they leave room for two readings: one key has one algorithm, an object has no member twice,
//! base64url has no padding and no stray bits, and a header that asks for anything beyond `alg`, `kid` and `typ` that would have
//! to be obeyed is refused. Keys are checked and parsed once, when they are read, and kept.

mod algorithm;
pub(crate) mod base64url;
mod ed25519;
mod engine;
mod header;
mod json;
mod jwk;
mod jwk_set;
pub mod jws;
mod pem;
mod rsa;
mod secret_bytes;
mod signing_key;
mod verifying_key;

pub use algorithm::Algorithm;
pub use jwk_set::JwkSet;
pub use secret_bytes::SecretBytes;
pub use signing_key::SigningKey;
pub use verifying_key::VerifyingKey;

pub(crate) use json::{Strict, Text, once};
pub(crate) use jwk_set::check_together;
