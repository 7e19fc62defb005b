//! Nodes by their position in a graph.

use std::collections::HashMap;

use crate::model::{ResourceSummary, Subgraph};

/// The graph's relationships as positions of source and target among its nodes, with their kind.
pub(super) fn edges(graph: &Subgraph) -> impl Iterator<Item = (usize, &str, usize)> {
    let positions: HashMap<_, _> = graph.nodes.iter().enumerate().map(|(position, node)| (&node.id, position)).collect();
    graph.relationships.iter().filter_map(move |relationship| {
        let position = |id| positions.get(id).copied();
        Some((position(&relationship.source)?, relationship.kind.as_str(), position(&relationship.target)?))
    })
}

/// What a node is called: its name, else its id.
pub(super) fn label(node: &ResourceSummary) -> &str {
    node.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(node.id.as_str())
}
