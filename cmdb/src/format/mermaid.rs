//! Mermaid flowcharts.

use std::fmt::{self, Write};

use super::numbered::{edges, label};
use crate::model::Subgraph;

pub(super) fn render(graph: &Subgraph) -> String {
    let mut text = String::from("flowchart LR\n");
    if graph.truncated {
        text.push_str("    %% truncated: the graph goes on\n");
    }
    for (position, node) in graph.nodes.iter().enumerate() {
        let (label, kind) = (Escaped(label(node)), Escaped(node.resource_type.as_str()));
        text.push_str(&format!("    n{position}[\"{label}<br/>{kind}\"]\n"));
    }
    for (source, kind, target) in edges(graph) {
        text.push_str(&format!("    n{source} -->|\"{}\"| n{target}\n", Escaped(kind)));
    }
    text
}

/// Text between quotes. Mermaid reads `#CODE;` as a character, and Markdown and HTML in what is left.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => f.write_char(' '),
            _ if c.is_control() => f.write_char(char::REPLACEMENT_CHARACTER),
            ' ' | '-' | '_' | '.' | ':' | '/' | ',' | '@' | '=' | '+' => f.write_char(c),
            _ if c.is_ascii_punctuation() => write!(f, "#{};", u32::from(c)),
            _ => f.write_char(c),
        })
    }
}
