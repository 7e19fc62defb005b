//! What DISTINCT and grouping take for one.

use std::hash::{Hash, Hasher};

use super::{Value, number, order};

/// A value that is equal to those that DISTINCT takes for the same: null is the same as null, NaN as NaN and 1 as 1.0.
#[derive(Debug, Clone)]
pub(crate) struct Key(pub(crate) Value);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        same(&self.0, &other.0)
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash(&self.0, state);
    }
}

/// Whether two values are one.
pub(crate) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::String(left), Value::String(right)) => left == right,
        _ => order::compare(left, right).is_eq(),
    }
}

/// Hashes what is one alike.
pub(crate) fn hash<H: Hasher>(value: &Value, state: &mut H) {
    order::rank(value).hash(state);
    match value {
        Value::Null => {}
        Value::Boolean(boolean) => boolean.hash(state),
        Value::Integer(integer) => integer.hash(state),
        Value::Float(float) => hash_float(*float, state),
        Value::String(string) => string.hash(state),
        Value::List(items) => {
            items.len().hash(state);
            items.iter().for_each(|item| hash(item, state));
        }
        Value::Map(entries) => {
            entries.len().hash(state);
            for (key, value) in entries.iter() {
                key.hash(state);
                hash(value, state);
            }
        }
        Value::Temporal(temporal) => temporal.hash(state),
        Value::Node(node) => node.hash(state),
        Value::Relationship(relationship) => relationship.hash(state),
        Value::Path(path) => path.hash(state),
    }
}

/// A float that equals an integer hashes as it, and every NaN alike.
fn hash_float<H: Hasher>(float: f64, state: &mut H) {
    match number::as_integer(float) {
        Some(integer) => integer.hash(state),
        None if float.is_nan() => f64::NAN.to_bits().hash(state),
        None => float.to_bits().hash(state),
    }
}

#[cfg(test)]
mod tests {
    use std::hash::BuildHasher;

    use proptest::prelude::*;

    use super::super::testing::value;
    use super::*;

    #[test]
    fn one_and_one_point_zero_are_the_same_and_so_are_nulls() {
        let key = Key;
        assert_eq!(key(1.into()), key(1.0.into()));
        assert_eq!(key(Value::Null), key(Value::Null));
        assert_eq!(key(f64::NAN.into()), key(f64::NAN.into()));
        assert_eq!(key((-0.0).into()), key(0.into()));
        assert_ne!(key(1.into()), key("1".into()));
    }

    proptest! {
        #[test]
        fn equal_keys_hash_alike(left in value(), right in value()) {
            let hasher = std::hash::RandomState::new();
            let [left, right] = [Key(left), Key(right)];
            if left == right {
                prop_assert_eq!(hasher.hash_one(&left), hasher.hash_one(&right));
            }
        }
    }
}
