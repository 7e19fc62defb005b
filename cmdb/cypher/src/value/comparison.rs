//! `<`, `<=`, `>` and `>=`.

use std::cmp::Ordering;

use super::{Value, number};
use crate::temporal;

/// How two values stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// One is smaller, or neither.
    Ordered(Ordering),
    /// Both are numbers, and one is NaN: no comparison holds.
    Never,
    /// Null, or kinds that cannot be compared: every comparison is null.
    Unknown,
}

impl Comparison {
    /// Whether a comparison that accepts these orderings holds.
    pub(crate) fn holds(self, accepts: impl FnOnce(Ordering) -> bool) -> Option<bool> {
        match self {
            Self::Ordered(ordering) => Some(accepts(ordering)),
            Self::Never => Some(false),
            Self::Unknown => None,
        }
    }

    fn of_numbers(ordering: Option<Ordering>) -> Self {
        ordering.map_or(Self::Never, Self::Ordered)
    }
}

impl Value {
    /// Which of two values is smaller; nothing for null, NaN and kinds that cannot be compared.
    ///
    /// Numbers, texts (by code points), booleans (false is smaller) and lists (by their first difference, else the shorter is
    /// smaller) can be compared with their own kind, dates and times with their own type.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match self.comparison(other) {
            Comparison::Ordered(ordering) => Some(ordering),
            Comparison::Never | Comparison::Unknown => None,
        }
    }

    /// As [`Value::compare`], which does not tell NaN from null.
    pub(crate) fn comparison(&self, other: &Self) -> Comparison {
        match (self, other) {
            (Self::Integer(left), Self::Integer(right)) => Comparison::Ordered(left.cmp(right)),
            (Self::Float(left), Self::Float(right)) => Comparison::of_numbers(left.partial_cmp(right)),
            (Self::Integer(left), Self::Float(right)) => Comparison::of_numbers(number::compare(*left, *right)),
            (Self::Float(left), Self::Integer(right)) => {
                Comparison::of_numbers(number::compare(*right, *left).map(Ordering::reverse))
            }
            (Self::String(left), Self::String(right)) => Comparison::Ordered(left.cmp(right)),
            (Self::Boolean(left), Self::Boolean(right)) => Comparison::Ordered(left.cmp(right)),
            (Self::Temporal(left), Self::Temporal(right)) => {
                temporal::compare(left, right).map_or(Comparison::Unknown, Comparison::Ordered)
            }
            (Self::List(left), Self::List(right)) => lists(left, right),
            _ => Comparison::Unknown,
        }
    }
}

fn lists(left: &[Value], right: &[Value]) -> Comparison {
    for (left, right) in left.iter().zip(right) {
        let comparison = left.comparison(right);
        if comparison != Comparison::Ordered(Ordering::Equal) {
            return comparison;
        }
    }
    Comparison::Ordered(left.len().cmp(&right.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: impl Into<Vec<Value>>) -> Value {
        Value::from(items.into())
    }

    #[test]
    fn nan_is_in_no_order_with_numbers_and_unknown_beside_other_kinds() {
        let nan = Value::from(f64::NAN);
        assert_eq!(nan.comparison(&1.into()), Comparison::Never);
        assert_eq!(nan.comparison(&"a".into()), Comparison::Unknown);
        assert_eq!(nan.comparison(&Value::Null), Comparison::Unknown);
    }

    #[test]
    fn lists_are_compared_by_their_first_difference() {
        let [one, two, null] = [Value::from(1), Value::from(2), Value::Null];
        assert_eq!(list([one.clone(), null.clone()]).compare(&list([one.clone()])), Some(Ordering::Greater));
        assert_eq!(list([one.clone(), two.clone()]).compare(&list([one.clone(), null.clone()])), None);
        assert_eq!(list([one.clone(), two.clone()]).compare(&list([two, null])), Some(Ordering::Less));
        assert_eq!(list([one]).compare(&list([Value::from("a")])), None);
    }
}
