//! Subgraphs as text for other tools.

use crate::error::{Error, Result};
use crate::model::Subgraph;

/// A text form of a [`Subgraph`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphFormat {
    /// A Mermaid flowchart.
    Mermaid,
    /// Graphviz DOT.
    Dot,
    /// GraphML.
    GraphMl,
    /// Cytoscape's JSON.
    Cytoscape,
}

#[expect(unused_variables, clippy::todo, reason = "bodies follow")]
impl GraphFormat {
    /// The format that a person's word stands for: `mermaid`, `dot`, `graphml`, `cytoscape`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for any other word.
    pub fn parse(word: &str) -> Result<Self> {
        Err(Error::invalid("format", "mermaid, dot, graphml or cytoscape", format!("`{word}`")))
    }

    /// The media type of the text.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        todo!()
    }

    /// The graph in this format. Names are escaped: whatever they hold, they stay text.
    #[must_use]
    pub fn render(self, graph: &Subgraph) -> String {
        todo!()
    }
}
