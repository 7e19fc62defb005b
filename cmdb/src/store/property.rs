//! Which facts of a resource are properties of its node for Cypher.

use serde_json::Value;

/// Whether a value of the metadata is a property of the node: a boolean, number or text, or a list of only booleans, only
/// integers, only floats or only texts. Neo4j can keep no other; the others are found in the JSON text `metadata`, on
/// every store alike.
pub(crate) fn is_property(value: &Value) -> bool {
    match value {
        Value::Null | Value::Object(_) => false,
        Value::Array(items) => {
            let kinds: Vec<_> = items.iter().map(kind).collect();
            kinds.iter().all(|kind| kind.is_some() && *kind == kinds[0])
        }
        _ => true,
    }
}

#[derive(PartialEq, Eq)]
enum Kind {
    Boolean,
    Integer,
    Float,
    Text,
}

fn kind(value: &Value) -> Option<Kind> {
    match value {
        Value::Bool(_) => Some(Kind::Boolean),
        Value::Number(number) if number.is_i64() => Some(Kind::Integer),
        Value::Number(_) => Some(Kind::Float),
        Value::String(_) => Some(Kind::Text),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
