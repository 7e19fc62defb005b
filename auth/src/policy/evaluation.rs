//! The policy that decides by roles and rules.

use std::collections::{BTreeMap, BTreeSet};

use super::authorizer::Authorizer;
use super::builder::PolicyBuilder;
use super::condition::Condition;
use super::decision::{Decision, Reason};
use super::fields::Fields;
use super::object::Object;
use super::permission::Permission;
use super::principal::Principal;
use super::role::{BuiltInRole, RoleName};
use super::rule::{Effect, FieldRule, Rule};
use super::scope::Scope;

/// Decides by roles and rules.
///
/// - VIEWER has `cmdb:read` and `aiops:predict`; OPERATOR also `cmdb:discover`, `cmdb:query` and `aiops:train`; ADMIN every
///   permission of this crate and those that custom roles and rules name.
/// - Custom roles have what they name. A role that the policy does not know has nothing.
/// - Rules allow more on some objects, or deny, and a rule that denies wins, also over ADMIN.
#[derive(Debug, Clone)]
pub struct Policy {
    pub(super) roles: BTreeMap<RoleName, BTreeSet<Permission>>,
    /// With simplified conditions.
    pub(super) rules: Vec<Rule>,
    pub(super) field_rules: Vec<FieldRule>,
}

impl Policy {
    /// The built-in roles, and no rules.
    #[must_use]
    pub fn built_in() -> Self {
        let roles = BuiltInRole::ALL.map(|role| (role.into(), built_in_permissions(role)));
        Self { roles: roles.into(), rules: Vec::new(), field_rules: Vec::new() }
    }

    /// The built-in roles, to add custom roles and rules to.
    pub fn builder() -> PolicyBuilder {
        PolicyBuilder::new()
    }

    /// Whether there is a role of this name.
    #[must_use]
    pub fn has_role(&self, role: &RoleName) -> bool {
        self.roles.contains_key(role)
    }

    /// Every role with the permissions that it has on all objects, by name.
    pub fn roles(&self) -> impl Iterator<Item = (&RoleName, &BTreeSet<Permission>)> {
        self.roles.iter()
    }

    /// The attributes that rules look at for objects of this type: whoever asks about such objects must know them all, and
    /// can refuse to start where a rule names one that it does not know.
    #[must_use]
    pub fn attributes(&self, resource_type: &str) -> BTreeSet<String> {
        let conditions = self.rules.iter().map(|rule| rule.when.for_type(resource_type));
        conditions.flat_map(|when| when.attributes().into_iter().map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    fn rules_for(&self, effect: Effect, principal: &Principal, permission: &Permission) -> impl Iterator<Item = &Rule> {
        self.rules
            .iter()
            .filter(move |rule| rule.effect == effect)
            .filter(|rule| rule.permissions.contains(permission) && rule.whom.includes(&principal.roles))
    }

    fn role_with<'a>(&self, principal: &'a Principal, permission: &Permission) -> Option<&'a RoleName> {
        principal.roles.iter().find(|role| self.roles.get(role).is_some_and(|granted| granted.contains(permission)))
    }

    fn reason(&self, principal: &Principal, permission: &Permission, object: Option<&Object>) -> Reason {
        if object.is_some_and(|object| object.tenant != principal.tenant) {
            return Reason::OtherTenant;
        }
        if principal.scopes.as_ref().is_some_and(|scopes| !scopes.contains(permission)) {
            return Reason::CredentialScope;
        }
        let mut depends = None;
        for rule in self.rules_for(Effect::Deny, principal, permission) {
            match holds(rule, principal, object) {
                Some(true) => return Reason::DenyRule(rule.name.clone()),
                Some(false) => {}
                None => depends = depends.or(Some(rule)),
            }
        }
        match (self.grant(principal, permission, object), depends) {
            (granted, Some(rule)) if granted.allows() => Reason::ObjectNeeded(rule.name.clone()),
            (granted, _) => granted,
        }
    }

    /// What would be the reason if no rule denied anything.
    fn grant(&self, principal: &Principal, permission: &Permission, object: Option<&Object>) -> Reason {
        if let Some(role) = self.role_with(principal, permission) {
            return Reason::Role(role.clone());
        }
        let mut depends = None;
        for rule in self.rules_for(Effect::Allow, principal, permission) {
            match holds(rule, principal, object) {
                Some(true) => return Reason::AllowRule(rule.name.clone()),
                Some(false) => {}
                None => depends = depends.or(Some(rule)),
            }
        }
        match depends {
            Some(rule) => Reason::ObjectNeeded(rule.name.clone()),
            None => Reason::NoRole(principal.roles.clone()),
        }
    }

    fn condition(&self, principal: &Principal, permission: &Permission) -> Condition {
        if principal.scopes.as_ref().is_some_and(|scopes| !scopes.contains(permission)) {
            return Condition::NEVER;
        }
        let conditions = |effect| self.rules_for(effect, principal, permission).map(|rule| rule.when.clone());
        let allowed = match self.role_with(principal, permission) {
            Some(_) => Condition::ALWAYS,
            None => Condition::Any(conditions(Effect::Allow).collect()),
        };
        let denied = Condition::Any(conditions(Effect::Deny).collect());
        Condition::All(vec![allowed, Condition::Not(Box::new(denied))]).simplified()
    }

    fn fields(&self, principal: &Principal) -> BTreeMap<String, Fields> {
        let mut fields: BTreeMap<String, Fields> = BTreeMap::new();
        for rule in self.field_rules.iter().filter(|rule| rule.whom.includes(&principal.roles)) {
            let limits = fields.entry(rule.resource_type.clone()).or_default();
            rule.fields.iter().for_each(|field| limits.limit(field, rule.visibility));
        }
        fields
    }
}

/// Whether a rule's condition holds; `None` where that depends on the object and there is none.
fn holds(rule: &Rule, principal: &Principal, object: Option<&Object>) -> Option<bool> {
    match object {
        Some(object) => Some(rule.when.holds(object, &principal.user)),
        None if rule.when.is_always() => Some(true),
        None if rule.when.is_never() => Some(false),
        None => None,
    }
}

fn built_in_permissions(role: BuiltInRole) -> BTreeSet<Permission> {
    let mut permissions = BTreeSet::from([Permission::cmdb_read(), Permission::aiops_predict()]);
    match role {
        BuiltInRole::Viewer => {}
        BuiltInRole::Operator => {
            permissions.extend([Permission::cmdb_discover(), Permission::cmdb_query(), Permission::aiops_train()]);
        }
        BuiltInRole::Admin => permissions.extend(Permission::known()),
    }
    permissions
}

impl Authorizer for Policy {
    fn decide(&self, principal: &Principal, permission: &Permission, object: Option<&Object>) -> Decision {
        let reason = self.reason(principal, permission, object);
        let fields = object.and_then(|object| self.fields(principal).remove(&object.resource_type)).unwrap_or_default();
        Decision::new(permission, object, reason, fields)
    }

    fn permissions(&self, principal: &Principal) -> BTreeSet<Permission> {
        let granted = principal.roles.iter().filter_map(|role| self.roles.get(role)).flatten();
        let by_rules = self.rules.iter().filter(|rule| rule.effect == Effect::Allow).flat_map(|rule| &rule.permissions);
        let candidates: BTreeSet<&Permission> = granted.chain(by_rules).collect();
        candidates.into_iter().filter(|permission| !self.condition(principal, permission).is_never()).cloned().collect()
    }

    fn scope(&self, principal: &Principal, permission: &Permission) -> Scope {
        let condition = self.condition(principal, permission);
        Scope::new(principal.tenant.clone(), principal.user.clone(), &condition, self.fields(principal))
    }
}
