//! MATCH and OPTIONAL MATCH.

use super::graph::TestGraph;
use crate::value::Value;

fn triangle() -> TestGraph {
    TestGraph::new(&[(&["A"], 0), (&["B"], 1), (&["B"], 2)], &[(0, "TO", 1), (0, "TO", 2), (1, "TO", 2), (2, "OTHER", 0)])
}

#[test]
fn a_pattern_is_found_from_either_end() {
    let graph = triangle();
    assert_eq!(graph.sorted("MATCH (a:A)-[:TO]->(b) RETURN b.id"), ["1", "2"]);
    assert_eq!(graph.sorted("MATCH (b)<-[:TO]-(a:A) RETURN b.id"), ["1", "2"]);
    assert_eq!(graph.sorted("MATCH (a {id: 2})<-[:TO]-(b) RETURN b.id"), ["0", "1"]);
    assert_eq!(graph.sorted("MATCH (a)--(b {id: 0}) RETURN a.id"), ["1", "2", "2"]);
}

#[test]
fn a_relationship_is_used_once_in_a_pattern_but_again_in_the_next() {
    let graph = TestGraph::new(&[(&[], 0), (&[], 1)], &[(0, "TO", 1)]);
    assert_eq!(graph.rows("MATCH (a)--(b)--(c) RETURN a.id"), [""; 0]);
    assert_eq!(graph.rows("MATCH (a)--(b), (c)--(d) RETURN a.id"), [""; 0]);
    assert_eq!(graph.sorted("MATCH (a)--(b) MATCH (b)--(c) RETURN a.id, c.id"), ["0 0", "1 1"]);
}

#[test]
fn optional_match_gives_nulls_where_nothing_is_found_and_its_where_belongs_to_it() {
    let graph = triangle();
    assert_eq!(
        graph.sorted("MATCH (b:B) OPTIONAL MATCH (b)-[r:OTHER]->(a) RETURN b.id, a.id, r IS NULL"),
        ["1 null true", "2 0 false"]
    );
    assert_eq!(graph.sorted("MATCH (a:A) OPTIONAL MATCH (a)-->(b) WHERE b.id > 7 RETURN a.id, b.id"), ["0 null"]);
    assert_eq!(graph.rows("OPTIONAL MATCH (n:Missing) RETURN n"), ["null"]);
    assert_eq!(graph.rows("OPTIONAL MATCH (n:Missing) OPTIONAL MATCH (n)-->(m) RETURN m"), ["null"]);
    assert_eq!(graph.rows("OPTIONAL MATCH (n:Missing) MATCH (n) RETURN n"), [""; 0]);
    assert_eq!(graph.rows("OPTIONAL MATCH (n:Missing) MATCH (n)-->(m) RETURN n"), [""; 0]);
    assert_eq!(graph.sorted("MATCH (a:A) OPTIONAL MATCH p = (a)-[:OTHER]->() RETURN p IS NULL"), ["true"]);
}

#[test]
fn a_relationship_that_is_bound_is_found_again_with_its_ends() {
    let graph = triangle();
    assert_eq!(graph.rows("MATCH ()-[r:OTHER]->() MATCH (a)-[r]->(b) RETURN a.id, b.id"), ["2 0"]);
    assert_eq!(graph.rows("MATCH ()-[r:OTHER]->() MATCH (a)<-[r]-(b) RETURN a.id, b.id"), ["0 2"]);
    assert_eq!(graph.sorted("MATCH ()-[r:OTHER]->() MATCH (a)-[r]-(b) RETURN a.id, b.id"), ["0 2", "2 0"]);
    assert_eq!(graph.rows("MATCH ()-[r:OTHER]->() MATCH (a:B)-[r]-(b) RETURN a.id, b.id"), ["2 0"]);
    assert_eq!(graph.rows("MATCH ()-[r:OTHER]->() MATCH (a)-[r:TO]-(b) RETURN a.id"), [""; 0]);
    assert_eq!(graph.rows("MATCH ()-[r:OTHER]->() MATCH (a)-[r]->(b)-[:TO]->(c) WHERE c.id = 1 RETURN c.id"), ["1"]);
}

#[test]
fn self_loops_are_found_once_in_any_direction() {
    let graph = TestGraph::new(&[(&[], 0), (&[], 1)], &[(0, "TO", 0), (0, "TO", 1)]);
    assert_eq!(graph.rows("MATCH (a)-[r]-(a) RETURN a.id"), ["0"]);
    assert_eq!(graph.rows("MATCH (a)-[r]->(a) RETURN a.id"), ["0"]);
    assert_eq!(graph.sorted("MATCH (a)-[r]-(b) RETURN a.id, b.id"), ["0 0", "0 1", "1 0"]);
}

#[test]
fn paths_are_bound_in_the_order_of_writing() {
    let graph = triangle();
    let ids = "[n IN nodes(p) | n.id]";
    assert_eq!(graph.rows(&format!("MATCH p = (a:A)-[:TO]->(b {{id: 1}})-[:TO]->(c) RETURN {ids}, length(p)")), ["[0,1,2] 2"]);
    assert_eq!(graph.rows(&format!("MATCH p = (c)<-[:TO]-(b {{id: 1}})<-[:TO]-(a) RETURN {ids}")), ["[2,1,0]"]);
    assert_eq!(graph.sorted(&format!("MATCH p = (a)-[:TO*2]->(c) RETURN {ids}")), ["[0,1,2]"]);
    assert_eq!(graph.sorted(&format!("MATCH p = (a)-[:TO*2]->(c {{id: 2}}) RETURN {ids}")), ["[0,1,2]"]);
}

#[test]
fn unconnected_paths_give_every_pair() {
    let graph = triangle();
    assert_eq!(graph.sorted("MATCH (a:A), (b:B) RETURN a.id, b.id"), ["0 1", "0 2"]);
    assert_eq!(graph.sorted("MATCH (a:B), (b:B) WHERE a.id < b.id RETURN a.id, b.id"), ["1 2"]);
    assert_eq!(graph.sorted("MATCH (a), (b) WHERE a.id = b.id + 1 RETURN a.id, b.id"), ["1 0", "2 1"]);
}

#[test]
fn seeks_keep_the_meaning_of_equality() {
    let mut graph = triangle();
    graph.set(0, "x", Value::Float(1.0));
    graph.set(1, "x", Value::Float(f64::NAN));
    let ask = |text: &str, value: Value| graph.shown(&graph.ask_with(text, &[("x", value)]).unwrap());
    for (indexed, value, found) in [
        (true, Value::Integer(1), vec!["0"]),
        (true, Value::Null, vec![]),
        (true, Value::Float(f64::NAN), vec![]),
        (true, Value::String("1".into()), vec![]),
    ] {
        assert_eq!(ask("MATCH (n) WHERE n.x = $x RETURN n.id", value.clone()), found, "{value:?}");
        assert_eq!(ask("MATCH (n {x: $x}) RETURN n.id", value.clone()), found, "{value:?}, indexed: {indexed}");
        let list = Value::List(vec![value.clone(), Value::Null, value.clone(), Value::Integer(9)].into());
        assert_eq!(ask("MATCH (n) WHERE n.x IN $x RETURN n.id", list), found, "{value:?}");
    }
    assert_eq!(graph.rows("UNWIND [2, 2, null, 7] AS x MATCH (n {id: x}) RETURN n.id"), ["2", "2"]);
    assert_eq!(graph.rows("WITH [2, 2.0, null] AS ids MATCH (n) WHERE n.id IN ids RETURN n.id"), ["2"]);
}

#[test]
fn a_node_of_the_wrong_type_is_an_error_that_says_so() {
    let graph = triangle();
    let found = graph.ask_with("WITH $x AS n MATCH (n)-->(m) RETURN m", &[("x", Value::Integer(1))]).unwrap_err();
    assert_eq!(found.to_string(), "a pattern needs a node, found the integer 1");
}
