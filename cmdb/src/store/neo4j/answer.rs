//! Values of an answer as JSON, and JSON as parameters.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map as JsonMap, Number, Value as Json, json};

use super::temporal;
use super::value::{Map, Value};
use crate::error::{Error, Result};

const NODE: u8 = 0x4E;
const RELATIONSHIP: u8 = 0x52;
const UNBOUND_RELATIONSHIP: u8 = 0x72;
const PATH: u8 = 0x50;
const POINT_2D: u8 = 0x58;
const POINT_3D: u8 = 0x59;

/// Parameters as the server takes them.
pub(super) fn parameters(parameters: JsonMap<String, Json>) -> Result<Map> {
    parameters
        .into_iter()
        .map(|(name, value)| match parameter(value) {
            Ok(value) => Ok((name, value)),
            Err(number) => {
                let message =
                    format!("the parameter ${name}: expected numbers from {} to {}, found {number}", i64::MIN, i64::MAX);
                Err(Error::Query { message })
            }
        })
        .collect()
}

fn parameter(value: Json) -> Result<Value, Number> {
    Ok(match value {
        Json::Null => Value::Null,
        Json::Bool(boolean) => Value::Boolean(boolean),
        Json::String(text) => Value::Text(text),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => Value::Integer(integer),
            (None, Some(float)) if number.is_f64() => Value::Float(float),
            _ => return Err(number),
        },
        Json::Array(items) => Value::List(items.into_iter().map(parameter).collect::<Result<_, _>>()?),
        Json::Object(members) => {
            let members = members.into_iter().map(|(key, member)| parameter(member).map(|member| (key, member)));
            Value::Map(members.collect::<Result<_, _>>()?)
        }
    })
}

/// The `id` of the nodes at the ends of an answer's relationships, by the server's own name for the node.
#[derive(Debug, Default)]
pub(super) struct Ends {
    known: BTreeMap<String, String>,
    asked: BTreeSet<String>,
}

impl Ends {
    /// The ends in these records; those whose nodes stand there as well are known.
    pub(super) fn of(records: &VecDeque<Vec<Value>>) -> Self {
        let mut ends = Self::default();
        records.iter().flatten().for_each(|value| ends.collect(value));
        ends
    }

    fn collect(&mut self, value: &Value) {
        match value {
            Value::List(items) => items.iter().for_each(|item| self.collect(item)),
            Value::Map(members) => members.values().for_each(|member| self.collect(member)),
            Value::Structure { tag: NODE, fields } => {
                if let [_, _, properties, Value::Text(element)] = fields.as_slice() {
                    let id = own_id(properties).unwrap_or(element);
                    self.known.insert(element.clone(), id.to_owned());
                }
            }
            Value::Structure { tag: RELATIONSHIP, fields } => {
                if let [.., Value::Text(source), Value::Text(target)] = fields.as_slice() {
                    self.asked.extend([source.clone(), target.clone()]);
                }
            }
            Value::Structure { tag: PATH, fields } => fields.iter().for_each(|field| self.collect(field)),
            _ => {}
        }
    }

    /// The ends whose `id` is not known yet.
    pub(super) fn unknown(&self) -> Vec<String> {
        self.asked.iter().filter(|element| !self.known.contains_key(*element)).cloned().collect()
    }

    pub(super) fn insert(&mut self, element: String, id: Option<String>) {
        let id = id.unwrap_or_else(|| element.clone());
        self.known.insert(element, id);
    }

    fn id(&self, element: &Value) -> Json {
        match element {
            Value::Text(element) => Json::from(self.known.get(element).unwrap_or(element).as_str()),
            _ => Json::Null,
        }
    }
}

fn own_id(properties: &Value) -> Option<&str> {
    match properties {
        Value::Map(properties) => match properties.get("id") {
            Some(Value::Text(id)) => Some(id),
            _ => None,
        },
        _ => None,
    }
}

/// A value as JSON. What JSON does not know becomes text, null where it is a float that is no number.
pub(super) fn json(value: Value, ends: &Ends) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Boolean(boolean) => boolean.into(),
        Value::Integer(integer) => integer.into(),
        Value::Float(float) => float.into(),
        Value::Text(text) => text.into(),
        Value::Bytes(bytes) => bytes.into(),
        Value::List(items) => items.into_iter().map(|item| json(item, ends)).collect(),
        Value::Map(members) => members.into_iter().map(|(key, member)| (key, json(member, ends))).collect(),
        Value::Structure { tag, fields } => structure(tag, fields, ends),
    }
}

fn structure(tag: u8, fields: Vec<Value>, ends: &Ends) -> Json {
    let numbers = || fields.iter().map(|field| json(field.clone(), ends)).collect::<Vec<_>>();
    match (tag, fields.as_slice()) {
        (NODE, [_, labels, properties, element]) => json!({
            "id": ends.id(element),
            "labels": json(labels.clone(), ends),
            "properties": json(properties.clone(), ends),
        }),
        (RELATIONSHIP, [_, _, _, kind, properties, _, source, target]) => json!({
            "source": ends.id(source),
            "target": ends.id(target),
            "type": json(kind.clone(), ends),
            "properties": json(properties.clone(), ends),
        }),
        (PATH, [Value::List(nodes), Value::List(relationships), Value::List(steps)]) => path(nodes, relationships, steps, ends),
        (POINT_2D, [system, x, y]) => {
            json!({"srid": json(system.clone(), ends), "x": json(x.clone(), ends), "y": json(y.clone(), ends)})
        }
        (POINT_3D, [system, x, y, z]) => {
            let at = |place: &Value| json(place.clone(), ends);
            json!({"srid": at(system), "x": at(x), "y": at(y), "z": at(z)})
        }
        _ => temporal::text(tag, &fields).map_or_else(|| Json::Array(numbers()), Json::from),
    }
}

/// A path comes as its nodes and relationships, each once, and the steps: which relationship, counted from 1 and negative
/// where it is walked against its direction, and which node it leads to, counted from 0.
fn path(nodes: &[Value], relationships: &[Value], steps: &[Value], ends: &Ends) -> Json {
    let element = |place: usize| match nodes.get(place) {
        Some(Value::Structure { fields, .. }) => fields.get(3).cloned().unwrap_or(Value::Null),
        _ => Value::Null,
    };
    let mut walked_nodes: Vec<Json> = nodes.first().into_iter().map(|node| json(node.clone(), ends)).collect();
    let mut walked = Vec::new();
    let mut here = 0;
    for step in steps.chunks_exact(2) {
        let [Value::Integer(which), Value::Integer(to)] = step else { continue };
        let Ok(there) = usize::try_from(*to) else { continue };
        let place = usize::try_from(which.unsigned_abs()).unwrap_or_default().wrapping_sub(1);
        if let Some(Value::Structure { tag: UNBOUND_RELATIONSHIP, fields }) = relationships.get(place)
            && let [_, kind, properties, ..] = fields.as_slice()
        {
            let (source, target) = if *which > 0 { (here, there) } else { (there, here) };
            walked.push(json!({
                "source": ends.id(&element(source)),
                "target": ends.id(&element(target)),
                "type": json(kind.clone(), ends),
                "properties": json(properties.clone(), ends),
            }));
        }
        walked_nodes.extend(nodes.get(there).map(|node| json(node.clone(), ends)));
        here = there;
    }
    json!({"nodes": walked_nodes, "relationships": walked})
}

/// A plan for people: each step with the names that it gives, below it those that feed it.
pub(super) fn plan_text(steps: &Json) -> String {
    let mut text = String::new();
    let mut ahead = vec![(steps, 0)];
    while let Some((step, depth)) = ahead.pop() {
        let operator = step["operatorType"].as_str().unwrap_or("?");
        let names: Vec<&str> = step["identifiers"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        text += &format!("{}{operator} ({})", "  ".repeat(depth), names.join(", "));
        for (key, unit) in [("rows", "rows"), ("dbHits", "database hits")] {
            if let Some(count) = step[key].as_i64() {
                text += &format!(", {count} {unit}");
            }
        }
        text.push('\n');
        ahead.extend(step["children"].as_array().into_iter().flatten().rev().map(|child| (child, depth + 1)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(element: &str, id: &str) -> Value {
        let properties = Value::map([("id", Value::text(id))]);
        let fields = vec![Value::Integer(0), Value::texts(["Resource"]), properties, Value::text(element)];
        Value::Structure { tag: NODE, fields }
    }

    #[test]
    fn the_relationships_of_a_path_name_their_ends_whichever_way_it_goes() {
        let tie = Value::Structure {
            tag: UNBOUND_RELATIONSHIP,
            fields: vec![Value::Integer(0), Value::text("RUNS_ON"), Value::Map(Map::new()), Value::text("5:1")],
        };
        let steps = [1, 1, -1, 0].map(Value::Integer).into();
        let path = Value::Structure {
            tag: PATH,
            fields: vec![Value::List(vec![node("4:1", "a"), node("4:2", "b")]), Value::List(vec![tie]), Value::List(steps)],
        };
        let ends = Ends::of(&VecDeque::from([vec![path.clone()]]));
        assert!(ends.unknown().is_empty());
        let found = json(path, &ends);
        let walked: Vec<_> = found["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap()).collect();
        assert_eq!(walked, ["a", "b", "a"]);
        let tie = json!({"source": "a", "target": "b", "type": "RUNS_ON", "properties": {}});
        assert_eq!(found["relationships"], json!([tie, tie]));
    }

    #[test]
    fn numbers_that_neo4j_does_not_know_are_refused_by_name() {
        let given = json!({"n": [u64::MAX]}).as_object().cloned().unwrap();
        assert!(parameters(given).unwrap_err().to_string().contains("$n"));
        let given = json!({"n": {"a": [1, 0.5, null, true, "x"]}}).as_object().cloned().unwrap();
        let expected = [Value::Integer(1), Value::Float(0.5), Value::Null, Value::Boolean(true), Value::text("x")];
        assert_eq!(parameters(given).unwrap()["n"], Value::map([("a", Value::List(expected.into()))]));
    }

    #[test]
    fn floats_that_are_no_numbers_are_null() {
        assert_eq!(json(Value::Float(f64::NAN), &Ends::default()), Json::Null);
    }
}
