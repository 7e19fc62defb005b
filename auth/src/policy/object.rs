//! What somebody wants to do something to.

use serde_json::{Map, Value};

use crate::id::{Tenant, UserId};

/// One thing that a decision is about, with what rules may look at.
///
/// Who asks about an object gives every attribute that the policy's rules name for it
/// ([`Policy::attributes`](super::Policy::attributes)): one that is not there is as if it were null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// What type of thing it is, for instance `compute_resource`; may be finer than the one in a permission's name.
    pub resource_type: String,
    /// Its id.
    pub id: String,
    /// Whom it belongs to.
    pub tenant: Tenant,
    /// The user that owns it, if one does.
    pub owner: Option<UserId>,
    /// What else rules may look at: texts, whole numbers and booleans. Others equal nothing.
    pub attributes: Map<String, Value>,
}

impl Object {
    /// An object without owner and attributes.
    pub fn new(resource_type: impl Into<String>, id: impl Into<String>, tenant: Tenant) -> Self {
        Self { resource_type: resource_type.into(), id: id.into(), tenant, owner: None, attributes: Map::new() }
    }

    /// The same, owned by this user.
    #[must_use]
    pub fn owned_by(mut self, owner: UserId) -> Self {
        self.owner = Some(owner);
        self
    }

    /// The same, with an attribute.
    #[must_use]
    pub fn with(mut self, attribute: impl Into<String>, value: impl Into<Value>) -> Self {
        self.attributes.insert(attribute.into(), value.into());
        self
    }
}
