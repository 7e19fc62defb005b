//! Walks of several relationships.

use proptest::prelude::*;

use super::graph::TestGraph;

fn chain() -> TestGraph {
    TestGraph::new(&[(&["A"], 0), (&[], 1), (&[], 2), (&["Z"], 3)], &[(0, "TO", 1), (1, "TO", 2), (2, "TO", 3), (3, "BACK", 0)])
}

#[test]
fn a_walk_has_as_many_relationships_as_wanted() {
    let graph = chain();
    let ends = |text: &str| graph.sorted(&format!("MATCH (a:A){text}(b) RETURN b.id, size(r)"));
    assert_eq!(ends("-[r:TO*]->"), ["1 1", "2 2", "3 3"]);
    assert_eq!(ends("-[r:TO*0..1]->"), ["0 0", "1 1"]);
    assert_eq!(ends("-[r*0]->"), ["0 0"]);
    assert_eq!(ends("-[r*2..3]->"), ["2 2", "3 3"]);
    assert_eq!(ends("-[r*]->"), ["0 4", "1 1", "2 2", "3 3"]);
    assert_eq!(ends("-[r*3..2]->"), [""; 0]);
}

#[test]
fn no_relationship_is_walked_twice() {
    let graph = TestGraph::new(&[(&["A"], 0), (&[], 1)], &[(0, "TO", 1), (0, "TO", 1), (1, "TO", 1)]);
    assert_eq!(
        graph.sorted("MATCH (a:A)-[r*]-(b) RETURN b.id, size(r)"),
        ["0 2", "0 2", "0 3", "0 3", "1 1", "1 1", "1 2", "1 2"]
    );
}

#[test]
fn the_relationships_of_a_walk_are_in_the_order_of_writing_whichever_way_it_is_walked() {
    let graph = chain();
    for text in [
        "MATCH (a)-[r:TO*2..3]->(z:Z) RETURN [x IN r | x.weight]",
        "MATCH (z:Z)<-[r:TO*2..3]-(a) RETURN reverse([x IN r | x.weight])",
    ] {
        assert_eq!(graph.sorted(text), ["[0,1,2]", "[1,2]"], "{text}");
    }
}

#[test]
fn what_is_asked_of_a_relationship_holds_for_each_of_a_walk() {
    let graph = chain();
    assert_eq!(graph.sorted("MATCH (a:A)-[*1..4 {weight: 0}]->(b) RETURN b.id"), ["1"]);
    assert_eq!(graph.sorted("MATCH (a:A)-[* {weight: 0}]->(b) RETURN DISTINCT b.id"), ["1"]);
    assert_eq!(graph.sorted("MATCH (a:A)-[r*]->(b) WHERE all(x IN r WHERE x.weight < 2) RETURN b.id"), ["1", "2"]);
}

#[test]
fn a_list_of_relationships_that_is_bound_is_walked_again() {
    let graph = chain();
    let begin = "MATCH (:A)-[r:TO*2]->() WITH r";
    assert_eq!(graph.rows(&format!("{begin} MATCH (a)-[r*]->(b) RETURN a.id, b.id")), ["0 2"]);
    assert_eq!(graph.rows(&format!("{begin} MATCH (b {{id: 2}})<-[r*]-(a) RETURN a.id, b.id")), [""; 0]);
    let back = "MATCH (b {id: 2})<-[s*]-(a) RETURN a.id, b.id";
    assert_eq!(graph.rows(&format!("{begin} WITH reverse(r) AS s {back}")), ["0 2"]);
    assert_eq!(graph.rows(&format!("{begin} MATCH (a)-[r*3]->(b) RETURN a.id")), [""; 0]);
    assert_eq!(graph.rows(&format!("{begin} MATCH (a)<-[r*]-(b) RETURN a.id")), [""; 0]);
}

#[test]
fn two_walks_of_a_pattern_share_no_relationship() {
    let graph = chain();
    assert_eq!(graph.sorted("MATCH (a:A)-[r*1..2]->(b)-[s*1..2]->(c:Z) RETURN b.id, size(r), size(s)"), ["1 1 2", "2 2 1"]);
    assert_eq!(graph.sorted("MATCH (a:A)-[r*1..2]-(b), (a)-[s*1..2]-(b) RETURN DISTINCT b.id"), ["2"]);
}

prop_compose! {
    /// Up to 7 nodes and 7 relationships of two types.
    fn graph()(nodes in 1_usize..8)(
        relationships in prop::collection::vec((0..nodes, 0..2_usize, 0..nodes), 0..8),
        marks in prop::collection::vec(any::<bool>(), nodes),
    ) -> TestGraph {
        let labels: [&[&str]; 2] = [&["X"], &["X", "Y"]];
        let nodes: Vec<_> = marks.iter().enumerate().map(|(id, mark)| (labels[usize::from(*mark)], id as i64)).collect();
        let relationships: Vec<_> = relationships.iter().map(|(from, kind, to)| (*from, ["P", "Q"][*kind], *to)).collect();
        TestGraph::new(&nodes, &relationships)
    }
}

fn reaches(graph: &TestGraph, text: &str) -> bool {
    graph.ask(&format!("EXPLAIN {text}")).plan.unwrap().to_string().contains("VarLengthReach")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn each_end_once_is_the_same_as_all_ends_without_repetition(
        graph in graph(),
        step in prop::sample::select(vec!["-[*1..3]-", "-[*]->", "<-[*..2]-", "-[*0..2]-", "-[:P*1..4]-", "-[:P*0..]->", "-[*]-"]),
        end in prop::sample::select(vec!["(b)", "(b:Y)", "(a)", "(b {id: 1})"]),
    ) {
        let pattern = format!("MATCH (a){step}{end}");
        let column = if end == "(a)" { "a" } else { "b" };
        let pruned = format!("{pattern} RETURN DISTINCT a.id, {column}.id AS b");
        prop_assert!(reaches(&graph, &pruned), "{}", pruned);
        // Whoever looks at the path gets every walk.
        let pattern = pattern.replace("MATCH ", "MATCH p = ");
        let all = format!("{pattern} WITH *, length(p) AS n RETURN DISTINCT a.id, {column}.id AS b");
        prop_assert!(!reaches(&graph, &all), "{}", all);
        prop_assert_eq!(graph.sorted(&pruned), graph.sorted(&all));
        let counted = graph.rows(&format!("MATCH (a){step}{end} RETURN count(DISTINCT {column})"));
        let listed = graph.rows(&format!("{pattern} WITH {column}, length(p) AS n RETURN count(DISTINCT {column})"));
        prop_assert_eq!(counted, listed);
    }

    #[test]
    fn seeks_and_scans_find_the_same(
        mut graph in graph(),
        text in prop::sample::select(vec![
            "MATCH (a {id: 1})-[r]-(b) RETURN a.id, b.id",
            "MATCH (a:Y)-->(b)<--(c {id: 2}) RETURN a.id, b.id, c.id",
            "MATCH (a)-[:P]->(b), (b)-[:Q]->(c) WHERE c.id IN [0, 3, 3] RETURN a.id, b.id, c.id",
            "MATCH (a), (b:Y) WHERE a.id = b.id RETURN a.id",
            "MATCH (a)-[*1..2]->(b) WHERE b.id = 2 RETURN a.id",
            "MATCH (n:Y) RETURN count(n)",
            "MATCH (n:X:Y) RETURN n.id, count(*)",
            "MATCH ()-[r:P]->() RETURN count(r)",
            "MATCH (a)-[r:P|Q]->(b) RETURN type(r), count(*)",
            "MATCH (n:Y) OPTIONAL MATCH (n)-[:P]->(m {id: 1}) RETURN n.id, m.id",
        ]),
    ) {
        let indexed = graph.sorted(text);
        graph.indexed = false;
        prop_assert_eq!(indexed, graph.sorted(text));
    }
}
