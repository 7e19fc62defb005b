//! How large a value is.

use super::Value;

/// An [`Arc`](std::sync::Arc)'s two counters.
const COUNTERS: usize = 16;

impl Value {
    /// About how many bytes the value takes. What is shared counts wherever it is.
    pub(crate) fn size(&self) -> usize {
        let own = size_of::<Self>();
        match self {
            Self::Null | Self::Boolean(_) | Self::Integer(_) | Self::Float(_) | Self::Node(_) | Self::Relationship(_) => own,
            Self::String(string) => own + COUNTERS + string.len(),
            Self::List(items) => items.iter().fold(own + COUNTERS, |sum, item| sum.saturating_add(item.size())),
            Self::Map(entries) => entries.iter().fold(own + COUNTERS, |sum, (key, value)| {
                sum.saturating_add(value.size()).saturating_add(size_of_val(key) + COUNTERS + key.len())
            }),
            Self::Temporal(_) => own + COUNTERS + size_of::<crate::temporal::Temporal>(),
            Self::Path(path) => own + COUNTERS + size_of_val(path.nodes.as_slice()) + size_of_val(path.relationships.as_slice()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_small_and_what_it_holds_is_counted() {
        assert_eq!(size_of::<Value>(), 24);
        let text = Value::from("x".repeat(1_000));
        assert!(text.size() > 1_000);
        assert!(Value::from(vec![text.clone(), text]).size() > 2_000);
    }
}
