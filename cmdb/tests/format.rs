//! Graph formats: what they look like, and that nothing in a graph can break them.

use dharmagraph_cmdb::format::GraphFormat;
use dharmagraph_cmdb::{Relationship, RelationshipKind, ResourceId, ResourceSummary, ResourceType, Subgraph};
use proptest::prelude::*;

fn node(id: &str, resource_type: ResourceType, name: Option<&str>) -> ResourceSummary {
    ResourceSummary { id: ResourceId::new(id), resource_type, name: name.map(str::to_owned) }
}

fn tie(source: &str, kind: RelationshipKind, target: &str) -> Relationship {
    Relationship::new(ResourceId::new(source), kind, ResourceId::new(target))
}

fn small() -> Subgraph {
    Subgraph {
        root_id: ResourceId::new("i-0123456789abcdef0"),
        depth: 2,
        nodes: vec![
            node("i-0123456789abcdef0", ResourceType::COMPUTE, Some("O'Brien \"web\" \\ <01> & `#1;` --> [x]")),
            node("vol-0987654321fedcba0", ResourceType::STORAGE, None),
            node("vpc-0abc", ResourceType::NETWORK, Some("Сервер 数据库 🚀\nsecond line")),
        ],
        relationships: vec![
            tie("i-0123456789abcdef0", RelationshipKind::ATTACHED_TO, "vol-0987654321fedcba0"),
            tie("i-0123456789abcdef0", RelationshipKind::BELONGS_TO_VPC, "vpc-0abc"),
            tie("i-0123456789abcdef0", RelationshipKind::PROTECTED_BY, "sg-outside"),
        ],
        truncated: true,
    }
}

#[test]
fn a_small_graph_in_every_format() {
    for (word, format) in [
        ("mermaid", GraphFormat::Mermaid),
        ("dot", GraphFormat::Dot),
        ("graphml", GraphFormat::GraphMl),
        ("cytoscape", GraphFormat::Cytoscape),
    ] {
        assert_eq!(GraphFormat::parse(word).unwrap(), format);
        insta::assert_snapshot!(word, format.render(&small()));
    }
}

#[test]
fn an_unknown_word_is_refused_with_the_known_ones() {
    let error = GraphFormat::parse("png").unwrap_err().to_string();
    assert_eq!(error, "invalid format: expected mermaid, dot, graphml or cytoscape, found `png`");
}

/// Text that wants to be more than text.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        proptest::collection::vec(any::<char>(), 0..64).prop_map(|chars| chars.into_iter().collect()),
        "[\"'\\\\\\]\\[<>&;#`(){}%|/\u{0}-\u{1f}\u{7f}-\u{9f}\u{fffe}\u{ffff}\u{2028}-]{0,40}",
        Just("\"]; evil -> node [label=\"".to_owned()),
        Just("\"] --> evil[\"".to_owned()),
        Just("]]></data><node id=\"evil\"/><!--".to_owned()),
        Just("x".repeat(256)),
        Just("\\".to_owned()),
        Just("\n    n0 --> n1\n%%{init: {}}%%".to_owned()),
    ]
}

fn hostile_graph() -> impl Strategy<Value = Subgraph> {
    let nodes = proptest::collection::btree_map(hostile(), (hostile(), proptest::option::of(hostile())), 1..6);
    let ties = proptest::collection::vec((any::<prop::sample::Index>(), hostile(), any::<prop::sample::Index>()), 0..6);
    (nodes, ties).prop_map(|(nodes, ties)| {
        let nodes: Vec<_> =
            nodes.into_iter().map(|(id, (kind, name))| node(&id, ResourceType::new(kind), name.as_deref())).collect();
        let relationships = ties
            .into_iter()
            .map(|(source, kind, target)| {
                tie(source.get(&nodes).id.as_str(), RelationshipKind::new(kind), target.get(&nodes).id.as_str())
            })
            .collect();
        Subgraph { root_id: nodes[0].id.clone(), depth: 1, nodes, relationships, truncated: false }
    })
}

/// The names of all elements of a document in the order in which they begin, if it is well-formed: tags nest, attributes
/// are quoted, text holds only allowed characters and the five named or numbered references.
fn elements(document: &str) -> Option<Vec<&str>> {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    if !document.chars().all(allowed) {
        return None;
    }
    let mut rest = document.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
    let (mut open, mut names) = (Vec::new(), Vec::new());
    while let Some((text, after)) = rest.split_once('<') {
        let references_hold = text.split('&').skip(1).all(|reference| {
            ["amp;", "lt;", "gt;", "quot;", "apos;", "#9;", "#10;", "#13;"].iter().any(|known| reference.starts_with(known))
        });
        let (tag, next) = after.split_once('>')?;
        if !references_hold || text.contains('>') || tag.contains('&') || tag.matches('"').count() % 2 == 1 {
            return None;
        }
        rest = next;
        let name = tag.trim_start_matches('/').split([' ', '/']).next()?;
        if tag.starts_with('/') {
            (open.pop()? == name).then_some(())?;
        } else {
            names.push(name);
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
    }
    (open.is_empty() && rest.trim().is_empty()).then_some(names)
}

/// What stands outside of quotes; nothing where a quote is not closed.
fn outside_quotes(text: &str, escapes: bool) -> Option<String> {
    let (mut outside, mut quoted, mut escaped) = (String::new(), false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted && escapes => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            _ => outside.push(c),
        }
    }
    (!quoted).then_some(outside)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn graphml_stays_well_formed_with_one_element_for_each_node_and_edge(graph in hostile_graph()) {
        let text = GraphFormat::GraphMl.render(&graph);
        let names = elements(&text).expect("well-formed XML");
        let count = |name: &str| names.iter().filter(|found| **found == name).count();
        prop_assert_eq!((count("node"), count("edge")), (graph.nodes.len(), graph.relationships.len()));
    }

    #[test]
    fn cytoscape_reads_back_what_the_graph_holds(graph in hostile_graph()) {
        let json: serde_json::Value = serde_json::from_str(&GraphFormat::Cytoscape.render(&graph)).expect("JSON");
        let nodes = json["elements"]["nodes"].as_array().expect("nodes");
        for (read, node) in nodes.iter().zip(&graph.nodes) {
            prop_assert_eq!(read["data"]["id"].as_str(), Some(node.id.as_str()));
            prop_assert_eq!(read["data"]["name"].as_str(), node.name.as_deref());
        }
        prop_assert_eq!(json["elements"]["edges"].as_array().map(Vec::len), Some(graph.relationships.len()));
    }

    #[test]
    fn names_never_leave_their_quotes_in_mermaid_and_dot(graph in hostile_graph()) {
        let mermaid = GraphFormat::Mermaid.render(&graph);
        let outside = outside_quotes(&mermaid, false).expect("closed quotes");
        prop_assert_eq!(outside.lines().count(), 1 + graph.nodes.len() + graph.relationships.len());
        prop_assert!(outside.chars().all(|c| c.is_ascii_alphanumeric() || " \n[]|->".contains(c)), "{}", outside);
        let dot = GraphFormat::Dot.render(&graph);
        let outside = outside_quotes(&dot, true).expect("closed quotes");
        prop_assert_eq!(outside.lines().count(), 4 + graph.nodes.len() + graph.relationships.len());
        prop_assert!(outside.chars().all(|c| c.is_ascii_alphanumeric() || " \n[]{}=;,->".contains(c)), "{}", outside);
    }

    #[test]
    fn one_graph_gives_one_text(graph in hostile_graph()) {
        for format in [GraphFormat::Mermaid, GraphFormat::Dot, GraphFormat::GraphMl, GraphFormat::Cytoscape] {
            prop_assert_eq!(format.render(&graph), format.render(&graph.clone()));
        }
    }
}
