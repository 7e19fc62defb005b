//! Tags, and the name that a resource takes from them.

use std::collections::BTreeMap;

/// Tags exactly as the API gives them; a tag without value has the empty one.
pub(super) fn tags<'a>(pairs: impl IntoIterator<Item = (Option<&'a str>, Option<&'a str>)>) -> BTreeMap<String, String> {
    pairs.into_iter().filter_map(|(key, value)| Some((key?.to_owned(), value.unwrap_or_default().to_owned()))).collect()
}

/// The non-empty `Name` tag, else the non-empty native name.
pub(super) fn name(tags: &BTreeMap<String, String>, native: Option<&str>) -> Option<String> {
    tags.get("Name")
        .map(String::as_str)
        .filter(|name| !name.is_empty())
        .or(native.filter(|name| !name.is_empty()))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_stay_as_they_are() {
        let found = tags([(Some("a.b:c"), Some(" x ")), (Some("Empty"), None), (None, Some("lost")), (Some("name"), Some("n"))]);
        let expected = [("Empty", ""), ("a.b:c", " x "), ("name", "n")];
        assert_eq!(found, expected.map(|(key, value)| (key.to_owned(), value.to_owned())).into());
    }

    #[test]
    fn an_empty_name_tag_gives_way_to_the_native_name() {
        let named = tags([(Some("Name"), Some("web"))]);
        let empty = tags([(Some("Name"), Some(""))]);
        assert_eq!(name(&named, Some("native")).as_deref(), Some("web"));
        assert_eq!(name(&empty, Some("native")).as_deref(), Some("native"));
        assert_eq!(name(&empty, None), None);
        assert_eq!(name(&BTreeMap::new(), Some("")), None);
    }
}
