//! Which fields of a type of resource somebody sees.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What becomes of a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// It is there, as it is.
    Shown,
    /// The field is there, its value is not: a text becomes [`Fields::MASK`], anything else null.
    Masked,
    /// As if the type had no such field.
    Hidden,
}

/// Which fields of one type of resource somebody does not see as they are; all others are shown.
///
/// A field that is not shown may not be filtered, sorted, grouped or aggregated by either: the answers would tell its value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<String, Visibility>);

impl Fields {
    /// What a masked text becomes, however long it is.
    pub const MASK: &'static str = "******";

    /// What becomes of this field.
    #[must_use]
    pub fn visibility(&self, field: &str) -> Visibility {
        self.0.get(field).copied().unwrap_or(Visibility::Shown)
    }

    /// Whether every field is shown.
    #[must_use]
    pub fn all_shown(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields that are masked or hidden, by name.
    pub fn limited(&self) -> impl Iterator<Item = (&str, Visibility)> {
        self.0.iter().map(|(field, visibility)| (field.as_str(), *visibility))
    }

    /// Masks and removes the members of an object that is about to be shown.
    pub fn apply(&self, members: &mut Map<String, Value>) {
        for (field, visibility) in &self.0 {
            match visibility {
                Visibility::Shown => {}
                Visibility::Hidden => {
                    members.remove(field);
                }
                Visibility::Masked => {
                    if let Some(value) = members.get_mut(field) {
                        *value = if value.is_string() { Self::MASK.into() } else { Value::Null };
                    }
                }
            }
        }
    }

    /// Limits a field; the stricter of two limits counts.
    pub(super) fn limit(&mut self, field: &str, visibility: Visibility) {
        let limit = self.0.entry(field.to_owned()).or_insert(visibility);
        *limit = visibility.max(*limit);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn masked_values_and_hidden_fields_are_not_there() {
        let mut fields = Fields::default();
        fields.limit("address", Visibility::Masked);
        fields.limit("cpu", Visibility::Masked);
        fields.limit("notes", Visibility::Hidden);
        let mut object = json!({"name": "a", "address": "10.0.0.1", "cpu": 4, "notes": {"b": 1}});
        fields.apply(object.as_object_mut().unwrap());
        assert_eq!(object, json!({"name": "a", "address": "******", "cpu": null}));
    }

    #[test]
    fn the_stricter_limit_counts_whichever_comes_first() {
        for [first, second] in [[Visibility::Masked, Visibility::Hidden], [Visibility::Hidden, Visibility::Masked]] {
            let mut fields = Fields::default();
            fields.limit("a", first);
            fields.limit("a", second);
            assert_eq!(fields.visibility("a"), Visibility::Hidden);
        }
    }
}
