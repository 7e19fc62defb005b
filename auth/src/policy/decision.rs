//! A decision, and what led to it.

use std::collections::BTreeSet;
use std::fmt;

use super::fields::Fields;
use super::object::Object;
use super::permission::Permission;
use super::role::RoleName;
use crate::error::{Error, Result};

/// Whether something may be done, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a decision that nobody looks at lets everybody in"]
pub struct Decision {
    permission: Permission,
    object: Option<(String, String)>,
    reason: Reason,
    fields: Fields,
}

/// What allowed or denied it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// Allowed: this role has the permission.
    Role(RoleName),
    /// Allowed: this rule does.
    AllowRule(String),
    /// Denied: this rule does.
    DenyRule(String),
    /// Denied: this rule makes it depend on the object, and none was given.
    ObjectNeeded(String),
    /// Denied: nothing allows it to somebody with these roles.
    NoRole(BTreeSet<RoleName>),
    /// Denied: the scopes of the credential do not name the permission.
    CredentialScope,
    /// Denied: the object belongs to another tenant.
    OtherTenant,
}

impl Reason {
    /// Whether it is a reason to allow.
    #[must_use]
    pub const fn allows(&self) -> bool {
        matches!(self, Self::Role(_) | Self::AllowRule(_))
    }
}

impl Decision {
    /// A decision about an object, or about all of them.
    pub fn new(permission: &Permission, object: Option<&Object>, reason: Reason, fields: Fields) -> Self {
        let object = object.map(|object| (object.resource_type.clone(), object.id.clone()));
        Self { permission: permission.clone(), object, reason, fields }
    }

    /// Whether it may be done.
    #[must_use]
    pub const fn allowed(&self) -> bool {
        self.reason.allows()
    }

    /// What allowed or denied it.
    #[must_use]
    pub const fn reason(&self) -> &Reason {
        &self.reason
    }

    /// Which fields of the object may be shown; without an object, all of them, and
    /// [`Scope::fields`](super::Scope::fields) says which.
    #[must_use]
    pub const fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Why, in one line for people: `the role VIEWER has cmdb:read`. Holds no secret. It says of an object of another tenant
    /// that it exists, and so is for the audit trail and the log; [`Decision::require`] does not.
    #[must_use]
    pub fn explanation(&self) -> String {
        let permission = &self.permission;
        match &self.reason {
            Reason::Role(role) => format!("the role {role} has {permission}"),
            Reason::AllowRule(rule) => format!("the rule `{rule}` allows {permission}"),
            Reason::DenyRule(rule) => format!("the rule `{rule}` denies {permission}"),
            Reason::ObjectNeeded(rule) => {
                format!("the rule `{rule}` makes {permission} depend on the object, and this is about all of them")
            }
            Reason::NoRole(roles) if roles.is_empty() => format!("{permission} needs a role that has it, and there is none"),
            Reason::NoRole(roles) => {
                let roles: Vec<&str> = roles.iter().map(RoleName::as_str).collect();
                format!("no role or rule allows {permission} to {}", roles.join(", "))
            }
            Reason::CredentialScope => format!("the credential's scopes do not name {permission}"),
            Reason::OtherTenant => "it belongs to another tenant".to_owned(),
        }
    }

    /// Goes on where it may be done.
    ///
    /// `what` is what people call such an object, for instance `compute resource`.
    ///
    /// # Errors
    /// - [`Error::NotFound`] where the object belongs to another tenant, as if there were none.
    /// - [`Error::Forbidden`] with the [`explanation`](Decision::explanation) where it is denied for another reason.
    pub fn require(self, what: &'static str) -> Result<()> {
        if self.allowed() {
            return Ok(());
        }
        let reason = self.explanation();
        match (self.reason, self.object) {
            (Reason::OtherTenant, object) => Err(Error::NotFound { what, id: object.map(|(_, id)| id).unwrap_or_default() }),
            (_, Some((_, id))) => Err(Error::Forbidden { what: format!("{} on {what} `{id}`", self.permission), reason }),
            (_, None) => Err(Error::Forbidden { what: format!("{} on {what}", self.permission), reason }),
        }
    }
}

impl fmt::Display for Decision {
    /// `allowed: ..` or `denied: ..` and the [`explanation`](Decision::explanation).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", if self.allowed() { "allowed" } else { "denied" }, self.explanation())
    }
}
