//! Functions of nodes, relationships, paths and maps.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::arguments::{argument, unfit};
use super::{Function, Kinds};
use crate::error::{Error, Result};
use crate::evaluate::{Context, flat_list};
use crate::graph::NodeId;
use crate::value::Value;

/// Properties by key.
type Entries = BTreeMap<Arc<str>, Value>;

const ENTITY: Kinds = Kinds::NODE.or(Kinds::RELATIONSHIP);
const KEYED: Kinds = ENTITY.or(Kinds::MAP);

pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("elementid", &[ENTITY], Kinds::STRING, element_id),
    Function::new("endnode", &[Kinds::RELATIONSHIP], Kinds::NODE, end_node),
    Function::new("exists", &[Kinds::ANY], Kinds::BOOLEAN, exists),
    Function::new("id", &[ENTITY], Kinds::INTEGER, id),
    Function::new("keys", &[KEYED], Kinds::LIST, keys),
    Function::new("labels", &[Kinds::NODE], Kinds::LIST, labels),
    Function::new("length", &[Kinds::PATH], Kinds::INTEGER, length),
    Function::new("nodes", &[Kinds::PATH], Kinds::LIST, nodes),
    Function::new("properties", &[KEYED], Kinds::MAP, properties),
    Function::new("relationships", &[Kinds::PATH], Kinds::LIST, relationships),
    Function::new("startnode", &[Kinds::RELATIONSHIP], Kinds::NODE, start_node),
    Function::new("type", &[Kinds::RELATIONSHIP], Kinds::STRING, kind),
];

/// The graph's number of a node. Relationships have none.
fn id(arguments: &[Value], _: &Context<'_>) -> Result<Value> {
    match argument(arguments, 0) {
        Value::Null => Ok(Value::Null),
        Value::Node(node) => Ok(Value::from(node.0)),
        Value::Relationship(_) => {
            Err(Error::value("id() expected a node, found a relationship, which has no number; use elementId()"))
        }
        other => Err(unfit("id", "a node", other)),
    }
}

/// What a node is called outside of the graph. A relationship is called by its ends, type and ordinal.
fn element_id(arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    match argument(arguments, 0) {
        Value::Null => Ok(Value::Null),
        Value::Node(node) => Ok(Value::from(identity(*node, context))),
        Value::Relationship(relationship) => {
            let [source, target] = [relationship.source, relationship.target].map(|node| identity(node, context));
            let kind = context.graph.text(relationship.kind);
            Ok(Value::from(format!("{source}-[:{kind}#{}]->{target}", relationship.ordinal)))
        }
        other => Err(unfit("elementId", "a node or relationship", other)),
    }
}

fn identity(node: NodeId, context: &Context<'_>) -> String {
    match context.graph.identity(node) {
        Value::String(text) => String::from(&*text),
        other => other.to_json(context.graph).to_string(),
    }
}

fn labels(arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    match argument(arguments, 0) {
        Value::Null => Ok(Value::Null),
        Value::Node(node) => Ok(context.graph.labels(*node).into_iter().map(|label| context.graph.text(label)).collect()),
        other => Err(unfit("labels", "a node", other)),
    }
}

fn kind(arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    match argument(arguments, 0) {
        Value::Null => Ok(Value::Null),
        Value::Relationship(relationship) => Ok(Value::from(context.graph.text(relationship.kind))),
        other => Err(unfit("type", "a relationship", other)),
    }
}

fn properties(arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    Ok(entries("properties", argument(arguments, 0), context)?.map_or(Value::Null, Value::Map))
}

fn keys(arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    let Some(entries) = entries("keys", argument(arguments, 0), context)? else { return Ok(Value::Null) };
    flat_list(entries.keys().map(|key| Value::String(Arc::clone(key))).collect(), context.meter)
}

/// Entries of a map, or properties; nothing for null.
fn entries(function: &str, value: &Value, context: &Context<'_>) -> Result<Option<Arc<Entries>>> {
    match value {
        Value::Null => Ok(None),
        Value::Map(entries) => Ok(Some(Arc::clone(entries))),
        Value::Node(node) => Ok(Some(Arc::new(context.graph.properties(*node)))),
        Value::Relationship(relationship) => Ok(Some(Arc::new(context.graph.relationship_properties(*relationship)))),
        other => Err(unfit(function, "a node, relationship or map", other)),
    }
}

fn exists(arguments: &[Value], _: &Context<'_>) -> Result<Value> {
    Ok(Value::from(!argument(arguments, 0).is_null()))
}

fn start_node(arguments: &[Value], _: &Context<'_>) -> Result<Value> {
    match argument(arguments, 0) {
        Value::Null => Ok(Value::Null),
        Value::Relationship(relationship) => Ok(Value::from(relationship.source)),
        other => Err(unfit("startNode", "a relationship", other)),
    }
}

fn end_node(arguments: &[Value], _: &Context<'_>) -> Result<Value> {
    match argument(arguments, 0) {
        Value::Null => Ok(Value::Null),
        Value::Relationship(relationship) => Ok(Value::from(relationship.target)),
        other => Err(unfit("endNode", "a relationship", other)),
    }
}

fn nodes(arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    match argument(arguments, 0) {
        Value::Null => Ok(Value::Null),
        Value::Path(path) => flat_list(path.nodes.iter().copied().map(Value::Node).collect(), context.meter),
        other => Err(unfit("nodes", "a path", other)),
    }
}

fn relationships(arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    match argument(arguments, 0) {
        Value::Null => Ok(Value::Null),
        Value::Path(path) => flat_list(path.relationships.iter().copied().map(Value::Relationship).collect(), context.meter),
        other => Err(unfit("relationships", "a path", other)),
    }
}

fn length(arguments: &[Value], _: &Context<'_>) -> Result<Value> {
    match argument(arguments, 0) {
        Value::Null => Ok(Value::Null),
        Value::Path(path) => Ok(Value::Integer(i64::try_from(path.relationships.len()).unwrap_or(i64::MAX))),
        other => Err(unfit("length", "a path; size() counts lists and strings", other)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{call, error};
    use super::*;
    use crate::evaluate::testing::{NODE, RELATIONSHIP};

    #[test]
    fn a_node_tells_its_labels_keys_and_names() {
        assert_eq!(call("labels", [NODE.into()]), r#"["Resource"]"#);
        assert_eq!(call("keys", [NODE.into()]), r#"["name"]"#);
        assert_eq!(call("properties", [NODE.into()]), r#"{"name":"web"}"#);
        assert_eq!(call("id", [NODE.into()]), "0");
        assert_eq!(call("elementId", [NODE.into()]), r#""0""#);
    }

    #[test]
    fn a_relationship_tells_its_type_and_ends() {
        assert_eq!(call("type", [RELATIONSHIP.into()]), r#""DEPENDS_ON""#);
        assert_eq!(call("id", [NODE.into()]), "0");
        assert_eq!(call("elementId", [RELATIONSHIP.into()]), r##""0-[:DEPENDS_ON#0]->0""##);
        assert!(error("id", [RELATIONSHIP.into()]).contains("elementId()"));
    }

    #[test]
    fn all_of_them_are_null_for_null_and_refuse_other_kinds() {
        for function in FUNCTIONS.iter().filter(|function| function.name != "exists") {
            assert_eq!(call(function.name, [Value::Null]), "null", "{function:?}");
            assert!(error(function.name, [Value::from(1)]).contains("found the integer 1"), "{function:?}");
        }
    }
}
