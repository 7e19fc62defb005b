//! CREATE.

use std::sync::Arc;

use dharmagraph_cypher::{NodeId, Value};
use open_cypher::ast::{
    Expr, LabelExpression, LabelExpressionKind, NodePattern, PathFactorKind, Pattern, RelationshipDirection, RelationshipPattern,
};

use super::{Bindings, literal, read};
use crate::graph::{InMemoryGraph, Properties};

/// Creates what a pattern describes, and binds its variables.
pub(super) fn create(graph: &mut InMemoryGraph, text: &str, pattern: &Pattern, row: &mut Bindings) {
    for part in &pattern.parts {
        let mut before: Option<NodeId> = None;
        let mut step: Option<&RelationshipPattern> = None;
        for factor in &part.kind.path.kind.factors {
            match &factor.kind {
                PathFactorKind::Relationship(relationship) => step = Some(relationship),
                PathFactorKind::Node(pattern) => {
                    let node = node(graph, text, pattern, row);
                    if let (Some(before), Some(step)) = (before, step.take()) {
                        relationship(graph, text, step, (before, node), row);
                    }
                    before = Some(node);
                }
                other => panic!("not expected in CREATE: {other:?}"),
            }
        }
    }
}

fn node(graph: &mut InMemoryGraph, text: &str, pattern: &NodePattern, row: &mut Bindings) -> NodeId {
    let name = pattern.variable.as_ref().map(|name| name.kind.text.clone());
    if let Some(Value::Node(bound)) = name.as_ref().and_then(|name| row.get(name)) {
        return *bound;
    }
    let properties = properties(graph, text, pattern.properties.as_deref(), row);
    let node = graph.create_node(&names(pattern.labels.as_ref()), properties);
    row.extend(name.map(|name| (name, Value::Node(node))));
    node
}

fn relationship(
    graph: &mut InMemoryGraph,
    text: &str,
    pattern: &RelationshipPattern,
    (left, right): (NodeId, NodeId),
    row: &mut Bindings,
) {
    let (source, target) = if pattern.direction.kind == RelationshipDirection::Left { (right, left) } else { (left, right) };
    let properties = properties(graph, text, pattern.properties.as_deref(), row);
    let relationship = graph.create_relationship(source, target, names(pattern.labels.as_ref())[0], properties);
    row.extend(pattern.variable.as_ref().map(|name| (name.kind.text.clone(), Value::Relationship(relationship))));
}

fn names(labels: Option<&LabelExpression>) -> Vec<&str> {
    match labels.map(|labels| &labels.kind) {
        None => Vec::new(),
        Some(LabelExpressionKind::Name(name)) => vec![name.kind.text.as_str()],
        Some(LabelExpressionKind::And(all)) => all.iter().flat_map(|label| names(Some(label))).collect(),
        Some(other) => panic!("not expected in CREATE: {other:?}"),
    }
}

fn properties(graph: &InMemoryGraph, text: &str, map: Option<&Expr>, row: &Bindings) -> Properties {
    let Some(map) = map else { return Properties::new() };
    let value = literal::value(map).unwrap_or_else(|| read::evaluate(graph, map.span.text(text).unwrap(), row));
    let Value::Map(map) = value else { panic!("no map: {value:?}") };
    Arc::unwrap_or_clone(map)
}
