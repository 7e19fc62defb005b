//! Who decides.

use std::collections::BTreeSet;
use std::fmt::Debug;

use super::decision::Decision;
use super::object::Object;
use super::permission::Permission;
use super::principal::Principal;
use super::scope::Scope;

/// Decides what somebody may do.
///
/// - What nothing allows is denied, and what anything denies is denied.
/// - Nobody may do anything to an object of another tenant.
/// - A credential with scopes never may what its scopes do not name.
/// - All three methods agree: [`decide`](Self::decide) on an object says what [`scope`](Self::scope) says of it, and the scope
///   of what is not among the [`permissions`](Self::permissions) holds no object.
pub trait Authorizer: Send + Sync + Debug {
    /// Whether the principal may do this to the object.
    ///
    /// Without an object: whether it may do it to every object of its tenant. So a caller that knows nothing of objects never
    /// lets through what a rule would deny on one of them.
    fn decide(&self, principal: &Principal, permission: &Permission, object: Option<&Object>) -> Decision;

    /// What the principal may do, be it to some objects only.
    fn permissions(&self, principal: &Principal) -> BTreeSet<Permission>;

    /// To which objects the principal may do this, and which of their fields it sees.
    fn scope(&self, principal: &Principal, permission: &Permission) -> Scope;
}
