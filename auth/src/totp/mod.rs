//! Second factors: time-based codes (RFC 6238), and recovery codes for whoever lost the device that makes them.

mod recovery;
mod secret;
mod uri;

pub use recovery::RecoveryCodes;
pub use secret::TotpSecret;
