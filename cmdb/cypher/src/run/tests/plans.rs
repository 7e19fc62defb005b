//! EXPLAIN and PROFILE.

use super::graph::TestGraph;

fn inventory() -> TestGraph {
    let mut nodes: Vec<_> = (0..40).map(|id| (if id < 4 { &["R", "Vpc"][..] } else { &["R"] }, id)).collect();
    nodes.push((&[], 40));
    let relationships: Vec<_> = (4..40).map(|node| (node, "IN", node % 4)).collect();
    TestGraph::new(&nodes, &relationships)
}

/// Operators, the first at the bottom.
fn operators(graph: &TestGraph, text: &str) -> Vec<String> {
    let mut plan = graph.ask_with(&format!("EXPLAIN {text}"), &[("id", 7.into())]).unwrap().plan;
    let mut operators = Vec::new();
    while let Some(operator) = plan {
        operators.insert(0, operator.operator);
        plan = operator.children.into_iter().next();
    }
    operators
}

#[test]
fn a_pattern_starts_at_its_rarest_node() {
    let graph = inventory();
    for (text, begin) in [
        ("MATCH (r:R {id: 7}) RETURN r", &["NodePropertySeek"][..]),
        ("MATCH (r:R)-[:IN]->(v:Vpc) RETURN r", &["NodeByLabelScan", "Expand", "Filter"]),
        ("MATCH (r)-[:IN]->(v) WHERE r.id IN [5, 6] RETURN v", &["NodePropertySeek", "Expand"]),
        ("MATCH (r) WHERE r.id = $id RETURN r", &["NodePropertySeek"]),
        ("UNWIND [1, 2] AS x MATCH (r {id: x}) RETURN r", &["Unwind", "NodePropertySeek"]),
        ("MATCH (r:R)-[:IN]->(v) WHERE r:Vpc RETURN r", &["NodeByLabelScan", "Filter", "Expand"]),
        ("MATCH (r:Missing)--(x) RETURN x", &["Nothing", "Expand"]),
        ("MATCH (a), (b {id: 1}) WHERE a.id < b.id RETURN a", &["NodePropertySeek", "AllNodesScan", "Filter"]),
        ("MATCH (a {id: 5})-->(v)<--(b {id: 9}) RETURN v", &["NodePropertySeek", "Expand", "Expand", "Filter"]),
    ] {
        let operators = operators(&graph, text);
        assert_eq!(operators[..begin.len()], *begin, "{text}");
    }
}

#[test]
fn an_explained_query_does_not_run() {
    let graph = inventory();
    let answer = graph.ask("EXPLAIN MATCH (r:R) RETURN 1 / 0 AS x");
    assert!(answer.rows.is_empty());
    assert_eq!(answer.columns, ["x".into()]);
    assert_eq!(operators(&graph, "MATCH (r:R) RETURN 1 / 0 AS x"), ["NodeByLabelScan", "Projection", "ProduceResults"]);
}

#[test]
fn a_profiled_query_tells_what_each_operator_did() {
    let graph = inventory();
    let answer =
        graph.ask("PROFILE MATCH (v:Vpc)<-[:IN]-(r) WHERE r.id >= 30 RETURN v.id, count(*) AS n ORDER BY n DESC LIMIT 3");
    assert_eq!(answer.rows.len(), 3);
    insta::assert_snapshot!(answer.plan.unwrap(), @r"
    operator        | details        | estimated rows |       rows |      steps
    ProduceResults  | v.id, n        |              1 |          3 |          0
    Top             | n DESC LIMIT 3 |              1 |          3 |          4
    Projection      | count(*) AS n  |              1 |          4 |          0
    Aggregation     | v.id, count(*) |              1 |          4 |         14
    Filter          | r.id >= 30     |              2 |         10 |          0
    Expand          | (v)<-[:IN]-(r) |              4 |         36 |         36
    NodeByLabelScan | v:Vpc          |              4 |          4 |          4
    ");
}

#[test]
fn what_runs_for_each_row_is_indented() {
    let graph = inventory();
    let text = "EXPLAIN MATCH (v:Vpc {id: $id}) OPTIONAL MATCH (v)<-[r:IN*1..2 {weight: 1}]-(x) WHERE EXISTS { MATCH (x)-->(:R) } \
                WITH DISTINCT x.id AS id, CASE WHEN v IS NULL THEN 'no' ELSE [y IN r WHERE y.weight > 2] END AS c SKIP 2 \
                RETURN id, c UNION MATCH p = shortestPath((a:Vpc)-[*..3]-(b {id: 1})) WHERE length(p) > 1 RETURN a.id AS id, p AS c";
    let plan = graph.ask_with(text, &[("id", 1.into())]).unwrap().plan.unwrap();
    insta::assert_snapshot!(plan, @r#"
    operator           | details                                                                             | estimated rows
    ProduceResults     | id, c                                                                               |              5
    Union              |                                                                                     |              5
      Projection       | a.id AS id, p AS c                                                                  |              4
      ShortestPath     | (a)-[*1..3]-(b) WHERE length(p) > 1                                                 |              4
      NodeByLabelScan  | a:Vpc                                                                               |              4
      NodePropertySeek | b.id = 1                                                                            |              1
    Skip               | 2                                                                                   |              1
    Distinct           | id, c                                                                               |              1
    Projection         | x.id AS id, CASE WHEN v IS NULL THEN "no" ELSE [y IN r WHERE y.weight > 2] END AS c |              1
    Optional           |                                                                                     |              1
      Filter           | EXISTS {..}                                                                         |              0
        Exists         |                                                                                     |              0
        Filter         | anonymous_3:R                                                                       |              0
        Expand         | (x)-[]->()                                                                          |              1
        Argument       |                                                                                     |              1
      VarLengthExpand  | (v)<-[r:IN*1..2]-(x) WHERE r.weight = 1                                             |              1
      Argument         |                                                                                     |              1
    Filter             | v:Vpc                                                                               |              1
    NodePropertySeek   | v.id = $id                                                                          |              1
    "#);
}

#[test]
fn a_plan_is_written_as_json() {
    let graph = inventory();
    let plan = graph.ask("PROFILE MATCH (v:Vpc) RETURN count(*) AS n").plan.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&plan).unwrap(), @r#"
    {
      "operator": "ProduceResults",
      "details": "n",
      "estimated_rows": 1,
      "rows": 1,
      "steps": 0,
      "children": [
        {
          "operator": "Projection",
          "details": "count(*) AS n",
          "estimated_rows": 1,
          "rows": 1,
          "steps": 0,
          "children": [
            {
              "operator": "CountsOfGraph",
              "details": "count(*)",
              "estimated_rows": 1,
              "rows": 1,
              "steps": 1,
              "children": []
            }
          ]
        }
      ]
    }
    "#);
}
