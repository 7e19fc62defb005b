//! What is refused before it runs.

use std::collections::BTreeMap;

use dharmagraph_cypher::{Cancellation, Error, Limits, Statement, TextLimits, guard};

use super::parse;
use crate::graph::RingGraph;
use crate::workers::on_small_stack;

/// What would change a graph, or reach beyond it.
const FORBIDDEN: [&str; 14] = [
    "CREATE (n) RETURN n",
    "MATCH (n) CREATE (n)-[:T]->(m)",
    "MERGE (n {id: 1}) RETURN n",
    "MATCH (n) SET n.x = 1",
    "MATCH (n) SET n:Label",
    "MATCH (n) REMOVE n.x",
    "MATCH (n) DELETE n",
    "MATCH (n) DETACH DELETE n RETURN 1",
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "CALL db.labels()",
    "CALL dbms.killQueries([]) YIELD queryId RETURN queryId",
    "MATCH (n) CALL apoc.load.json('http://localhost') YIELD value RETURN value",
    "RETURN 1 AS x UNION CREATE (n) RETURN 1 AS x",
    "MATCH (n) WHERE EXISTS { MATCH (n) SET n.x = 1 } RETURN n",
];

#[test]
fn a_query_that_writes_or_calls_is_forbidden() {
    for text in FORBIDDEN {
        for mode in ["", "EXPLAIN ", "PROFILE ", "// RETURN\n", "/* RETURN 1 */ "] {
            let text = format!("{mode}{text}");
            let found = parse(&text, &TextLimits::default());
            assert!(matches!(found, Err(Error::Forbidden { .. })), "{text}: {found:?}");
            let found = guard::check(&text, &TextLimits::default());
            assert!(matches!(found, Err(Error::Forbidden { .. })), "the guard: {text}: {found:?}");
        }
    }
}

#[test]
fn a_query_that_reads_passes_the_guard() {
    let texts = [
        "MATCH (n) RETURN n",
        "MATCH (n) WHERE n.name = 'CREATE (x)' RETURN n.`DELETE` AS `SET`",
        "MATCH (create:Delete) RETURN create",
        "MATCH (n) WHERE EXISTS { MATCH (n)-->() } RETURN COUNT { (n)--() }",
        "EXPLAIN MATCH (n) RETURN n;",
    ];
    for text in texts {
        assert_eq!(guard::check(text, &TextLimits::default()), Ok(()), "{text}");
    }
}

#[test]
fn a_query_with_a_clause_that_is_not_known_is_refused_at_its_place() {
    for text in [
        "MATCH (n) FOREACH (x IN [n] | SET x.seen = true)",
        "MATCH (n) CALL { WITH n RETURN 1 AS one } RETURN one",
        "MATCH (n) CALL (n) { RETURN 1 AS one } RETURN one",
    ] {
        let Err(Error::Unsupported { position, .. }) = parse(text, &TextLimits::default()) else {
            panic!("{text} is not refused as unsupported")
        };
        assert_eq!((position.line, position.column), (1, 11), "{text}");
    }
}

#[test]
fn two_statements_are_refused() {
    for text in ["RETURN 1; RETURN 2", "RETURN 1; MATCH (n) DETACH DELETE n", "RETURN 1;;"] {
        for found in [parse(text, &TextLimits::default()).map(drop), guard::check(text, &TextLimits::default())] {
            assert!(
                matches!(found, Err(Error::Query { .. } | Error::Forbidden { .. } | Error::Unsupported { .. })),
                "{text}: {found:?}"
            );
        }
    }
}

#[test]
fn an_administration_command_is_refused() {
    for text in [
        "CREATE INDEX FOR (n:Label) ON (n.id)",
        "DROP DATABASE neo4j",
        "SHOW USERS",
        "USE other MATCH (n) RETURN n",
        "START DATABASE x",
    ] {
        for found in [parse(text, &TextLimits::default()).map(drop), guard::check(text, &TextLimits::default())] {
            assert!(
                matches!(found, Err(Error::Forbidden { .. } | Error::Query { .. } | Error::Unsupported { .. })),
                "{text}: {found:?}"
            );
        }
    }
}

#[test]
fn a_text_without_a_query_is_refused() {
    for text in
        ["", " ", ";", "// nothing", "/*", "'", "\"", "`", "\0", "$", "RETURN", "MATCH (n)", "\u{feff}", "RETURN 'a\u{0}b"]
    {
        let found = parse(text, &TextLimits::default());
        assert!(matches!(found, Err(Error::Query { .. })), "{text:?}: {found:?}");
    }
}

#[test]
fn a_text_that_is_too_large_is_refused() {
    for text in [
        format!("RETURN '{}'", "x".repeat(1 << 20)),
        format!("RETURN [{}1]", "1,".repeat(1 << 19)),
        "x".repeat(1 << 20),
        "MATCH ".repeat(1 << 18),
    ] {
        for found in [parse(&text, &TextLimits::default()).map(drop), guard::check(&text, &TextLimits::default())] {
            assert!(matches!(found, Err(Error::Limit { .. })), "{} bytes: {found:?}", text.len());
        }
    }
}

/// Texts that are nested so deep.
fn nested(depth: usize) -> Vec<String> {
    let within =
        |open: &str, middle: &str, close: &str| format!("RETURN {}{middle}{} AS x", open.repeat(depth), close.repeat(depth));
    vec![
        within("(", "1", ")"),
        within("[", "1", "]"),
        within("{a: ", "1", "}"),
        within("NOT ", "true", ""),
        within("-", "1", ""),
        within("- ", "1", ""),
        within("1 + ", "1", ""),
        within("1 ^ ", "1", ""),
        within("true AND ", "true", ""),
        within("true OR (", "true", ")"),
        within("1 < ", "1", ""),
        within("size(", "'a'", ")"),
        within("CASE WHEN true THEN ", "1", " END"),
        within("CASE ", "1", " WHEN 1 THEN 1 END"),
        within("[x IN ", "[1]", " | x]"),
        within("[x IN [1] | ", "1", "]"),
        within("all(x IN [1] WHERE ", "true", ")"),
        within("reduce(a = ", "1", ", x IN [1] | a)"),
        within("", "{a: 1}", ".a"),
        within("", "[1]", "[0]"),
        within("", "[1]", "[0..1]"),
        within("", "1", " IS NULL"),
        within("", "n", ":A"),
        within("n {a: ", "1", "}"),
        within("EXISTS { RETURN ", "1", " }"),
        within("EXISTS { (a)-->(b) WHERE ", "true", " }"),
        within("EXISTS { (a)-->({x: ", "1", "}) }"),
        within("COUNT { MATCH (n) WHERE ", "true", " }"),
        within("COLLECT { RETURN ", "1", " }"),
        within("[(a)-->(b) WHERE ", "true", " | 1]"),
        within("[(a)-->(b) | ", "1", "]"),
        within("[p = (a)-->(b) | ", "1", "]"),
        within("[(a)-->() WHERE (a)-->({y: ", "1", "}) | 1]"),
        within("(a)-->({x: ", "1", "})"),
        within("(a)-[{x: ", "1", "}]->()"),
        within("({x: ", "1", "})-->(a)"),
        within("shortestPath((a)-[*{x: ", "1", "}]->(b))"),
        format!("MATCH {} RETURN 1", "(n)-->".repeat(depth) + "(n)"),
        format!("MATCH {} RETURN 1", "(),".repeat(depth) + "(n)"),
        format!("MATCH (n:{}A{}) RETURN 1", "(".repeat(depth), ")".repeat(depth)),
        format!("MATCH (n:{}A) RETURN 1", "!".repeat(depth)),
        format!("MATCH (n:{}A) RETURN 1", "A|".repeat(depth)),
        format!("MATCH {}(n){} RETURN 1", "(".repeat(depth), ")".repeat(depth)),
        format!("RETURN 1 AS x{}", " UNION RETURN 1 AS x".repeat(depth)),
        format!("{}RETURN 1 AS x", "WITH 1 AS x ".repeat(depth)),
        format!("{}RETURN 1 AS x", "UNWIND [1] AS x ".repeat(depth)),
        format!("{}RETURN 1 AS x", "MATCH (n) ".repeat(depth)),
        format!("{}RETURN 1 AS x{}", "CALL { ".repeat(depth), " }".repeat(depth)),
        "(".repeat(depth),
        "/*".repeat(depth),
        "'".repeat(depth),
    ]
}

#[test]
fn a_text_that_is_nested_deeply_overflows_no_stack() {
    // Room for 20,000 operators, whatever the limit of bytes.
    let mut wide = TextLimits::default();
    wide.bytes = 200_000;
    let graph = RingGraph { nodes: 1, reach: 0 };
    for depth in [16, 25, 32, 42, 63, 64, 127, 128, 1_000, 2_000, 20_000] {
        for text in nested(depth) {
            let begin = format!("{}.., {depth} deep", text.get(..60).unwrap_or(&text));
            for limits in [TextLimits::default(), wide] {
                let checked = on_small_stack(|| guard::check(&text, &limits)).unwrap();
                let ran = on_small_stack(|| {
                    let statement = Statement::parse(&text, &limits)?;
                    statement.run(&graph, &BTreeMap::new(), Limits::default(), &Cancellation::default())
                });
                // What is long rather than deep, such as a chain of clauses, may pass.
                if let Err(error) = checked.and(ran.unwrap().map(drop)) {
                    assert!(!matches!(error, Error::Timeout { .. } | Error::Forbidden { .. }), "{begin}: {error:?}");
                }
            }
        }
    }
}

#[test]
fn brackets_inside_each_other_are_refused_beyond_the_limit_and_fine_within_it() {
    let limits = TextLimits::default();
    for (open, close) in [("(", ")"), ("[", "]"), ("NOT (", ")"), ("size([", "])"), ("-(", ")"), ("CASE WHEN true THEN ", " END")]
    {
        let nested = |depth| format!("RETURN {}null{} AS x", open.repeat(depth), close.repeat(depth));
        let found = parse(&nested(limits.nesting / 4), &limits);
        assert!(found.is_ok(), "{open}: {found:?}");
        let found = parse(&nested(limits.nesting * 2), &limits);
        assert!(matches!(found, Err(Error::Limit { .. })), "{open}: {found:?}");
    }
}

#[test]
fn a_wrong_name_or_type_is_told_with_its_place() {
    for text in [
        "MATCH (n)\nRETURN m",
        "RETURN\nnot_a_function(1)",
        "RETURN 1 AS x,\n2 AS x",
        "MATCH (n)\nMATCH ()-[n]->() RETURN n",
        "RETURN\n1 AND 2",
    ] {
        let Err(Error::Query { position, .. }) = parse(text, &TextLimits::default()) else { panic!("not refused: {text}") };
        assert_eq!(position.line, 2, "{text}: {position}");
    }
}
