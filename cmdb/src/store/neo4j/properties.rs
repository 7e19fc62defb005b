//! A resource as the properties of a node, and back.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::fault::Fault;
use super::value::{Map, Value};
use crate::model::{ContentHash, Provider, Resource, ResourceId, ResourceType, Status, Timestamp};

/// What the property of a tag begins with. A fact of the metadata whose name begins so lies in `metadata` alone: a filter
/// on tags must not find it.
pub(super) const TAG: &str = "tag_";

/// The properties of a resource's node: facts of the metadata, then tags, then the resource's own fields, where later ones
/// win. Neo4j keeps no null, so what is not there has no property.
pub(super) fn write(resource: &Resource, hash: ContentHash, first_discovered: Timestamp) -> Map {
    let mut properties = Map::new();
    for (key, fact) in &resource.metadata {
        if let Some(fact) = property(fact)
            && !key.is_empty()
            && !key.starts_with(TAG)
        {
            properties.insert(key.clone(), fact);
        }
    }
    for (key, tag) in &resource.tags {
        properties.insert(format!("{TAG}{key}"), Value::text(tag.as_str()));
    }
    // What a store fills in elsewhere, or not at all, must not be feigned by a fact.
    for own in ["name", "status", "availability_zone", "last_discovered"] {
        properties.remove(own);
    }
    let mut own = |key: &str, text: &str| drop(properties.insert(key.to_owned(), Value::text(text)));
    own("id", resource.id.as_str());
    own("provider", resource.provider.as_str());
    own("resource_type", resource.resource_type.as_str());
    own("native_type", &resource.native_type);
    own("account", &resource.account);
    own("region", &resource.region);
    own("tags", &json(&resource.tags));
    own("metadata", &json(&resource.metadata));
    own("first_discovered", &first_discovered.to_string());
    own("content_hash", &hash.to_string());
    let optional = [
        ("name", resource.name.as_deref()),
        ("status", resource.status.as_ref().map(Status::as_str)),
        ("availability_zone", resource.availability_zone.as_deref()),
    ];
    for (key, text) in optional {
        if let Some(text) = text {
            own(key, text);
        }
    }
    properties
}

fn json<T: serde::Serialize>(value: &T) -> String {
    // Maps with text keys always can be written.
    serde_json::to_string(value).unwrap_or_default()
}

/// A fact as Neo4j can keep it: one value, or a list of values of one type.
fn property(fact: &Json) -> Option<Value> {
    match fact {
        Json::Array(items) => {
            let items = items.iter().map(single).collect::<Option<Vec<_>>>()?;
            let alike = items.windows(2).all(|pair| std::mem::discriminant(&pair[0]) == std::mem::discriminant(&pair[1]));
            alike.then_some(Value::List(items))
        }
        _ => single(fact),
    }
}

fn single(fact: &Json) -> Option<Value> {
    match fact {
        Json::Bool(bool) => Some(Value::Boolean(*bool)),
        Json::String(text) => Some(Value::text(text.as_str())),
        Json::Number(number) if number.is_f64() => number.as_f64().map(Value::Float),
        Json::Number(number) => number.as_i64().map(Value::Integer),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// The resource whose node has these properties.
pub(super) fn read(mut properties: Map) -> Result<Resource, Fault> {
    let id = required(&mut properties, "id")?;
    let metadata = parse(&id, &required(&mut properties, "metadata")?)?;
    let tags: BTreeMap<String, String> = parse(&id, &required(&mut properties, "tags")?)?;
    let first_discovered: Timestamp = time(&id, &required(&mut properties, "first_discovered")?)?;
    let content_hash: ContentHash = parse(&id, &format!("\"{}\"", required(&mut properties, "content_hash")?))?;
    Ok(Resource {
        name: optional(&mut properties, "name"),
        provider: Provider::known_or_new(&required(&mut properties, "provider")?),
        resource_type: ResourceType::known_or_new(&required(&mut properties, "resource_type")?),
        native_type: required(&mut properties, "native_type")?,
        status: optional(&mut properties, "status").map(|status| Status::known_or_new(&status)),
        account: required(&mut properties, "account")?,
        region: required(&mut properties, "region")?,
        availability_zone: optional(&mut properties, "availability_zone"),
        tags,
        metadata,
        first_discovered: Some(first_discovered),
        last_discovered: None,
        content_hash: Some(content_hash),
        id: ResourceId::new(id),
    })
}

/// A resource that is kept as one JSON text.
pub(super) fn read_text(id: &str, text: &str) -> Result<Resource, Fault> {
    parse(id, text)
}

/// A resource as one JSON text, without what is kept elsewhere.
pub(super) fn write_text(resource: &Resource) -> String {
    json(resource)
}

fn optional(properties: &mut Map, key: &str) -> Option<String> {
    match properties.remove(key) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

fn required(properties: &mut Map, key: &str) -> Result<String, Fault> {
    optional(properties, key).ok_or_else(|| damaged(&format!("a :Resource without the property `{key}`")))
}

fn parse<T: serde::de::DeserializeOwned>(id: &str, text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| damaged(&format!("`{id}`, which does not read back ({error})")))
}

fn time(id: &str, text: &str) -> Result<Timestamp, Fault> {
    text.parse().map_err(|_| damaged(&format!("`{id}`, whose first_discovered is no time")))
}

fn damaged(what: &str) -> Fault {
    Fault::Protocol(format!("the database holds {what}; was it changed by something else?"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn machine() -> Resource {
        let mut machine = Resource::new("i-1", Provider::AWS, ResourceType::COMPUTE, "AWS::EC2::Instance", "1", "eu-west-1");
        machine.tags = [("Team".into(), "Blue".into())].into();
        let facts = json!({
            "cpu_cores": 2, "load": 0.5, "arn": "arn:x", "zones": ["a", "b"], "mixed": [1, "a"], "numbers": [1, 2.5],
            "rules": [{"port": 1}], "nested": {"a": 1}, "nothing": null, "huge": u64::MAX, "provider": "forged", "name": "forged",
            "last_discovered": "forged", "tag_Team": "forged", "": 1, "empty": [],
        });
        machine.metadata = facts.as_object().cloned().unwrap_or_default();
        machine
    }

    #[test]
    fn a_resource_reads_back_from_its_node() {
        let mut machine = machine();
        let (hash, first) = (machine.hash(), Timestamp::from_micros(1));
        let read = read(write(&machine, hash, first)).unwrap();
        (machine.first_discovered, machine.content_hash) = (Some(first), Some(hash));
        assert_eq!(read, machine);
    }

    #[test]
    fn properties_are_what_neo4j_can_keep_and_nothing_is_feigned() {
        let machine = machine();
        let properties = write(&machine, machine.hash(), Timestamp::from_micros(1));
        let is = |key: &str, value: Value| assert_eq!(properties.get(key), Some(&value), "{key}");
        is("cpu_cores", Value::Integer(2));
        is("load", Value::Float(0.5));
        is("zones", Value::texts(["a", "b"]));
        is("empty", Value::List(Vec::new()));
        is("tag_Team", Value::text("Blue"));
        is("provider", Value::text("aws"));
        is("tags", Value::text(r#"{"Team":"Blue"}"#));
        for key in ["mixed", "numbers", "rules", "nested", "nothing", "huge", "name", "last_discovered", ""] {
            assert_eq!(properties.get(key), None, "{key}");
        }
    }
}
