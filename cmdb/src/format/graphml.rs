//! GraphML.

use std::fmt::{self, Write};

use super::numbered::edges;
use crate::model::Subgraph;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="id" for="node" attr.name="id" attr.type="string"/>
  <key id="name" for="node" attr.name="name" attr.type="string"/>
  <key id="type" for="all" attr.name="type" attr.type="string"/>
  <key id="truncated" for="graph" attr.name="truncated" attr.type="boolean"/>
  <graph id="graph" edgedefault="directed">
"#;

pub(super) fn render(graph: &Subgraph) -> String {
    let mut text = String::from(HEAD);
    text.push_str(&format!("    <data key=\"truncated\">{}</data>\n", graph.truncated));
    for (position, node) in graph.nodes.iter().enumerate() {
        text.push_str(&format!("    <node id=\"n{position}\"><data key=\"id\">{}</data>", Escaped(node.id.as_str())));
        if let Some(name) = &node.name {
            text.push_str(&format!("<data key=\"name\">{}</data>", Escaped(name)));
        }
        text.push_str(&format!("<data key=\"type\">{}</data></node>\n", Escaped(node.resource_type.as_str())));
    }
    for (source, kind, target) in edges(graph) {
        let kind = Escaped(kind);
        text.push_str(&format!("    <edge source=\"n{source}\" target=\"n{target}\"><data key=\"type\">{kind}</data></edge>\n"));
    }
    text.push_str("  </graph>\n</graphml>\n");
    text
}

/// Text in an element. XML 1.0 cannot hold most control characters, not even by their numbers.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&apos;"),
            '\t' | '\n' | '\r' => write!(f, "&#{};", u32::from(c)),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => f.write_char(char::REPLACEMENT_CHARACTER),
            _ => f.write_char(c),
        })
    }
}
