//! Queries that say the same in different words have the same answer, over any graph: the plans differ, the rows do not.

use std::collections::BTreeMap;

use dharmagraph_cypher::{NodeId, PropertyGraph, Value};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::graph::{InMemoryGraph, IndexedGraph, Properties};
use crate::outcome::Table;
use crate::scenario;

/// Each line holds queries of one meaning. What one of them can look up, prune or count in advance, another has to walk.
const SAME: &[&[&str]] = &[
    &[
        "MATCH (a {k: 1})-->(b) RETURN id(a) AS a, id(b) AS b",
        "MATCH (a)-->(b) WHERE a.k = 1 RETURN id(a) AS a, id(b) AS b",
        "MATCH (b)<--(a) WHERE 1 = a.k RETURN id(a) AS a, id(b) AS b",
        "MATCH (a) WITH a WHERE a.k = 1 MATCH (a)-->(b) RETURN id(a) AS a, id(b) AS b",
        "UNWIND [1] AS k MATCH (a {k: k})-[r]->(b) RETURN id(startNode(r)) AS a, id(endNode(r)) AS b",
    ],
    &[
        "MATCH (a) WHERE a.k IN [1, 'x', null, 1] RETURN id(a) AS a",
        "MATCH (a) WHERE a.k = 1 OR a.k = 'x' RETURN id(a) AS a",
        "MATCH (a) WHERE any(k IN [1, 'x'] WHERE k = a.k) RETURN id(a) AS a",
        "UNWIND [1, 'x', null] AS k MATCH (a) WHERE a.k = k RETURN id(a) AS a",
    ],
    &[
        "MATCH (a:A)-[*1..3]->(b) RETURN DISTINCT id(b) AS b",
        "MATCH p = (a:A)-[*1..3]->(b) WITH last(nodes(p)) AS b RETURN DISTINCT id(b) AS b",
        "MATCH (b)<-[*1..3]-(a) WHERE a:A WITH b, count(*) AS paths RETURN id(b) AS b",
        "MATCH (b) WHERE EXISTS { (:A)-[*1..3]->(b) } RETURN id(b) AS b",
        "MATCH (a:A)-->(b) RETURN id(b) AS b UNION MATCH (a:A)-->()-->(b) RETURN id(b) AS b UNION MATCH (a:A)-->()-->()-->(b) RETURN id(b) AS b",
    ],
    &[
        "MATCH (a)-[r:T*0..2]-(b:B) RETURN id(a) AS a, size(r) AS length, id(b) AS b",
        "MATCH (a:B) RETURN id(a) AS a, 0 AS length, id(a) AS b \
         UNION ALL MATCH (a)-[:T]-(b:B) RETURN id(a) AS a, 1 AS length, id(b) AS b \
         UNION ALL MATCH (a)-[:T]-()-[:T]-(b:B) RETURN id(a) AS a, 2 AS length, id(b) AS b",
    ],
    &[
        "MATCH (a)-[:T]->(b)-[:T]->(c) RETURN id(a) AS a, id(c) AS c",
        "MATCH (b)-[:T]->(c), (a)-[:T]->(b) RETURN id(a) AS a, id(c) AS c",
        "MATCH (a)-[r:T]->(b) MATCH (b)-[s:T]->(c) WHERE r <> s RETURN id(a) AS a, id(c) AS c",
        "MATCH (a)-[r:T*2..2]->(c) RETURN id(a) AS a, id(c) AS c",
    ],
    &[
        "MATCH (a:A) RETURN a.k AS k, count(*) AS n",
        "MATCH (a) WHERE a:A WITH a.k AS k, 1 AS one RETURN k, sum(one) AS n",
        "MATCH (a:A) WITH a.k AS k, collect(a) AS list RETURN k, size(list) AS n",
    ],
    &[
        "MATCH (a) RETURN count(*) AS nodes",
        "MATCH (a) RETURN count(a) AS nodes",
        "MATCH (a) WITH collect(a) AS list RETURN size(list) AS nodes",
        "RETURN COUNT { (a) } AS nodes",
    ],
    &[
        "MATCH ()-[r:T]->() RETURN count(r) AS n",
        "MATCH (a)<-[r]-(b) WHERE type(r) = 'T' RETURN count(*) AS n",
        "MATCH ()-[r:T]->() WITH collect(DISTINCT r) AS list RETURN size(list) AS n",
        "RETURN COUNT { ()-[:T]->() } AS n",
    ],
    &[
        "MATCH ()-[r]-() RETURN count(r) AS n",
        "MATCH (a)-[r]-(b) WITH a, r, b RETURN size(collect(r)) AS n",
        "MATCH (a)-[r]->(b) RETURN sum(CASE WHEN id(a) = id(b) THEN 1 ELSE 2 END) AS n",
    ],
    &[
        "MATCH (a) RETURN a.k AS k, id(a) AS a ORDER BY k, a LIMIT 3",
        "MATCH (a) WITH a.k AS k, id(a) AS a ORDER BY k, a WITH collect([k, a])[0..3] AS rows UNWIND rows AS row RETURN row[0] AS k, row[1] AS a",
        "MATCH (a) RETURN a.k AS k, id(a) AS a ORDER BY a.k ASC, id(a) SKIP 0 LIMIT 3",
    ],
    &[
        "MATCH (a:A) OPTIONAL MATCH (a)-[:T]->(b:B) RETURN id(a) AS a, id(b) AS b",
        "MATCH (a:A)-[:T]->(b:B) RETURN id(a) AS a, id(b) AS b \
         UNION ALL MATCH (a:A) WHERE NOT (a)-[:T]->(:B) RETURN id(a) AS a, null AS b",
    ],
    &[
        "MATCH (a), (b) WHERE a.k = b.k RETURN id(a) AS a, id(b) AS b",
        "MATCH (a) MATCH (b {k: a.k}) RETURN id(a) AS a, id(b) AS b",
        "MATCH (a) WITH a, [b IN COLLECT { MATCH (b) RETURN b } WHERE b.k = a.k] AS list UNWIND list AS b RETURN id(a) AS a, id(b) AS b",
    ],
    &[
        "MATCH (a:A), (b:B) WHERE a <> b MATCH p = shortestPath((a)-[*]->(b)) RETURN id(a) AS a, id(b) AS b, length(p) AS length",
        "MATCH p = (a:A)-[*]->(b:B) WHERE a <> b RETURN id(a) AS a, id(b) AS b, min(length(p)) AS length",
    ],
    &[
        "MATCH (a:A), (b:B) WHERE a <> b MATCH p = allShortestPaths((a)-[:T*]-(b)) RETURN id(a) AS a, id(b) AS b, count(p) AS paths",
        "MATCH p = (a:A)-[:T*]-(b:B) WHERE a <> b WITH a, b, length(p) AS length, count(*) AS paths ORDER BY length \
         WITH a, b, collect(paths)[0] AS paths RETURN id(a) AS a, id(b) AS b, paths",
    ],
    &[
        "MATCH (a:A) CALL { WITH a MATCH (a)-->(b) RETURN count(b) AS n } RETURN id(a) AS a, n",
        "MATCH (a:A) CALL (a) { MATCH (a)-->(b) RETURN count(b) AS n } RETURN id(a) AS a, n",
        "MATCH (a:A) RETURN id(a) AS a, COUNT { (a)-->() } AS n",
    ],
    &[
        "MATCH (a:A) CALL { WITH a MATCH (a)-->(b) RETURN b, b.k AS k UNION WITH a MATCH (a)<--(b) RETURN b, b.k AS k } \
         RETURN id(a) AS a, id(b) AS b, k",
        "MATCH (a:A)--(b) WITH DISTINCT a, b RETURN id(a) AS a, id(b) AS b, b.k AS k",
    ],
    &[
        "CALL { MATCH (a:A) RETURN a UNION ALL MATCH (a:B) RETURN a } WITH a WHERE a.k = 1 RETURN id(a) AS a",
        "MATCH (a:A {k: 1}) RETURN id(a) AS a UNION ALL MATCH (a:B {k: 1}) RETURN id(a) AS a",
    ],
    &[
        "MATCH (a) CALL (*) { WITH a.k AS k MATCH (b {k: k}) CALL { WITH b MATCH (b)-->(c) RETURN c.k AS l, c } RETURN b, c } \
         RETURN id(a) AS a, id(b) AS b, id(c) AS c",
        "MATCH (a) MATCH (b)-->(c) WHERE b.k = a.k RETURN id(a) AS a, id(b) AS b, id(c) AS c",
    ],
    &[
        "MATCH (a) RETURN id(a) AS a, size([(a)-->(b:B) | b]) AS n",
        "MATCH (a) RETURN id(a) AS a, COUNT { (a)-->(:B) } AS n",
        "MATCH (a) OPTIONAL MATCH (a)-->(b:B) RETURN id(a) AS a, count(b) AS n",
    ],
    &[
        "MATCH (a)-[:T|U]->(b) RETURN DISTINCT id(a) AS a, id(b) AS b",
        "MATCH (a)-[:T]->(b) RETURN id(a) AS a, id(b) AS b UNION MATCH (a)-[:U]->(b) RETURN id(a) AS a, id(b) AS b",
        "MATCH (a)-[r]->(b) WHERE type(r) IN ['T', 'U'] WITH DISTINCT a, b RETURN id(a) AS a, id(b) AS b",
    ],
    &[
        "MATCH (a:A&!B) RETURN id(a) AS a",
        "MATCH (a:A) WHERE NOT a:B RETURN id(a) AS a",
        "MATCH (a) WHERE 'A' IN labels(a) AND NOT 'B' IN labels(a) RETURN id(a) AS a",
    ],
    &[
        "MATCH (a)-[*2..4 {k: 1}]->(a) RETURN id(a) AS a",
        "MATCH (a)-[r*2..4]->(b) WHERE a = b AND all(x IN r WHERE x.k = 1) RETURN id(a) AS a",
    ],
];

#[derive(Debug, Clone)]
struct Plan {
    nodes: Vec<(Vec<&'static str>, Option<Value>)>,
    relationships: Vec<(Index, Index, &'static str, Option<Value>)>,
}

fn plans() -> impl Strategy<Value = Plan> {
    let value = || option::of(select(vec![Value::Integer(1), Value::Integer(2), Value::Float(1.0), Value::String("x".into())]));
    let labels = select(vec![vec![], vec!["A"], vec!["B"], vec!["A", "B"]]);
    let kind = select(vec!["T", "U"]);
    (vec((labels, value()), 1..7), vec((any::<Index>(), any::<Index>(), kind, value()), 0..9))
        .prop_map(|(nodes, relationships)| Plan { nodes, relationships })
}

fn build(plan: &Plan) -> InMemoryGraph {
    let mut graph = InMemoryGraph::default();
    let properties = |value: &Option<Value>| value.iter().map(|value| ("k".into(), value.clone())).collect::<Properties>();
    let nodes: Vec<NodeId> = plan.nodes.iter().map(|(labels, value)| graph.create_node(labels, properties(value))).collect();
    for (source, target, kind, value) in &plan.relationships {
        graph.create_relationship(*source.get(&nodes), *target.get(&nodes), kind, properties(value));
    }
    graph
}

fn answer(text: &str, graph: &dyn PropertyGraph) -> Table {
    let answer = scenario::run(text, graph, &BTreeMap::new());
    Table::of_answer(&answer.unwrap_or_else(|error| panic!("{text}: {error}")), graph, false)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn queries_of_one_meaning_have_one_answer(plan in plans()) {
        let graph = build(&plan);
        for queries in SAME {
            let expected = answer(queries[0], &graph);
            for query in *queries {
                for graph in [&graph as &dyn PropertyGraph, &IndexedGraph(&graph)] {
                    let compared = expected.compare(&answer(query, graph), false);
                    prop_assert_eq!(compared, Ok(()), "as of {}\nfound for {}", queries[0], query);
                }
            }
        }
    }
}
