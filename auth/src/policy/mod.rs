//! What somebody may do: roles and rules, and a decision that can be explained.

mod permission;
mod principal;
mod role;

pub use permission::Permission;
pub use principal::{Credential, Principal};
pub use role::{BuiltInRole, RoleName};
