//! The order of ORDER BY, `min` and `max`: every two values have one.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Value, number};
use crate::temporal;

/// Compares any two values. Equal are those that DISTINCT takes for one: null and null, NaN and NaN, 1 and 1.0.
///
/// Of two kinds the first of these is smaller: map, node, relationship, list, path, temporal value, text, boolean, number,
/// null. NaN is the largest number.
pub(crate) fn compare(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => left.cmp(right),
        (Value::Float(left), Value::Float(right)) => floats(*left, *right),
        (Value::Integer(left), Value::Float(right)) => number::compare(*left, *right).unwrap_or(Ordering::Less),
        (Value::Float(left), Value::Integer(right)) => {
            number::compare(*right, *left).map_or(Ordering::Greater, Ordering::reverse)
        }
        (Value::String(left), Value::String(right)) => left.cmp(right),
        (Value::Boolean(left), Value::Boolean(right)) => left.cmp(right),
        (Value::Temporal(left), Value::Temporal(right)) => temporal::order(left, right),
        (Value::Node(left), Value::Node(right)) => left.cmp(right),
        (Value::Relationship(left), Value::Relationship(right)) => left.cmp(right),
        (Value::Path(left), Value::Path(right)) => {
            left.nodes.cmp(&right.nodes).then_with(|| left.relationships.cmp(&right.relationships))
        }
        (Value::List(left), Value::List(right)) => lists(left, right),
        (Value::Map(left), Value::Map(right)) => maps(left, right),
        _ => rank(left).cmp(&rank(right)),
    }
}

/// The place of a value's kind among the kinds.
pub(super) const fn rank(value: &Value) -> u8 {
    match value {
        Value::Map(_) => 0,
        Value::Node(_) => 1,
        Value::Relationship(_) => 2,
        Value::List(_) => 3,
        Value::Path(_) => 4,
        Value::Temporal(_) => 5,
        Value::String(_) => 6,
        Value::Boolean(_) => 7,
        Value::Integer(_) | Value::Float(_) => 8,
        Value::Null => 9,
    }
}

fn floats(left: f64, right: f64) -> Ordering {
    left.partial_cmp(&right).unwrap_or_else(|| left.is_nan().cmp(&right.is_nan()))
}

fn lists(left: &[Value], right: &[Value]) -> Ordering {
    sequences(left.iter().zip(right)).then_with(|| left.len().cmp(&right.len()))
}

/// By size, then by keys, then by values.
fn maps(left: &BTreeMap<Arc<str>, Value>, right: &BTreeMap<Arc<str>, Value>) -> Ordering {
    (left.len().cmp(&right.len()))
        .then_with(|| left.keys().cmp(right.keys()))
        .then_with(|| sequences(left.values().zip(right.values())))
}

fn sequences<'a>(pairs: impl Iterator<Item = (&'a Value, &'a Value)>) -> Ordering {
    pairs.map(|(left, right)| compare(left, right)).find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::value;
    use super::*;

    #[test]
    fn kinds_follow_each_other_as_open_cypher_says() {
        let sorted = [
            [("a", Value::from(1))].into_iter().collect(),
            Value::from(vec![Value::from(1)]),
            "text".into(),
            false.into(),
            1.5.into(),
            f64::NAN.into(),
            Value::Null,
        ];
        for pair in sorted.windows(2) {
            assert_eq!(compare(&pair[0], &pair[1]), Ordering::Less, "{pair:?}");
        }
    }

    proptest! {
        #[test]
        fn the_order_is_antisymmetric(left in value(), right in value()) {
            prop_assert_eq!(compare(&left, &right), compare(&right, &left).reverse());
            prop_assert_eq!(compare(&left, &left), Ordering::Equal);
        }

        #[test]
        fn the_order_is_transitive(mut values in [value(), value(), value()]) {
            values.sort_by(compare);
            prop_assert!(compare(&values[0], &values[1]).is_le());
            prop_assert!(compare(&values[1], &values[2]).is_le());
            prop_assert!(compare(&values[0], &values[2]).is_le());
        }

        #[test]
        fn equality_and_comparison_agree_with_the_order(left in value(), right in value()) {
            if let Some(equal) = left.equals(&right) && !format!("{left:?}{right:?}").contains("NaN") {
                prop_assert_eq!(equal, compare(&left, &right).is_eq());
            }
            if let Some(ordering) = left.compare(&right) {
                prop_assert_eq!(ordering, compare(&left, &right));
            }
        }
    }
}
