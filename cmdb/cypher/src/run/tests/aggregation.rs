//! Groups.

use super::graph::TestGraph;

fn numbers(text: &str) -> Vec<String> {
    TestGraph::new(&[], &[]).rows(text)
}

#[test]
fn no_rows_are_one_group_without_keys_and_none_with() {
    assert_eq!(numbers("UNWIND [] AS x RETURN count(*), sum(x), collect(x), min(x)"), ["0 0 [] null"]);
    assert_eq!(numbers("UNWIND [] AS x RETURN x, count(*)"), [""; 0]);
}

#[test]
fn null_is_a_group_of_its_own() {
    assert_eq!(numbers("UNWIND [1, null, 1.0, null] AS x RETURN x, count(*), count(x)"), ["1 2 2", "null 2 0"]);
}

#[test]
fn distinct_values_are_aggregated_once() {
    assert_eq!(
        numbers("UNWIND [1, 2, 2, null] AS x RETURN count(DISTINCT x), sum(DISTINCT x), collect(DISTINCT x)"),
        ["2 3 [1,2]"]
    );
}

#[test]
fn items_and_keys_of_an_order_are_computed_from_aggregates() {
    assert_eq!(numbers("UNWIND [1, 2, 2] AS x RETURN x, count(*) * 10 AS n ORDER BY count(*) DESC"), ["2 20", "1 10"]);
    assert_eq!(numbers("UNWIND [1, 2, 2] AS x WITH x, count(*) AS n WHERE n > 1 RETURN x"), ["2"]);
}

#[test]
fn counts_of_the_graph_are_those_of_its_rows() {
    let mut graph = TestGraph::new(&[(&["A"], 0), (&["A", "B"], 1), (&["B"], 2)], &[(0, "TO", 1), (1, "TO", 2), (0, "OF", 2)]);
    graph.set(0, "kind", "x");
    graph.set(1, "kind", "x");
    for (text, rows, counted) in [
        ("MATCH (n) RETURN count(*)", vec!["3"], true),
        ("MATCH (n:A) RETURN count(n) AS n", vec!["2"], true),
        ("MATCH (n:A) RETURN count(DISTINCT n)", vec!["2"], true),
        ("MATCH (n:Missing) RETURN count(n)", vec!["0"], true),
        ("MATCH (n:A&B) RETURN count(n)", vec!["1"], false),
        ("MATCH (n) RETURN n.kind, count(*)", vec!["\"x\" 2", "null 1"], true),
        ("MATCH (n:A:B) RETURN n.kind AS k, count(n) AS c", vec!["\"x\" 1"], true),
        ("MATCH (n:B) RETURN n.kind AS k, count(n) AS c ORDER BY k DESC LIMIT 1", vec!["null 1"], true),
        ("MATCH (n:Missing) RETURN n.kind, count(*)", vec![], false),
        ("MATCH ()-[r]->() RETURN count(r)", vec!["3"], true),
        ("MATCH ()-->() RETURN count(*)", vec!["3"], true),
        ("MATCH ()<-[r:TO|TO]-() RETURN count(r)", vec!["2"], true),
        ("MATCH ()-[r]-() RETURN count(r)", vec!["6"], false),
        ("MATCH ()-[r:TO|OF]->() RETURN type(r) AS t, count(*) ORDER BY t", vec!["\"OF\" 1", "\"TO\" 2"], true),
        ("MATCH (a)-->(b) RETURN count(DISTINCT b)", vec!["2"], false),
        ("MATCH (n) WHERE n.id > 0 RETURN count(n)", vec!["2"], false),
        ("MATCH (n) RETURN count(n.kind)", vec!["2"], false),
        ("MATCH (n) RETURN count(*) + 1 AS n", vec!["4"], true),
    ] {
        assert_eq!(graph.sorted(text), rows, "{text}");
        let plan = graph.ask(&format!("EXPLAIN {text}")).plan.unwrap().to_string();
        assert_eq!(plan.contains("CountsOfGraph"), counted, "{text}\n{plan}");
    }
}
