//! A policy in the making, and what is refused of it.

use std::collections::BTreeSet;

use super::check;
use super::definition::{PolicyDefinition, RoleDefinition};
use super::evaluation::Policy;
use super::permission::Permission;
use super::role::{BuiltInRole, RoleName};
use super::rule::{Effect, FieldRule, Rule};
use crate::error::{Error, Result};

/// A policy in the making.
#[derive(Debug, Default)]
#[must_use = "a builder does nothing until `build`"]
pub struct PolicyBuilder {
    definition: PolicyDefinition,
    refused: Option<Error>,
}

impl PolicyBuilder {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Adds a custom role.
    pub fn role(mut self, name: &str, permissions: impl IntoIterator<Item = Permission>) -> Self {
        match name.parse() {
            Ok(name) => {
                self.definition.roles.push(RoleDefinition { name, permissions: permissions.into_iter().collect() });
            }
            Err(error) => self.refused = self.refused.or(Some(error)),
        }
        self
    }

    /// Adds a rule on objects.
    pub fn rule(mut self, rule: Rule) -> Self {
        self.definition.rules.push(rule);
        self
    }

    /// Adds a rule on fields.
    pub fn field_rule(mut self, rule: FieldRule) -> Self {
        self.definition.field_rules.push(rule);
        self
    }

    /// Adds what a configuration defines.
    pub fn define(mut self, definition: PolicyDefinition) -> Self {
        self.definition.roles.extend(definition.roles);
        self.definition.rules.extend(definition.rules);
        self.definition.field_rules.extend(definition.field_rules);
        self
    }

    /// The policy.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the role or the rule: a role or a rule that is defined twice, a built-in role that is
    /// defined anew, a rule for a role that does not exist, one without permissions or fields, one that denies a permission
    /// that nothing allows to anybody, a condition that compares with nothing or is larger than 1,000 parts or 16 levels.
    pub fn build(self) -> Result<Policy> {
        if let Some(error) = self.refused {
            return Err(error);
        }
        let mut policy = Policy::built_in();
        for RoleDefinition { name, permissions } in self.definition.roles {
            add_role(&mut policy, name, permissions)?;
        }
        let PolicyDefinition { rules, field_rules, .. } = self.definition;
        let mut named: BTreeSet<Permission> = policy.roles.values().flatten().cloned().collect();
        let allowing = rules.iter().filter(|rule| rule.effect == Effect::Allow);
        named.extend(allowing.flat_map(|rule| rule.permissions.iter().cloned()));

        let mut names = BTreeSet::new();
        for rule in &rules {
            check::name(&rule.name, &mut names)?;
            check::rule(rule, &policy, &named)?;
        }
        for rule in &field_rules {
            check::name(&rule.name, &mut names)?;
            check::field_rule(rule, &policy)?;
        }
        policy.roles.insert(BuiltInRole::Admin.into(), named);
        policy.rules = rules.into_iter().map(|rule| Rule { when: rule.when.simplified(), ..rule }).collect();
        policy.field_rules = field_rules;
        Ok(policy)
    }
}

/// Names that differ in case alone are one: nobody should have to tell `Admin` from `ADMIN`.
fn add_role(policy: &mut Policy, name: RoleName, permissions: BTreeSet<Permission>) -> Result<()> {
    let alike = policy.roles.keys().find(|other| other.as_str().eq_ignore_ascii_case(name.as_str()));
    if let Some(other) = alike {
        let built_in = other.as_str().parse::<BuiltInRole>().is_ok();
        let expected = if built_in { "another name than those of the built-in roles" } else { "each role once" };
        return Err(Error::invalid("role", expected, format!("`{name}` beside `{other}`")));
    }
    policy.roles.insert(name, permissions);
    Ok(())
}
