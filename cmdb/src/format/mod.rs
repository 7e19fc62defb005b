//! Subgraphs as text for other tools.

mod cytoscape;
mod dot;
mod graphml;
mod mermaid;
mod numbered;

use crate::error::{Error, Result};
use crate::model::Subgraph;

/// A text form of a [`Subgraph`].
///
/// # Guarantees
/// - One graph gives one text, at every call.
/// - Ids, names, types and kinds stay text whatever they hold: they cannot end a string, begin markup or add a node.
///   Characters that a format cannot hold become the replacement character.
/// - A relationship with an end outside the graph is left out, since most readers refuse it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GraphFormat {
    /// A Mermaid flowchart, from left to right.
    Mermaid,
    /// Graphviz DOT.
    Dot,
    /// GraphML.
    GraphMl,
    /// Cytoscape's JSON: `{"elements": {"nodes": [..], "edges": [..]}}`.
    Cytoscape,
}

impl GraphFormat {
    /// The format that a person's word stands for: `mermaid`, `dot`, `graphml`, `cytoscape`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for any other word.
    pub fn parse(word: &str) -> Result<Self> {
        match word {
            "mermaid" => Ok(Self::Mermaid),
            "dot" => Ok(Self::Dot),
            "graphml" => Ok(Self::GraphMl),
            "cytoscape" => Ok(Self::Cytoscape),
            _ => {
                let found: String = word.chars().take(80).collect();
                Err(Error::invalid("format", "mermaid, dot, graphml or cytoscape", format!("`{found}`")))
            }
        }
    }

    /// The media type of the text.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Mermaid => "text/vnd.mermaid; charset=utf-8",
            Self::Dot => "text/vnd.graphviz; charset=utf-8",
            Self::GraphMl => "application/graphml+xml; charset=utf-8",
            Self::Cytoscape => "application/json",
        }
    }

    /// The graph in this format. Names are escaped: whatever they hold, they stay text.
    #[must_use]
    pub fn render(self, graph: &Subgraph) -> String {
        match self {
            Self::Mermaid => mermaid::render(graph),
            Self::Dot => dot::render(graph),
            Self::GraphMl => graphml::render(graph),
            Self::Cytoscape => cytoscape::render(graph),
        }
    }
}
