//! Shortest paths.

use super::graph::TestGraph;

/// 0 to 4 over 1, over 2, and the long way over 3 and 5.
fn ways() -> TestGraph {
    TestGraph::new(
        &[(&["A"], 0), (&["Slow"], 1), (&[], 2), (&[], 3), (&["Z"], 4), (&[], 5), (&["Lone"], 6)],
        &[(0, "TO", 1), (1, "TO", 4), (0, "TO", 2), (2, "VIA", 4), (0, "TO", 3), (3, "TO", 5), (5, "TO", 4)],
    )
}

const IDS: &str = "[n IN nodes(p) | n.id]";

fn found(pattern: &str, rest: &str) -> Vec<String> {
    ways().sorted(&format!("MATCH (a:A), (z:Z) MATCH p = {pattern} {rest} RETURN {IDS}"))
}

#[test]
fn one_or_all_of_the_shortest_paths_are_found() {
    assert_eq!(found("shortestPath((a)-[*]->(z))", "").len(), 1);
    assert_eq!(found("allShortestPaths((a)-[*]->(z))", ""), ["[0,1,4]", "[0,2,4]"]);
    assert_eq!(found("allShortestPaths((z)<-[*]-(a))", ""), ["[4,1,0]", "[4,2,0]"]);
    assert_eq!(found("shortestPath((a)-[:TO*]->(z))", ""), ["[0,1,4]"]);
    assert_eq!(found("shortestPath((a)<-[*]-(z))", ""), [""; 0]);
    assert_eq!(found("shortestPath((a)-[*..1]-(z))", ""), [""; 0]);
    assert_eq!(found("shortestPath((a)-[:TO]->(z))", ""), [""; 0]);
}

#[test]
fn a_path_that_does_not_fulfil_the_condition_gives_way_to_a_longer_one() {
    assert_eq!(found("shortestPath((a)-[:TO*]->(z))", "WHERE none(n IN nodes(p) WHERE n:Slow)"), ["[0,3,5,4]"]);
    assert_eq!(found("allShortestPaths((a)-[*]->(z))", "WHERE none(n IN nodes(p) WHERE n:Slow)"), ["[0,2,4]"]);
    assert_eq!(found("shortestPath((a)-[*]->(z))", "WHERE length(p) > 2"), ["[0,3,5,4]"]);
    assert_eq!(found("shortestPath((a)-[*]->(z))", "WHERE length(p) > 3"), [""; 0]);
    assert_eq!(found("shortestPath((a)-[r*]-(z))", "WHERE all(x IN r WHERE x.weight >= 2)"), ["[0,2,4]"]);
}

#[test]
fn nodes_that_are_not_connected_or_the_same_have_no_shortest_path() {
    let graph = ways();
    assert_eq!(graph.rows(&format!("MATCH (a:A), (b:Lone) MATCH p = shortestPath((a)-[*]-(b)) RETURN {IDS}")), [""; 0]);
    assert_eq!(graph.rows(&format!("MATCH (a:A) MATCH p = shortestPath((a)-[*0..]-(a)) RETURN {IDS}")), ["[0]"]);
    assert_eq!(graph.rows(&format!("MATCH (a:A) MATCH p = shortestPath((a)-[*]-(a)) RETURN {IDS}")), [""; 0]);
}

#[test]
fn the_ends_are_found_where_they_are_not_bound() {
    let graph = ways();
    assert_eq!(graph.rows(&format!("MATCH p = shortestPath((a:A)-[:TO*]->(z:Z)) RETURN {IDS}")), ["[0,1,4]"]);
    assert_eq!(graph.sorted("MATCH p = shortestPath((a:A)-[*]->(z)) RETURN length(p)"), ["1", "1", "1", "2", "2"]);
}
