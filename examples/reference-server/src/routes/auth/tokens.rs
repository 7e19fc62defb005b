//! What somebody gets who signed in.

use dharmagraph_auth::Timestamp;
use dharmagraph_auth::service::SignedIn;
use serde::Serialize;
use utoipa::ToSchema;

use super::user::User;

/// The two tokens of a session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tokens {
    /// For requests, in `Authorization: Bearer`.
    token: String,
    /// For the next two tokens; can be used once.
    refresh_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// When `token` is over, RFC 3339.
    #[schema(value_type = String)]
    expires_at: Timestamp,
    /// Who it is.
    user: User,
}

impl From<SignedIn> for Tokens {
    fn from(signed_in: SignedIn) -> Self {
        let SignedIn { token, refresh_token, expires_at, user } = signed_in;
        Self {
            token: token.expose().to_owned(),
            refresh_token: refresh_token.expose().to_owned(),
            token_type: "Bearer",
            expires_at,
            user: user.into(),
        }
    }
}
