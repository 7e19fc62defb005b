//! Events.

use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::limits;
use crate::id::{Tenant, UserId};
use crate::time::Timestamp;

/// Something that happened.
///
/// What callers send ends up here and stays, so every text is bounded. The methods cut what is longer and replace control
/// characters by U+FFFD, so that a long user agent never keeps an event from being written. [`AuditChain::text`], which every
/// store writes through, refuses what fields were set to beyond it.
///
/// [`AuditChain::text`]: super::AuditChain::text
///
/// ```
/// use dharmagraph_auth::audit::{AuditAction, AuditEvent, Caller};
/// use dharmagraph_auth::{Refusal, Tenant, Timestamp};
///
/// let caller = Caller { ip_address: "192.0.2.7".parse().ok(), user_agent: Some("curl/8".to_owned()), request_id: None };
/// let event = AuditEvent::new(AuditAction::Login, "session", Tenant::default(), Timestamp::from_seconds(0))
///     .from(&caller)
///     .with("email", "ada@example.org")
///     .failed(Refusal::WrongPassword.as_str());
/// assert!(!event.success);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditEvent {
    /// Its id, a UUID.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// In which tenant; at most 256 characters.
    pub tenant: Tenant,
    /// Who did it, if that is known; at most 256 characters.
    pub user: Option<UserId>,
    /// What was done; at most 64 characters.
    pub action: AuditAction,
    /// To what type of thing: `user`, `session`, `api_key`, ...; at most 64 characters.
    pub resource_type: String,
    /// To which one; at most 512 characters.
    pub resource_id: Option<String>,
    /// What changed and what else is worth knowing; never a secret, and no numbers but whole ones.
    pub changes: Map<String, Value>,
    /// From where.
    pub ip_address: Option<IpAddr>,
    /// With what program; at most 512 characters.
    pub user_agent: Option<String>,
    /// The request's id, as in the server's log; at most 128 characters.
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
    /// One access token was denied before its time was over.
    TokenDeny = "auth.token_deny",
    /// A session was ended by somebody who has it in a list.
    SessionEnd = "auth.session_end",
    /// A password was changed, or that was tried.
    PasswordChange = "auth.password_change",
    /// A stored hash was renewed because the policy is stronger now.
    PasswordRehash = "auth.password_rehash",
    /// An administrator gave a user a new password.
    PasswordReset = "auth.password_reset",
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

/// Where a request came from, as the server saw it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// The address.
    pub ip_address: Option<IpAddr>,
    /// The program, as it calls itself.
    pub user_agent: Option<String>,
    /// The request's id.
    pub request_id: Option<String>,
}

impl AuditEvent {
    /// An event of now that was done, by nobody known, to nothing yet. The type is cut to 64 characters.
    #[must_use]
    pub fn new(action: AuditAction, resource_type: &str, tenant: Tenant, at: Timestamp) -> Self {
        Self {
            id: uuid::Uuid::new_v4().to_string(),
            at,
            tenant,
            user: None,
            action,
            resource_type: limits::cut(resource_type, limits::RESOURCE_TYPE),
            resource_id: None,
            changes: Map::new(),
            ip_address: None,
            user_agent: None,
            request_id: None,
            success: true,
        }
    }

    /// The same, in this tenant.
    #[must_use]
    pub fn of(mut self, tenant: &Tenant) -> Self {
        self.tenant = tenant.clone();
        self
    }

    /// The same, done by this user.
    #[must_use]
    pub fn by(mut self, user: &UserId) -> Self {
        self.user = Some(user.clone());
        self
    }

    /// The same, done to this one. Cut to 512 characters.
    #[must_use]
    pub fn on(mut self, resource_id: &str) -> Self {
        self.resource_id = Some(limits::cut(resource_id, limits::RESOURCE_ID));
        self
    }

    /// The same, with something that is worth knowing: a text, a whole number, a boolean, or a list or object of them. Texts
    /// are cut to 1,024 characters each. Never a secret.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.changes.insert(name.to_owned(), limits::cut_value(value.into()));
        self
    }

    /// The same, asked for from there. The user agent is cut to 512 characters, the request's id to 128.
    #[must_use]
    pub fn from(mut self, caller: &Caller) -> Self {
        self.ip_address = caller.ip_address;
        self.user_agent = caller.user_agent.as_deref().map(|text| limits::cut(text, limits::USER_AGENT));
        self.request_id = caller.request_id.as_deref().map(|text| limits::cut(text, limits::REQUEST_ID));
        self
    }

    /// The same, but it was refused, with the reason in `changes`: one word, or the line that explains a decision.
    #[must_use]
    pub fn failed(mut self, reason: &str) -> Self {
        self.success = false;
        self.with("reason", reason)
    }
}

#[cfg(test)]
mod tests {
    use super::super::AuditChain;
    use super::*;

    #[test]
    fn what_a_caller_sends_never_keeps_an_event_from_being_written() {
        let caller = Caller {
            ip_address: None,
            user_agent: Some("\u{1F600}\0".repeat(100_000)),
            request_id: Some("\r\n".repeat(100_000)),
        };
        let event = AuditEvent::new(AuditAction::Login, &"x".repeat(1_000), Tenant::default(), Timestamp::MAX)
            .on(&"\0".repeat(100_000))
            .from(&caller)
            .with("email", "a\0\u{7f}".repeat(100_000))
            .with("list", vec!["\u{1F600}".repeat(100_000)])
            .failed("unknown_user");
        assert_eq!(event.user_agent.as_ref().unwrap().chars().count(), 512);
        let text = AuditChain::text(&event).unwrap();
        assert_eq!(AuditChain::event(&text).unwrap(), event);
    }

    #[test]
    fn a_field_that_was_set_to_more_is_refused_by_name() {
        let long = || "x".repeat(513);
        let event = || AuditEvent::new(AuditAction::Login, "session", Tenant::default(), Timestamp::MIN);
        let cases = [
            ("tenant", AuditEvent { tenant: Tenant::new(long()), ..event() }),
            ("user", AuditEvent { user: Some(UserId::new(long())), ..event() }),
            ("action", AuditEvent { action: AuditAction::Other(long()), ..event() }),
            ("resource_type", AuditEvent { resource_type: long(), ..event() }),
            ("resource_id", AuditEvent { resource_id: Some(long()), ..event() }),
            ("user_agent", AuditEvent { user_agent: Some(long()), ..event() }),
            ("request_id", AuditEvent { request_id: Some(long()), ..event() }),
            ("id", AuditEvent { id: "67E55044-10B1-426F-9247-BB680E5FE0C8".to_owned(), ..event() }),
        ];
        for (field, event) in cases {
            let error = AuditChain::text(&event).unwrap_err().to_string();
            assert!(error.contains(field), "{field}: {error}");
        }
    }

    #[test]
    fn a_text_that_an_action_of_this_crate_has_is_that_action() {
        assert_eq!(AuditAction::from("auth.login".to_owned()), AuditAction::Login);
        assert_eq!(AuditAction::from("graph.import".to_owned()), AuditAction::Other("graph.import".to_owned()));
    }
}
