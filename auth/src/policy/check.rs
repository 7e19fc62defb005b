//! What a policy's rules must be like. A rule that could never do anything is a mistake, and one that was to deny is a hole.

use std::collections::BTreeSet;

use super::condition::Condition;
use super::evaluation::Policy;
use super::fields::Visibility;
use super::permission::Permission;
use super::rule::{FieldRule, Rule, Whom};
use crate::error::{Error, Result};

/// Conditions in each other: enough for what people write, few enough to walk through on any stack and in any database.
const LEVELS: usize = 16;
/// Conditions and values in one rule.
const PARTS: usize = 1_000;
/// Characters of a rule's name, an attribute or a field.
const NAME: usize = 128;

/// Refuses a rule's name that is no name or that another rule has.
pub(super) fn name<'a>(name: &'a str, names: &mut BTreeSet<&'a str>) -> Result<()> {
    word("rule's name", name)?;
    if names.insert(name) {
        return Ok(());
    }
    Err(Error::invalid("rule", "each name once", format!("two that are called `{name}`")))
}

/// Refuses a rule on objects that could not do what it says.
pub(super) fn rule(rule: &Rule, policy: &Policy, named: &BTreeSet<Permission>) -> Result<()> {
    let what = || format!("rule `{}`", rule.name);
    if rule.permissions.is_empty() {
        return Err(Error::invalid(what(), "at least one permission", "none"));
    }
    if let Some(unknown) = rule.permissions.iter().find(|permission| !named.contains(permission)) {
        return Err(Error::invalid(what(), "permissions that something allows", format!("`{unknown}`")));
    }
    whom(&rule.whom, &what, policy)?;
    if rule.when.is_always() {
        return Ok(());
    }
    condition(&rule.when, &what, LEVELS, &mut PARTS.clone())
}

/// Refuses a rule on fields that could not do what it says.
pub(super) fn field_rule(rule: &FieldRule, policy: &Policy) -> Result<()> {
    let what = || format!("rule `{}`", rule.name);
    if rule.visibility == Visibility::Shown {
        return Err(Error::invalid(what(), "masked or hidden", "shown, which fields are that no rule names"));
    }
    if rule.fields.is_empty() {
        return Err(Error::invalid(what(), "at least one field", "none"));
    }
    word("resource type", &rule.resource_type)?;
    rule.fields.iter().try_for_each(|field| word("field", field))?;
    whom(&rule.whom, &what, policy)
}

fn whom(whom: &Whom, what: &dyn Fn() -> String, policy: &Policy) -> Result<()> {
    match whom.roles.iter().chain(&whom.except).find(|role| !policy.has_role(role)) {
        Some(role) => Err(Error::invalid(what(), "roles that exist", format!("`{role}`"))),
        None => Ok(()),
    }
}

fn condition(condition: &Condition, what: &dyn Fn() -> String, levels: usize, parts: &mut usize) -> Result<()> {
    let own_parts = match condition {
        Condition::IsOwner | Condition::Not(_) => 1,
        Condition::Owner(users) => some(users.len(), "owner", what)?,
        Condition::Id(ids) => some(ids.len(), "id", what)?,
        Condition::Type(types) => some(types.len(), "type", what)?,
        Condition::OneOf { values, .. } => some(values.len(), "values", what)?,
        Condition::All(conditions) => some(conditions.len(), "all", what)?,
        Condition::Any(conditions) => some(conditions.len(), "any", what)?,
        Condition::StartsWith { prefix, .. } => some(prefix.len(), "prefix", what).map(|_| 1)?,
        Condition::Present(_) | Condition::Equals { .. } => 1,
    };
    let (true, Some(left)) = (levels > 0, parts.checked_sub(own_parts)) else {
        return Err(Error::invalid(what(), format!("at most {PARTS} parts and {LEVELS} levels in `when`"), "more"));
    };
    *parts = left;
    match condition {
        Condition::All(conditions) | Condition::Any(conditions) => {
            conditions.iter().try_for_each(|inner| self::condition(inner, what, levels - 1, parts))
        }
        Condition::Not(inner) => self::condition(inner, what, levels - 1, parts),
        Condition::Present(attribute)
        | Condition::Equals { attribute, .. }
        | Condition::OneOf { attribute, .. }
        | Condition::StartsWith { attribute, .. } => word("attribute", attribute),
        Condition::IsOwner | Condition::Owner(_) | Condition::Id(_) | Condition::Type(_) => Ok(()),
    }
}

fn some(count: usize, member: &str, what: &dyn Fn() -> String) -> Result<usize> {
    if count > 0 {
        return Ok(count);
    }
    Err(Error::invalid(what(), format!("something in `{member}`"), "nothing"))
}

/// The characters that tags of AWS resources have: a name is shown in explanations, so it has no quotes or control characters.
fn word(what: &str, text: &str) -> Result<()> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '+' | '-' | '=' | '.' | '_' | ':' | '/' | '@');
    if !text.is_empty() && text.len() <= NAME && text.chars().all(plain) {
        return Ok(());
    }
    let found: String = text.chars().take(80).filter(|c| !c.is_control()).collect();
    Err(Error::invalid(what, format!("letters, digits, spaces and +-=._:/@, at most {NAME} bytes"), format!("`{found}`")))
}
