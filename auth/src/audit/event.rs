//! Events.

use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::id::{Tenant, UserId};
use crate::time::Timestamp;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditEvent {
    /// Its id, a UUID.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// In which tenant.
    pub tenant: Tenant,
    /// Who did it, if that is known.
    pub user: Option<UserId>,
    /// What was done.
    pub action: AuditAction,
    /// To what type of thing: `user`, `session`, `api_key`, ...
    pub resource_type: String,
    /// To which one.
    pub resource_id: Option<String>,
    /// What changed and what else is worth knowing; never a secret, and no numbers but whole ones.
    pub changes: Map<String, Value>,
    /// From where.
    pub ip_address: Option<IpAddr>,
    /// With what program.
    pub user_agent: Option<String>,
    /// The request's id, as in the server's log.
    pub request_id: Option<String>,
    /// Whether it was done; `false` where it was refused.
    pub success: bool,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What was done, for instance `auth.login`.
        ///
        /// The actions of this crate are variants; those of others are [`AuditAction::Other`].
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        #[non_exhaustive]
        pub enum AuditAction {
            $($(#[$doc])* $name,)*
            /// Of another crate.
            Other(String),
        }

        impl AuditAction {
            /// Its text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<String> for AuditAction {
            fn from(text: String) -> Self {
                match text.as_str() {
                    $($text => Self::$name,)*
                    _ => Self::Other(text),
                }
            }
        }
    };
}

actions! {
    /// The first administrator was made.
    Bootstrap = "auth.bootstrap",
    /// Somebody signed up.
    Signup = "auth.signup",
    /// Somebody signed in, or tried.
    Login = "auth.login",
    /// A refresh token was used, or refused.
    Refresh = "auth.refresh",
    /// A refresh token was used again: its session was ended.
    TokenReuse = "auth.token_reuse",
    /// Somebody signed out.
    Logout = "auth.logout",
    /// A session was ended by somebody who has it in a list.
    SessionEnd = "auth.session_end",
    /// A password was changed, or that was tried.
    PasswordChange = "auth.password_change",
    /// A stored hash was renewed because the policy is stronger now.
    PasswordRehash = "auth.password_rehash",
    /// A second factor was asked for.
    TotpEnrol = "auth.totp_enrol",
    /// A second factor was confirmed.
    TotpConfirm = "auth.totp_confirm",
    /// A second factor was removed.
    TotpRemove = "auth.totp_remove",
    /// A recovery code was used.
    RecoveryCode = "auth.recovery_code",
    /// An API key was made.
    ApiKeyCreate = "auth.api_key_create",
    /// An API key was revoked.
    ApiKeyRevoke = "auth.api_key_revoke",
    /// A user was made by an administrator.
    UserCreate = "auth.user_create",
    /// A user was changed by an administrator.
    UserChange = "auth.user_change",
    /// An administrator ended a user's sessions.
    UserSessionsEnd = "auth.user_sessions_end",
    /// The signing keys were rotated.
    KeyRotation = "auth.key_rotation",
    /// Somebody known was not allowed to do something.
    Denied = "auth.denied",
}

impl From<AuditAction> for String {
    fn from(action: AuditAction) -> Self {
        action.as_str().to_owned()
    }
}

impl fmt::Display for AuditAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl AuditEvent {
    /// An event of now that was done, by nobody known, to nothing yet.
    #[must_use]
    pub fn new(action: AuditAction, resource_type: &str, tenant: Tenant, at: Timestamp) -> Self {
        Self {
            id: uuid::Uuid::new_v4().to_string(),
            at,
            tenant,
            user: None,
            action,
            resource_type: resource_type.to_owned(),
            resource_id: None,
            changes: Map::new(),
            ip_address: None,
            user_agent: None,
            request_id: None,
            success: true,
        }
    }
}
