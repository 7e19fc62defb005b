//! Which objects somebody may do something to, as data.

use std::collections::BTreeMap;

use super::condition::Condition;
use super::fields::Fields;
use super::object::Object;
use crate::id::{Tenant, UserId};

/// Which objects somebody may do something to, and which of their fields it sees: what a list or a query is narrowed by.
///
/// As SQL: `WHERE tenant = $tenant AND (condition)`, where [`Condition::IsOwner`] is `owner = $user`. The condition does not
/// hold the user, so that the statement that was compiled for it serves everybody with the same roles. Where it is denied the
/// condition is [`Condition::NEVER`]: whoever does not ask [`Scope::is_denied`] gets no rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    tenant: Tenant,
    user: UserId,
    condition: Condition,
    fields: BTreeMap<String, Fields>,
}

impl Scope {
    /// A scope. The condition is simplified.
    #[must_use]
    pub fn new(tenant: Tenant, user: UserId, condition: &Condition, fields: BTreeMap<String, Fields>) -> Self {
        Self { tenant, user, condition: condition.simplified(), fields }
    }

    /// Whether no object is in it. Why, says [`decide`](super::Authorizer::decide) without an object.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.condition.is_never()
    }

    /// The tenant that objects must belong to.
    #[must_use]
    pub const fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// The user that [`Condition::IsOwner`] means.
    #[must_use]
    pub const fn user(&self) -> &UserId {
        &self.user
    }

    /// What must hold for an object of the tenant.
    #[must_use]
    pub const fn condition(&self) -> &Condition {
        &self.condition
    }

    /// The same for objects of one type; does not look at the type any more.
    #[must_use]
    pub fn condition_for(&self, resource_type: &str) -> Condition {
        self.condition.for_type(resource_type)
    }

    /// Which fields of a type of resource may be shown.
    #[must_use]
    pub fn fields(&self, resource_type: &str) -> Fields {
        self.fields.get(resource_type).cloned().unwrap_or_default()
    }

    /// Whether this object is in it.
    #[must_use]
    pub fn admits(&self, object: &Object) -> bool {
        object.tenant == self.tenant && self.condition.holds(object, &self.user)
    }
}
