//! Subqueries inside of expressions.

use super::graph::TestGraph;

fn family() -> TestGraph {
    TestGraph::new(
        &[(&["P"], 0), (&["P"], 1), (&["P"], 2), (&["C"], 3), (&["C"], 4)],
        &[(0, "HAS", 3), (0, "HAS", 4), (1, "HAS", 4), (3, "IN", 2)],
    )
}

#[test]
fn a_subquery_sees_the_row_around_it() {
    let graph = family();
    assert_eq!(graph.sorted("MATCH (p:P) WHERE EXISTS { (p)-[:HAS]->() } RETURN p.id"), ["0", "1"]);
    assert_eq!(graph.sorted("MATCH (p:P) WHERE NOT (p)-[:HAS]->() RETURN p.id"), ["2"]);
    assert_eq!(graph.sorted("MATCH (p:P) RETURN p.id, COUNT { (p)-[:HAS]->(c) WHERE c.id > p.id + 3 }"), ["0 1", "1 0", "2 0"]);
    assert_eq!(
        graph.sorted("MATCH (p:P) RETURN p.id, COLLECT { MATCH (p)-[:HAS]->(c) RETURN c.id ORDER BY c.id DESC }"),
        ["0 [4,3]", "1 [4]", "2 []"]
    );
    assert_eq!(graph.sorted("MATCH (p:P) RETURN p.id, size([(p)-[:HAS]->(c) | c.id])"), ["0 2", "1 1", "2 0"]);
}

#[test]
fn a_subquery_in_a_subquery_sees_both_rows() {
    let graph = family();
    let text = "MATCH (p:P) WHERE EXISTS { MATCH (p)-->(c:C) WHERE EXISTS { MATCH (q:P)-->(c) WHERE q <> p } } RETURN p.id";
    assert_eq!(graph.sorted(text), ["0", "1"]);
}

#[test]
fn a_subquery_sees_the_variables_of_comprehensions() {
    let graph = family();
    let text = "MATCH (p:P {id: 0}) RETURN [x IN [3, 4, 5] WHERE EXISTS { (p)-->({id: x}) } | x] AS found";
    assert_eq!(graph.rows(text), ["[3,4]"]);
}

#[test]
fn aggregates_and_limits_in_a_subquery_begin_anew_for_each_row() {
    let graph = family();
    let text = "MATCH (p:P) RETURN p.id, COLLECT { MATCH (p)-->(c) RETURN count(c) } AS n, \
                COUNT { MATCH (p)-->(c) RETURN c LIMIT 1 } AS one";
    assert_eq!(graph.sorted(text), ["0 [2] 1", "1 [1] 1", "2 [0] 0"]);
}

#[test]
fn subqueries_stand_in_every_clause() {
    let graph = family();
    assert_eq!(graph.rows("MATCH (p:P) WITH p ORDER BY COUNT { (p)-->() } DESC, p.id LIMIT 1 RETURN p.id"), ["0"]);
    assert_eq!(graph.rows("MATCH (p:P {id: 0}) UNWIND COLLECT { MATCH (p)-->(c) RETURN c.id } AS x RETURN sum(x)"), ["7"]);
    assert_eq!(graph.rows("MATCH (p:P) RETURN sum(COUNT { (p)-->() }) AS n"), ["3"]);
    assert_eq!(graph.rows("MATCH (p:P) RETURN COUNT { (p)-->() } AS n, count(*) AS m ORDER BY n"), ["0 1", "1 1", "2 1"]);
}
