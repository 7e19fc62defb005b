//! Reading single attributes of an instance.

use serde_json::{Map, Value};

/// The attributes of one instance, or of one block in it.
///
/// A path names members from the outside in, `attachment.instance`; lists on the way are walked item by item. Null,
/// missing and empty are all "not there". What has another shape than asked for is logged and not there either.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attributes<'a> {
    address: &'a str,
    members: &'a Value,
}

/// The shape that a fact must have to be taken.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// Text.
    Text,
    /// A whole number, also as text.
    Number,
    /// A whole number of which 0 means "not there".
    Positive,
    /// True or false.
    Flag,
    /// A list of texts, in order of their letters.
    Texts,
}

impl<'a> Attributes<'a> {
    pub(super) const fn new(address: &'a str, members: &'a Value) -> Self {
        Self { address, members }
    }

    /// The first text at `path`.
    pub(super) fn text(&self, path: &str) -> Option<&'a str> {
        self.texts(path).into_iter().next()
    }

    /// Every text at `path`.
    pub(super) fn texts(&self, path: &str) -> Vec<&'a str> {
        let mut texts = Vec::new();
        self.walk(path, &mut |value| match value {
            Value::String(text) => texts.extend(Some(text.as_str()).filter(|text| !text.is_empty())),
            _ => self.odd(path, "text"),
        });
        texts
    }

    /// The first whole number at `path`.
    pub(super) fn number(&self, path: &str) -> Option<i64> {
        let mut number = None;
        self.walk(path, &mut |value| {
            let read = match value {
                Value::String(text) if text.is_empty() => return,
                Value::String(text) => text.parse().ok(),
                value => value.as_i64(),
            };
            match read {
                None => self.odd(path, "a whole number"),
                some => number = number.or(some),
            }
        });
        number
    }

    /// The first truth value at `path`.
    pub(super) fn flag(&self, path: &str) -> Option<bool> {
        let mut flag = None;
        self.walk(path, &mut |value| match value {
            Value::Bool(read) => flag = flag.or(Some(*read)),
            Value::String(text) if text == "true" || text == "false" => flag = flag.or(Some(text == "true")),
            _ => self.odd(path, "true or false"),
        });
        flag
    }

    /// Every block at `path`.
    pub(super) fn blocks(&self, path: &str) -> Vec<Self> {
        let mut blocks = Vec::new();
        self.walk(path, &mut |value| match value {
            Value::Object(_) => blocks.push(Self { address: self.address, members: value }),
            _ => self.odd(path, "a block"),
        });
        blocks
    }

    /// The members of a map of texts at `path`; nothing where there is no such map.
    pub(super) fn map(&self, path: &str) -> Option<&'a Map<String, Value>> {
        match self.members.get(path) {
            Some(Value::Object(members)) => Some(members),
            None | Some(Value::Null) => None,
            Some(_) => {
                self.odd(path, "a map");
                None
            }
        }
    }

    /// What stands at `path`, if it has this shape.
    pub(super) fn fact(&self, path: &str, shape: Shape) -> Option<Value> {
        match shape {
            Shape::Text => self.text(path).map(Value::from),
            Shape::Number => self.number(path).map(Value::from),
            Shape::Positive => self.number(path).filter(|number| *number > 0).map(Value::from),
            Shape::Flag => self.flag(path).map(Value::from),
            Shape::Texts => {
                let mut texts = self.texts(path);
                texts.sort_unstable();
                texts.dedup();
                (!texts.is_empty()).then(|| Value::from(texts))
            }
        }
    }

    fn walk(&self, path: &str, visit: &mut dyn FnMut(&'a Value)) {
        descend(self.members, path.split('.'), visit);
    }

    fn odd(&self, attribute: &str, expected: &str) {
        tracing::warn!(
            address = self.address,
            attribute,
            expected,
            "an attribute in a Terraform state has an unexpected shape and is left out"
        );
    }
}

fn descend<'a, 'p>(value: &'a Value, mut path: impl Iterator<Item = &'p str> + Clone, visit: &mut dyn FnMut(&'a Value)) {
    match value {
        Value::Null => {}
        Value::Array(items) => items.iter().for_each(|item| descend(item, path.clone(), visit)),
        _ => match path.next() {
            None => visit(value),
            Some(name) => {
                if let Some(member) = value.get(name) {
                    descend(member, path, visit);
                }
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_on_the_way_are_walked_and_odd_shapes_are_not_there() {
        let members = json!({
            "forward": [{"group": [{"arn": "a"}, {"arn": ""}, {"arn": null}]}, {"group": {"arn": "b"}}, 7],
            "cpu": "256", "size": 8, "half": 0.5, "tags": ["x"], "encrypted": "false",
        });
        let attributes = Attributes::new("aws_lb.web", &members);
        assert_eq!(attributes.texts("forward.group.arn"), ["a", "b"]);
        assert_eq!(attributes.number("cpu"), Some(256));
        assert_eq!(attributes.number("half"), None);
        assert_eq!(attributes.text("size"), None);
        assert_eq!(attributes.flag("encrypted"), Some(false));
        assert!(attributes.map("tags").is_none());
        assert!(attributes.blocks("size").is_empty());
    }
}
