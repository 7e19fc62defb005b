//! Roles and rules as a configuration has them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::permission::Permission;
use super::role::RoleName;
use super::rule::{FieldRule, Rule};

/// Roles and rules as a configuration has them; unknown members are refused.
///
/// ```
/// # use dharmagraph_auth::policy::{Policy, PolicyDefinition};
/// let definition: PolicyDefinition = serde_json::from_str(r#"{
///     "roles": [{"name": "auditor", "permissions": ["audit:read"]}],
///     "rules": [{
///         "name": "nobody-trains-in-production",
///         "effect": "deny",
///         "permissions": ["aiops:train"],
///         "for": {"except": ["ADMIN"]},
///         "when": {"equals": {"attribute": "environment", "value": "production"}}
///     }],
///     "field_rules": [{
///         "name": "addresses",
///         "resource_type": "compute_resource",
///         "fields": ["ip_address"],
///         "visibility": "masked",
///         "for": {"roles": ["VIEWER"]}
///     }]
/// }"#)?;
/// let policy = Policy::builder().define(definition).build()?;
/// assert!(policy.has_role(&"auditor".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyDefinition {
    /// Roles beside the built-in ones.
    #[serde(default)]
    pub roles: Vec<RoleDefinition>,
    /// Rules on objects.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// Rules on fields.
    #[serde(default)]
    pub field_rules: Vec<FieldRule>,
}

/// A custom role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleDefinition {
    /// Its name.
    pub name: RoleName,
    /// What it may; rules may add to it.
    #[serde(default)]
    pub permissions: BTreeSet<Permission>,
}
