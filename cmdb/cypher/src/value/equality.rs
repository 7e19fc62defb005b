//! `=`.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Value, number};

impl Value {
    /// Whether two values are equal; nothing where null keeps that from being known.
    ///
    /// Whole and floating point numbers are compared exactly (`1 = 1.0`), NaN equals nothing, lists and maps are compared
    /// item by item, and values of other kinds are different.
    #[must_use]
    pub fn equals(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Null, _) | (_, Self::Null) => None,
            (Self::String(left), Self::String(right)) => Some(left == right),
            (Self::Integer(left), Self::Integer(right)) => Some(left == right),
            #[expect(clippy::float_cmp, reason = "equality of floats is IEEE's")]
            (Self::Float(left), Self::Float(right)) => Some(left == right),
            (Self::Integer(integer), Self::Float(float)) | (Self::Float(float), Self::Integer(integer)) => {
                Some(number::compare(*integer, *float) == Some(Ordering::Equal))
            }
            (Self::Boolean(left), Self::Boolean(right)) => Some(left == right),
            (Self::Node(left), Self::Node(right)) => Some(left == right),
            (Self::Relationship(left), Self::Relationship(right)) => Some(left == right),
            (Self::Path(left), Self::Path(right)) => Some(left == right),
            (Self::Temporal(left), Self::Temporal(right)) => Some(left == right),
            (Self::List(left), Self::List(right)) => lists(left, right),
            (Self::Map(left), Self::Map(right)) => maps(left, right),
            _ => Some(false),
        }
    }
}

fn lists(left: &[Value], right: &[Value]) -> Option<bool> {
    if left.len() == right.len() { all(left.iter().zip(right)) } else { Some(false) }
}

fn maps(left: &BTreeMap<Arc<str>, Value>, right: &BTreeMap<Arc<str>, Value>) -> Option<bool> {
    if left.keys().eq(right.keys()) { all(left.values().zip(right.values())) } else { Some(false) }
}

/// One difference decides; without one, null leaves it open.
fn all<'a>(pairs: impl Iterator<Item = (&'a Value, &'a Value)>) -> Option<bool> {
    let mut equal = Some(true);
    for (left, right) in pairs {
        match left.equals(right) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => equal = None,
        }
    }
    equal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: impl Into<Vec<Value>>) -> Value {
        Value::from(items.into())
    }

    #[test]
    fn null_is_equal_to_nothing_not_even_itself() {
        assert_eq!(Value::Null.equals(&Value::Null), None);
        assert_eq!(Value::from(1).equals(&Value::Null), None);
    }

    #[test]
    fn numbers_are_equal_across_their_types_but_texts_are_not_numbers() {
        assert_eq!(Value::from(1).equals(&Value::from(1.0)), Some(true));
        assert_eq!(Value::from("1").equals(&Value::from(1)), Some(false));
        assert_eq!(Value::from(f64::NAN).equals(&Value::from(f64::NAN)), Some(false));
    }

    #[test]
    fn one_difference_decides_about_lists_before_null_does() {
        let [one, two, null] = [Value::from(1), Value::from(2), Value::Null];
        assert_eq!(list([one.clone(), two.clone()]).equals(&list([null.clone(), two.clone()])), None);
        assert_eq!(list([one.clone(), two.clone()]).equals(&list([null.clone(), one.clone()])), Some(false));
        assert_eq!(list([one.clone()]).equals(&list([one, null])), Some(false));
    }

    #[test]
    fn maps_with_other_keys_differ_even_where_values_are_null() {
        let map = |entries: Vec<(&str, Value)>| entries.into_iter().collect::<Value>();
        assert_eq!(map(vec![("k", Value::Null)]).equals(&map(vec![])), Some(false));
        assert_eq!(map(vec![("k", Value::Null)]).equals(&map(vec![("k", 1.into())])), None);
        assert_eq!(map(vec![("k", 1.into())]).equals(&map(vec![("k", 1.into())])), Some(true));
    }
}
