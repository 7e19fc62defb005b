//! A JSON object read key by key, whose errors quote keys and never values.

use serde_json::{Map, Value};

use super::quoted;
use crate::problem::Problem;

/// A JSON object of a request. Each reader takes its member out; [`Object::finish`] refuses what is left.
#[derive(Debug)]
pub(crate) struct Object {
    /// Where the object stands in the body, for instance `credentials`; empty for the body itself.
    path: &'static str,
    members: Map<String, Value>,
}

impl Object {
    pub(crate) fn new(path: &'static str, value: Value) -> Result<Self, Problem> {
        match value {
            Value::Object(members) => Ok(Self { path, members }),
            other => Err(Problem::invalid(if path.is_empty() { "body" } else { path }, "an object", kind_of(&other))),
        }
    }

    /// A member; null counts as not given.
    pub(crate) fn take(&mut self, key: &str) -> Option<Value> {
        self.members.remove(key).filter(|value| !value.is_null())
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.members.get(key).is_some_and(|value| !value.is_null())
    }

    pub(crate) fn text(&mut self, key: &str) -> Result<Option<String>, Problem> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
            Some(Value::String(_)) => Err(self.invalid(key, "text", "empty text")),
            Some(other) => Err(self.invalid(key, "text", kind_of(&other))),
        }
    }

    pub(crate) fn required_text(&mut self, key: &str) -> Result<String, Problem> {
        self.text(key)?.ok_or_else(|| self.invalid(key, "text", "nothing"))
    }

    pub(crate) fn flag(&mut self, key: &str) -> Result<Option<bool>, Problem> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(other) => Err(self.invalid(key, "true or false", kind_of(&other))),
        }
    }

    pub(crate) fn texts(&mut self, key: &str) -> Result<Option<Vec<String>>, Problem> {
        let Some(value) = self.take(key) else { return Ok(None) };
        let Value::Array(items) = value else { return Err(self.invalid(key, "a list of texts", kind_of(&value))) };
        let text_of = |item| match item {
            Value::String(text) => Ok(text),
            other => Err(self.invalid(key, "a list of texts", format!("{} in it", kind_of(&other)))),
        };
        items.into_iter().map(text_of).collect::<Result<_, _>>().map(Some)
    }

    /// Refuses members that nobody took; `accepted` is what there is.
    pub(crate) fn finish(self, accepted: &[&str]) -> Result<(), Problem> {
        let Some(name) = self.members.keys().find(|key| !accepted.contains(&key.as_str())) else { return Ok(()) };
        let what = if self.path.is_empty() { "key in the body".to_owned() } else { format!("key in {}", self.path) };
        Err(Problem::invalid(what, format!("one of {}", accepted.join(", ")), quoted_key(name)))
    }

    /// An error about one member; `found` must not quote its value where it may be a secret.
    pub(crate) fn invalid(&self, key: &str, expected: impl Into<String>, found: impl Into<String>) -> Problem {
        let what = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Problem::invalid(what, expected, found)
    }
}

/// What a value is, without saying it.
pub(crate) const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Quotes a key that looks like one; anything else may be a secret that slipped into the wrong place.
fn quoted_key(key: &str) -> String {
    let is_word = key.len() <= 32
        && key.starts_with(|first: char| first.is_ascii_lowercase())
        && key.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    if is_word { quoted(key) } else { "a key that is no plain word".to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn errors_tell_the_kind_of_a_value_and_not_the_value() {
        let mut object = Object::new("credentials", json!({"secret_key": ["hunter2"], "source": 7})).unwrap();
        let problem = object.text("secret_key").unwrap_err();
        assert_eq!(problem.detail(), "invalid credentials.secret_key: expected text, found a list");
        assert_eq!(
            object.texts("source").unwrap_err().detail(),
            "invalid credentials.source: expected a list of texts, found a number"
        );
        assert!(Object::new("", json!("hunter2")).unwrap_err().detail().ends_with("expected an object, found text"));
    }

    #[test]
    fn an_unknown_key_is_named_unless_it_may_be_a_secret() {
        let left = |key: &str| Object::new("", json!({key: 1})).unwrap().finish(&["regions"]).unwrap_err().detail().to_owned();
        assert_eq!(left("region"), "invalid key in the body: expected one of regions, found `region`");
        assert!(left("accessKey").ends_with("`accessKey`"));
        assert!(!left("AKIAIOSFODNN7EXAMPLE").contains("AKIA"));
        assert!(!left("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY").contains("wJalr"));
    }
}
