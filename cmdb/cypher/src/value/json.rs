//! Values as JSON.

use serde_json::{Map, Number, Value as Json, json};

use super::{Path, Value};
use crate::error::{Error, Result};
use crate::graph::{NodeId, PropertyGraph, Relationship, Symbol};

impl Value {
    /// The value as JSON.
    ///
    /// | value | JSON |
    /// |---|---|
    /// | null, boolean, integer, text, list, map | the same |
    /// | float | a number with a fraction or exponent, also where it is whole (`4.0`); `"NaN"`, `"Infinity"`, `"-Infinity"` |
    /// | date, time, duration | its ISO 8601 text |
    /// | node | `{"id", "labels", "properties"}`, the id being [`PropertyGraph::identity`] |
    /// | relationship | `{"source", "target", "type", "properties"}`, the ends by their ids |
    /// | path | `{"nodes", "relationships"}` |
    ///
    /// `graph` must be the one that was asked.
    #[must_use]
    pub fn to_json(&self, graph: &dyn PropertyGraph) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Boolean(boolean) => Json::Bool(*boolean),
            Self::Integer(integer) => Json::from(*integer),
            Self::Float(float) => float_to_json(*float),
            Self::String(string) => Json::from(&**string),
            Self::List(items) => items.iter().map(|item| item.to_json(graph)).collect(),
            Self::Map(entries) => object(entries.iter(), graph),
            Self::Temporal(temporal) => Json::from(temporal.to_string()),
            Self::Node(node) => node_to_json(*node, graph),
            Self::Relationship(relationship) => relationship_to_json(*relationship, graph),
            Self::Path(path) => path_to_json(path, graph),
        }
    }

    /// The value that a piece of JSON stands for: a parameter of a query. Numbers without fraction and exponent are integers.
    ///
    /// # Errors
    /// [`Error::Value`] for whole numbers above [`i64::MAX`] and for what is nested deeper than [`Value::NESTING`].
    pub fn from_json(json: &Json) -> Result<Self> {
        from_json(json, Self::NESTING)
    }
}

fn float_to_json(float: f64) -> Json {
    let text = || if float.is_nan() { "NaN" } else { if float > 0.0 { "Infinity" } else { "-Infinity" } };
    Number::from_f64(float).map_or_else(|| Json::from(text()), Json::Number)
}

fn object<'a, K>(entries: impl Iterator<Item = (&'a K, &'a Value)>, graph: &dyn PropertyGraph) -> Json
where
    K: AsRef<str> + 'a,
{
    Json::Object(entries.map(|(key, value)| (key.as_ref().to_owned(), value.to_json(graph))).collect::<Map<_, _>>())
}

fn text(symbol: Symbol, graph: &dyn PropertyGraph) -> Json {
    Json::from(&*graph.text(symbol))
}

fn node_to_json(node: NodeId, graph: &dyn PropertyGraph) -> Json {
    json!({
        "id": graph.identity(node).to_json(graph),
        "labels": graph.labels(node).into_iter().map(|label| text(label, graph)).collect::<Json>(),
        "properties": object(graph.properties(node).iter(), graph),
    })
}

fn relationship_to_json(relationship: Relationship, graph: &dyn PropertyGraph) -> Json {
    json!({
        "source": graph.identity(relationship.source).to_json(graph),
        "target": graph.identity(relationship.target).to_json(graph),
        "type": text(relationship.kind, graph),
        "properties": object(graph.relationship_properties(relationship).iter(), graph),
    })
}

fn path_to_json(path: &Path, graph: &dyn PropertyGraph) -> Json {
    json!({
        "nodes": path.nodes.iter().map(|node| node_to_json(*node, graph)).collect::<Json>(),
        "relationships": path.relationships.iter().map(|step| relationship_to_json(*step, graph)).collect::<Json>(),
    })
}

fn from_json(json: &Json, levels: usize) -> Result<Value> {
    let inner = || {
        levels.checked_sub(1).ok_or_else(|| {
            Error::value(format!("expected lists and maps at most {} deep inside each other, found deeper ones", Value::NESTING))
        })
    };
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(boolean) => Value::Boolean(*boolean),
        Json::Number(number) => number_from_json(number)?,
        Json::String(string) => Value::from(string.as_str()),
        Json::Array(items) => {
            let levels = inner()?;
            items.iter().map(|item| from_json(item, levels)).collect::<Result<Vec<_>>>()?.into()
        }
        Json::Object(entries) => {
            let levels = inner()?;
            let entry = |(key, value): (&String, &Json)| Ok((key.as_str().into(), from_json(value, levels)?));
            Value::Map(entries.iter().map(entry).collect::<Result<_>>().map(std::sync::Arc::new)?)
        }
    })
}

fn number_from_json(number: &Number) -> Result<Value> {
    match (number.as_i64(), number.as_f64()) {
        (Some(integer), _) => Ok(Value::Integer(integer)),
        (None, Some(float)) if number.is_f64() => Ok(Value::Float(float)),
        _ => Err(Error::value(format!("expected an integer of at most {}, found {number}", i64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_floats_stay_floats_and_what_json_lacks_is_text() {
        assert_eq!(float_to_json(4.0).to_string(), "4.0");
        assert_eq!(float_to_json(f64::NAN), "NaN");
        assert_eq!(float_to_json(f64::NEG_INFINITY), "-Infinity");
    }

    #[test]
    fn json_comes_in_with_integers_apart_from_floats() {
        let value = Value::from_json(&json!({"a": [1, 1.0, "x", null, true]})).unwrap();
        assert_eq!(format!("{value:?}"), r#"Map({"a": List([Integer(1), Float(1.0), String("x"), Null, Boolean(true)])})"#);
    }

    #[test]
    fn json_that_is_too_large_or_too_deep_is_refused() {
        assert!(Value::from_json(&json!(u64::MAX)).is_err());
        let deep = |levels| (0..levels).fold(Json::Null, |json, _| Json::Array(vec![json]));
        assert!(Value::from_json(&deep(Value::NESTING)).is_ok());
        assert!(Value::from_json(&deep(Value::NESTING + 1)).is_err());
    }
}
