//! `graph`: what a resource is tied to, for a drawing program.

use std::io;

use dharmagraph_cmdb::Subgraph;
use dharmagraph_cmdb::format::GraphFormat;

use super::arguments::{GraphQuery, GraphText};
use super::failure::{Exit, Failure};
use super::inventory::Inventory;
use super::output::{Output, counted, note};
use super::screen::{printable_document, printable_json};

/// Writes the graph; says on standard error where it is not the whole one.
pub(crate) async fn run(inventory: &dyn Inventory, query: &GraphQuery, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let walk = query.walk();
    let graph = inventory.graph(&query.id, &walk, query.as_of).await?;
    let form = if output.is_json() { GraphText::Json } else { query.format };
    write(&graph, form, output)?;
    output.flush()?;
    if graph.truncated && form != GraphText::Json {
        let nodes = counted(graph.nodes.len() as u64, "resource", "resources");
        note(&format!("the drawing ends after {nodes}; --max-nodes lets it grow"));
    }
    Ok(Exit::Done)
}

fn write(graph: &Subgraph, form: GraphText, output: &mut Output<'_>) -> io::Result<()> {
    let format = match form {
        GraphText::Mermaid => GraphFormat::Mermaid,
        GraphText::Dot => GraphFormat::Dot,
        GraphText::Graphml => GraphFormat::GraphMl,
        GraphText::Cytoscape => return output.line(printable_json(GraphFormat::Cytoscape.render(graph)).trim_end()),
        GraphText::Json => return output.json(graph),
    };
    output.line(printable_document(&format.render(graph)).trim_end())
}

#[cfg(test)]
mod tests {
    use dharmagraph_cmdb::{ResourceId, ResourceSummary, ResourceType};

    use super::*;
    use crate::cli::output::tests::written;

    #[test]
    fn no_form_lets_a_name_steer_the_terminal() {
        let root = ResourceSummary {
            id: ResourceId::new("i-1"),
            resource_type: ResourceType::COMPUTE,
            name: Some("a\u{1b}[2J\u{9b}31m\u{202e}".into()),
        };
        let graph =
            Subgraph { root_id: root.id.clone(), depth: 0, nodes: vec![root], relationships: Vec::new(), truncated: false };
        let forms = [GraphText::Mermaid, GraphText::Dot, GraphText::Graphml, GraphText::Cytoscape, GraphText::Json];
        for form in forms {
            let text = written(false, |output| write(&graph, form, output));
            assert!(text.contains("COMPUTE"), "{text}");
            assert!(!text.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{text:?}");
        }
    }
}
