//! Cytoscape's JSON.

use serde_json::json;

use super::numbered::{edges, label};
use crate::model::Subgraph;

pub(super) fn render(graph: &Subgraph) -> String {
    let nodes: Vec<_> = graph
        .nodes
        .iter()
        .map(|node| json!({"data": {"id": node.id, "label": label(node), "name": node.name, "type": node.resource_type}}))
        .collect();
    // Nodes and edges share one space of ids.
    let edges: Vec<_> = edges(graph)
        .map(|(source, kind, target)| {
            let (source, target) = (&graph.nodes[source].id, &graph.nodes[target].id);
            let id = json!([source, kind, target]).to_string();
            json!({"data": {"id": id, "source": source, "target": target, "label": kind, "type": kind}})
        })
        .collect();
    json!({"data": {"root_id": graph.root_id, "depth": graph.depth, "truncated": graph.truncated},
        "elements": {"nodes": nodes, "edges": edges}})
    .to_string()
}
