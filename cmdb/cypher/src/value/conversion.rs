//! Rust's values as Cypher's.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Path, Value};
use crate::graph::{NodeId, Relationship};

impl From<bool> for Value {
    fn from(boolean: bool) -> Self {
        Self::Boolean(boolean)
    }
}

impl From<i64> for Value {
    fn from(integer: i64) -> Self {
        Self::Integer(integer)
    }
}

impl From<i32> for Value {
    fn from(integer: i32) -> Self {
        Self::Integer(integer.into())
    }
}

impl From<u32> for Value {
    fn from(integer: u32) -> Self {
        Self::Integer(integer.into())
    }
}

impl From<f64> for Value {
    fn from(float: f64) -> Self {
        Self::Float(float)
    }
}

impl From<&str> for Value {
    fn from(string: &str) -> Self {
        Self::String(string.into())
    }
}

impl From<String> for Value {
    fn from(string: String) -> Self {
        Self::String(string.into())
    }
}

impl From<Arc<str>> for Value {
    fn from(string: Arc<str>) -> Self {
        Self::String(string)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    /// Nothing is null.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<BTreeMap<Arc<str>, Self>> for Value {
    fn from(entries: BTreeMap<Arc<str>, Self>) -> Self {
        Self::Map(Arc::new(entries))
    }
}

impl From<NodeId> for Value {
    fn from(node: NodeId) -> Self {
        Self::Node(node)
    }
}

impl From<Relationship> for Value {
    fn from(relationship: Relationship) -> Self {
        Self::Relationship(relationship)
    }
}

impl From<Path> for Value {
    fn from(path: Path) -> Self {
        Self::Path(Arc::new(path))
    }
}

impl<T: Into<Self>> FromIterator<T> for Value {
    /// A list.
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::List(Arc::new(items.into_iter().map(Into::into).collect()))
    }
}

impl<K: Into<Arc<str>>> FromIterator<(K, Self)> for Value {
    /// A map; of equal keys the last counts.
    fn from_iter<I: IntoIterator<Item = (K, Self)>>(entries: I) -> Self {
        Self::Map(Arc::new(entries.into_iter().map(|(key, value)| (key.into(), value)).collect()))
    }
}
