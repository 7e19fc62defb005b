//! What requests of the auth API say.

use utoipa::ToSchema;

/// Whoever signs up.
#[derive(Debug, ToSchema)]
pub struct Signup {
    /// An e-mail address.
    pub email: String,
    /// Letters, digits, `.`, `_` and `-`; at most 64.
    pub username: String,
    /// 12 characters or more.
    #[schema(format = Password)]
    pub password: String,
    /// What to be called.
    pub full_name: Option<String>,
}

/// Whoever signs in.
#[derive(Debug, ToSchema)]
pub struct Login {
    /// The e-mail address.
    pub email: String,
    /// The password.
    #[schema(format = Password)]
    pub password: String,
    /// A time-based code or a recovery code, for users with a second factor.
    pub totp: Option<String>,
}

/// A refresh token.
#[derive(Debug, ToSchema)]
pub struct Refresh {
    /// The one that came last.
    pub refresh_token: String,
}

/// Which sessions to end.
#[derive(Debug, ToSchema)]
pub struct Logout {
    /// All of the user's. Default: false.
    pub all: Option<bool>,
}

/// Another password.
#[derive(Debug, ToSchema)]
pub struct PasswordChange {
    /// The one so far.
    #[schema(format = Password)]
    pub current: String,
    /// The new one.
    #[schema(format = Password)]
    pub new: String,
}

/// A password that an administrator gives.
#[derive(Debug, ToSchema)]
pub struct NewPassword {
    /// 12 characters or more.
    #[schema(format = Password)]
    pub new: String,
}

/// A code of the second factor.
#[derive(Debug, ToSchema)]
pub struct TotpCode {
    /// Six digits; a recovery code where one is taken.
    pub code: String,
}

/// An API key to be made.
#[derive(Debug, ToSchema)]
pub struct ApiKeyRequest {
    /// What to call it.
    pub name: String,
    /// What it may do: `cmdb:read`, `cmdb:discover`, `cmdb:query`, `aiops:predict`, `aiops:train`, `users:admin`, `audit:read`.
    pub scopes: Vec<String>,
    /// When its time is over, RFC 3339; without end where it is not given.
    pub expires_at: Option<String>,
}

/// The first administrator.
#[derive(Debug, ToSchema)]
pub struct Bootstrap {
    /// The one-time token that the server wrote to standard error.
    pub token: String,
    /// An e-mail address.
    pub email: String,
    /// Letters, digits, `.`, `_` and `-`; at most 64.
    pub username: String,
    /// 12 characters or more.
    #[schema(format = Password)]
    pub password: String,
    /// What to be called.
    pub full_name: Option<String>,
}

/// A user to be made by an administrator.
#[derive(Debug, ToSchema)]
pub struct NewUser {
    /// An e-mail address.
    pub email: String,
    /// Letters, digits, `.`, `_` and `-`; at most 64.
    pub username: String,
    /// Its first password.
    #[schema(format = Password)]
    pub password: String,
    /// What to be called.
    pub full_name: Option<String>,
    /// `VIEWER`, `OPERATOR` or `ADMIN`. Default: `VIEWER`.
    pub role: Option<String>,
    /// Roles of the configuration.
    pub custom_roles: Option<Vec<String>>,
}

/// What an administrator changes of a user; what is not given stays.
#[derive(Debug, ToSchema)]
pub struct UserChange {
    /// `VIEWER`, `OPERATOR` or `ADMIN`.
    pub role: Option<String>,
    /// Roles of the configuration, in place of those it has.
    pub custom_roles: Option<Vec<String>>,
    /// Whether it may come in.
    pub active: Option<bool>,
}
