//! Reading metadata by type.

use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::model::{Resource, ResourceType};

/// Typed access to metadata. What is missing, null or of another type is `None`, and no item of a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'a>(&'a Map<String, Value>);

impl<'a> Facts<'a> {
    /// The facts of a resource that is of this type and, where it is one of AWS's, of one of these native types. Other
    /// providers' native types are theirs to choose, so there the type decides alone.
    pub(super) fn of(resource: &'a Resource, view: &str, expected: &ResourceType, native_types: &[&str]) -> Result<Self> {
        let native = resource.native_type.as_str();
        let other = native.starts_with("AWS::") && !native_types.is_empty() && !native_types.contains(&native);
        if resource.resource_type == *expected && !other {
            return Ok(Self(&resource.metadata));
        }
        let mut wanted = expected.to_string();
        if !native_types.is_empty() {
            wanted = format!("{wanted} ({})", native_types.join(", "));
        }
        Err(Error::invalid(
            format!("resource for the view {view}"),
            wanted,
            format!("{} ({native}) `{}`", resource.resource_type, resource.id),
        ))
    }

    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.0.get(name)?.as_str()
    }

    pub(super) fn texts(&self, name: &str) -> Vec<&'a str> {
        self.items(name).filter_map(Value::as_str).collect()
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }

    /// A whole number that fits `N`.
    pub(super) fn number<N: TryFrom<i64>>(&self, name: &str) -> Option<N> {
        N::try_from(self.0.get(name)?.as_i64()?).ok()
    }

    pub(super) fn decimal(&self, name: &str) -> Option<f64> {
        self.0.get(name)?.as_f64()
    }

    /// The objects in a list.
    pub(super) fn blocks(&self, name: &str) -> impl Iterator<Item = Self> + use<'a> {
        self.items(name).filter_map(Value::as_object).map(Facts)
    }

    fn items(&self, name: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
        self.0.get(name).and_then(Value::as_array).into_iter().flatten()
    }
}
