//! Taking out what a state marks as sensitive.

use serde_json::Value;

/// Removes what `paths` (an instance's `sensitive_attributes`) name from `attributes`.
///
/// A path that is not understood takes away everything below the place up to which it was. The provider makes `tags_all`
/// from `tags` without marking it, so what is sensitive in one is taken out of both.
pub(super) fn remove(attributes: &mut Value, paths: Option<&Value>) {
    match paths {
        None | Some(Value::Null) => {}
        Some(Value::Array(paths)) => {
            for path in paths {
                match path {
                    Value::Array(steps) => {
                        if let Some((first, rest)) = steps.split_first()
                            && key(first).and_then(Value::as_str) == Some("tags")
                            && let Some(all) = attributes.get_mut("tags_all")
                        {
                            remove_path(all, rest);
                        }
                        remove_path(attributes, steps);
                    }
                    _ => *attributes = Value::Null,
                }
            }
        }
        Some(_) => *attributes = Value::Null,
    }
}

fn remove_path(value: &mut Value, steps: &[Value]) {
    let Some((step, rest)) = steps.split_first() else {
        *value = Value::Null;
        return;
    };
    let child = match (value, key(step)) {
        (Value::Null, _) => return,
        (Value::Object(members), Some(Value::String(name))) => members.get_mut(name),
        (Value::Array(items), Some(Value::Number(index))) => {
            index.as_u64().and_then(|index| usize::try_from(index).ok()).and_then(|index| items.get_mut(index))
        }
        (value, _) => {
            *value = Value::Null;
            return;
        }
    };
    if let Some(child) = child {
        remove_path(child, rest);
    }
}

/// The name or position of `{"type": "get_attr", "value": NAME}` or `{"type": "index", "value": {"value": KEY, ..}}`.
fn key(step: &Value) -> Option<&Value> {
    let value = step.get("value")?;
    match step.get("type")?.as_str()? {
        "get_attr" => Some(value),
        "index" => value.get("value"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn without(paths: Value) -> Value {
        let mut attributes = json!({"id": "i-1", "tags": {"Name": "a", "Token": "b"}, "tags_all": {"Token": "b"},
            "rules": [{"port": 1}, {"port": 2}]});
        remove(&mut attributes, Some(&paths));
        attributes
    }

    #[test]
    fn attributes_map_entries_and_list_items_go() {
        let attribute = |name: &str| json!({"type": "get_attr", "value": name});
        let index = |key: Value| json!({"type": "index", "value": {"value": key, "type": "string"}});
        let left = without(json!([
            [attribute("id")],
            [attribute("tags"), index(json!("Token"))],
            [attribute("rules"), index(json!(1)), attribute("port")],
            [attribute("unknown"), attribute("below")],
        ]));
        assert_eq!(
            left,
            json!({"id": null, "tags": {"Name": "a", "Token": null}, "tags_all": {"Token": null},
                "rules": [{"port": 1}, {"port": null}]})
        );
    }

    #[test]
    fn what_is_not_understood_takes_everything_below_away() {
        assert_eq!(without(json!("all")), Value::Null);
        assert_eq!(without(json!(["id"])), Value::Null);
        assert_eq!(without(json!([[{"type": "splat"}]])), Value::Null);
        let odd = json!([[{"type": "get_attr", "value": "tags"}, {"type": "index", "value": {"value": {"a": 1}}}]]);
        assert_eq!(without(odd)["tags"], Value::Null);
    }
}
