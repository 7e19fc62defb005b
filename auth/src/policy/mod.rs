//! What somebody may do: roles and rules, and a decision that can be explained.
//!
//! An [`Authorizer`] answers three questions that always agree: may this principal do this ([`Authorizer::decide`]), what may it
//! do at all ([`Authorizer::permissions`]), and to which objects, as data that a query can be narrowed by
//! ([`Authorizer::scope`]). [`Policy`] answers them by roles and rules.
//!
//! ```
//! use dharmagraph_auth::policy::{Authorizer, BuiltInRole, Condition, Credential, Object, Permission, Policy, Principal, Rule};
//! use dharmagraph_auth::{SessionId, Tenant, TokenId, UserId};
//!
//! let locked = Condition::equals("environment", "production");
//! let policy = Policy::builder()
//!     .rule(Rule::deny("frozen", [Permission::aiops_train()]).except(BuiltInRole::Admin).when(locked))
//!     .build()?;
//! let operator = Principal {
//!     user: UserId::generate(),
//!     tenant: Tenant::default(),
//!     username: "ada".to_owned(),
//!     roles: [BuiltInRole::Operator.into()].into(),
//!     scopes: None,
//!     credential: Credential::Token { session: SessionId::generate()?, token: TokenId::generate()? },
//! };
//! let model = Object::new("model", "m-1", Tenant::default()).with("environment", "production");
//! let decision = policy.decide(&operator, &Permission::aiops_train(), Some(&model));
//! assert_eq!(decision.explanation(), "the rule `frozen` denies aiops:train");
//! assert!(decision.require("model").is_err());
//! # Ok::<(), dharmagraph_auth::Error>(())
//! ```

mod authorizer;
mod builder;
mod check;
mod condition;
mod decision;
mod definition;
mod evaluation;
mod fields;
mod object;
mod permission;
mod principal;
mod role;
mod rule;
mod scope;
mod simplify;

pub use authorizer::Authorizer;
pub use builder::PolicyBuilder;
pub use condition::{Condition, Scalar};
pub use decision::{Decision, Reason};
pub use definition::{PolicyDefinition, RoleDefinition};
pub use evaluation::Policy;
pub use fields::{Fields, Visibility};
pub use object::Object;
pub use permission::Permission;
pub use principal::{Credential, Principal};
pub use role::{BuiltInRole, RoleName};
pub use rule::{Effect, FieldRule, Rule, Whom};
pub use scope::Scope;
