//! Graphviz DOT.

use std::fmt::{self, Write};

use super::numbered::{edges, label};
use crate::model::Subgraph;

pub(super) fn render(graph: &Subgraph) -> String {
    let mut text = String::from("digraph {\n    rankdir=LR;\n    node [shape=box];\n");
    if graph.truncated {
        text.push_str("    // truncated: the graph goes on\n");
    }
    for (position, node) in graph.nodes.iter().enumerate() {
        let (label, kind) = (Escaped(label(node)), Escaped(node.resource_type.as_str()));
        let id = Escaped(node.id.as_str());
        text.push_str(&format!("    n{position} [id=\"{id}\", label=\"{label}\\n{kind}\"];\n"));
    }
    for (source, kind, target) in edges(graph) {
        text.push_str(&format!("    n{source} -> n{target} [label=\"{}\"];\n", Escaped(kind)));
    }
    text.push_str("}\n");
    text
}

/// Text between quotes: Graphviz reads backslashes there, and HTML's entities in labels.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '"' => f.write_str("\\\""),
            '\\' => f.write_str("\\\\"),
            '&' => f.write_str("&amp;"),
            '\n' | '\r' | '\t' => f.write_char(' '),
            _ if c.is_control() => f.write_char(char::REPLACEMENT_CHARACTER),
            _ => f.write_char(c),
        })
    }
}
