//! Rules: what roles may do to some objects only, and which fields they see.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::fields::Visibility;
use super::permission::Permission;
use super::role::RoleName;

/// Whether a rule allows or denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Adds to what roles may.
    Allow,
    /// Takes away, whatever else allows it.
    Deny,
}

/// Whom a rule is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whom {
    /// Who has one of these roles; everybody where none is named.
    #[serde(default)]
    pub roles: BTreeSet<RoleName>,
    /// But not who has one of these.
    #[serde(default)]
    pub except: BTreeSet<RoleName>,
}

impl Whom {
    /// Whether the rule is for somebody with these roles.
    #[must_use]
    pub fn includes(&self, roles: &BTreeSet<RoleName>) -> bool {
        (self.roles.is_empty() || !self.roles.is_disjoint(roles)) && self.except.is_disjoint(roles)
    }
}

/// Allows or denies permissions on the objects that a condition holds for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What explanations call it; no two rules have the same.
    pub name: String,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// Which permissions.
    pub permissions: BTreeSet<Permission>,
    /// Whom it is for.
    #[serde(default, rename = "for")]
    pub whom: Whom,
    /// On which objects; on all where nothing is said.
    #[serde(default)]
    pub when: Condition,
}

impl Rule {
    /// A rule that allows, for everybody and on every object until more is said.
    pub fn allow(name: impl Into<String>, permissions: impl IntoIterator<Item = Permission>) -> Self {
        Self::new(name.into(), Effect::Allow, permissions.into_iter().collect())
    }

    /// A rule that denies, for everybody and on every object until more is said.
    pub fn deny(name: impl Into<String>, permissions: impl IntoIterator<Item = Permission>) -> Self {
        Self::new(name.into(), Effect::Deny, permissions.into_iter().collect())
    }

    const fn new(name: String, effect: Effect, permissions: BTreeSet<Permission>) -> Self {
        let whom = Whom { roles: BTreeSet::new(), except: BTreeSet::new() };
        Self { name, effect, permissions, whom, when: Condition::ALWAYS }
    }

    /// The same, for those that have this role or one named before.
    #[must_use]
    pub fn of(mut self, role: impl Into<RoleName>) -> Self {
        self.whom.roles.insert(role.into());
        self
    }

    /// The same, but not for those that have this role.
    #[must_use]
    pub fn except(mut self, role: impl Into<RoleName>) -> Self {
        self.whom.except.insert(role.into());
        self
    }

    /// The same, on objects that this holds for.
    #[must_use]
    pub fn when(mut self, condition: Condition) -> Self {
        self.when = condition;
        self
    }
}

/// Masks or hides fields of a type of resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRule {
    /// What explanations call it; no two rules have the same.
    pub name: String,
    /// The type of resource, as in [`Object::resource_type`](super::Object::resource_type).
    pub resource_type: String,
    /// The fields.
    pub fields: BTreeSet<String>,
    /// What becomes of them. Where rules differ the stricter counts, so that [`Visibility::Shown`] would change nothing and is
    /// refused.
    pub visibility: Visibility,
    /// Whom it is for.
    #[serde(default, rename = "for")]
    pub whom: Whom,
}
