//! Access and refresh tokens: JSON Web Tokens (RFC 7519) under the rules of RFC 8725 and RFC 9068.
//!
//! A token is good when everything about it is: signed by a key of the [`KeySet`] with that key's algorithm, of the kind that is
//! asked for (`typ`), from this issuer, for this audience, with every claim, within its time, and not longer lived than the
//! [`TokenPolicy`] allows. Everything else is [`Refusal::Token`](crate::Refusal::Token), but for a token that is right in all else
//! and over, which is [`Error::TokenExpired`](crate::Error::TokenExpired).

mod claims;
mod issuer;
mod key_set;
mod kind;
mod numeric_date;
mod payload;
mod policy;
mod verifier;

pub use claims::Claims;
pub use issuer::Issuer;
pub use key_set::KeySet;
pub use kind::TokenKind;
pub use policy::TokenPolicy;
pub use verifier::Verifier;
