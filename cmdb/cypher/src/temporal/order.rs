//! Which of two temporal values comes first.

use std::cmp::Ordering;

use super::Temporal;

/// How `<` and the like see two values: only those of one kind can be compared, and durations cannot.
pub(crate) fn compare(left: &Temporal, right: &Temporal) -> Option<Ordering> {
    match (left, right) {
        (Temporal::Duration(_), Temporal::Duration(_)) => None,
        _ if rank(left) == rank(right) => Some(order(left, right)),
        _ => None,
    }
}

/// How ORDER BY sees two values; equal only where the values are.
pub(crate) fn order(left: &Temporal, right: &Temporal) -> Ordering {
    match (left, right) {
        (Temporal::Date(left), Temporal::Date(right)) => left.cmp(right),
        (Temporal::LocalTime(left), Temporal::LocalTime(right)) => left.cmp(right),
        (Temporal::Time(left), Temporal::Time(right)) => left.cmp(right),
        (Temporal::LocalDateTime(left), Temporal::LocalDateTime(right)) => left.cmp(right),
        (Temporal::DateTime(left), Temporal::DateTime(right)) => left.cmp(right),
        (Temporal::Duration(left), Temporal::Duration(right)) => left.cmp(right),
        _ => rank(left).cmp(&rank(right)),
    }
}

/// The order of the kinds, as Neo4j has it.
const fn rank(temporal: &Temporal) -> u8 {
    match temporal {
        Temporal::DateTime(_) => 0,
        Temporal::LocalDateTime(_) => 1,
        Temporal::Date(_) => 2,
        Temporal::Time(_) => 3,
        Temporal::LocalTime(_) => 4,
        Temporal::Duration(_) => 5,
    }
}
