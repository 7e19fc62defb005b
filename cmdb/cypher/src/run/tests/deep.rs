//! The longest and deepest queries on the stack of a server's thread.

use std::thread;

use super::graph::TestGraph;
use crate::error::Error;
use crate::limits::TextLimits;
use crate::statement::Statement;

/// What a server's thread usually has.
const STACK: usize = 2 * 1024 * 1024;

fn rows_on_small_stack(text: String) -> crate::Result<usize> {
    let run = move || {
        let ring = TestGraph::new(&[(&["A"], 0)], &[(0, "NEXT", 0)]);
        let answer = ring.ask_with(&text, &[])?;
        if let Some(plan) = answer.plan {
            assert!(serde_json::to_string(&plan).unwrap().len() > 100);
            assert!(plan.to_string().contains("ProduceResults"));
        }
        Ok(answer.rows.len())
    };
    thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap()
}

/// As much of something as the limit on a query's length allows.
fn repeated(begin: &str, clause: &str, end: &str) -> String {
    let fits = |count: usize| {
        let text = format!("{begin} {} {end}", clause.repeat(count));
        !matches!(Statement::parse(&text, &TextLimits::default()), Err(Error::Limit { .. }))
    };
    let (mut most, mut beyond) = (1_usize, 201);
    while beyond - most > 1 {
        let middle = most.midpoint(beyond);
        *(if fits(middle) { &mut most } else { &mut beyond }) = middle;
    }
    format!("{begin} {} {end}", clause.repeat(most))
}

#[test]
fn the_longest_queries_fit_a_small_stack() {
    for (begin, clause, end) in [
        ("", "MATCH (a)-->(b) WITH a ", "RETURN a"),
        ("MATCH (a)", "OPTIONAL MATCH (a)-[*1..1]->() ", "RETURN a"),
        ("MATCH (a)", "UNWIND [1] AS x WITH a LIMIT 1 ", "RETURN a"),
        ("MATCH (a)", "WITH a LIMIT 1 ", "RETURN a"),
        ("MATCH (a)", ", ()", "RETURN a"),
        ("MATCH (a)", "MATCH shortestPath((a)-[*0..]->(a))", "RETURN a"),
        ("MATCH (a)", "WITH a ORDER BY a.id LIMIT 1 ", "RETURN a"),
        ("MATCH (a)", "WITH a, count(*) AS n ", "RETURN a"),
        ("MATCH (a) WHERE EXISTS {", "MATCH (a) MATCH (b) ", "}  RETURN a"),
    ] {
        let text = repeated(begin, clause, end);
        assert_eq!(rows_on_small_stack(text.clone()), Ok(1), "{text}");
        assert_eq!(rows_on_small_stack(format!("EXPLAIN {text}")), Ok(0), "{text}");
    }
}

#[test]
fn the_deepest_subqueries_fit_a_small_stack() {
    for (open, close) in [
        ("EXISTS { MATCH (a)-[*1..2]-() WHERE ", "}"),
        ("0 < COUNT { MATCH (a) WITH a WHERE ", "RETURN a }"),
        ("[1] = COLLECT { MATCH (a) WHERE ", "RETURN 1 }"),
        ("EXISTS { UNWIND [1] AS x WITH a WHERE (a.id = 0 OR NOT (", ")) RETURN a }"),
    ] {
        let text = |depth: usize| format!("MATCH (a) WHERE {} true {} RETURN a", open.repeat(depth), close.repeat(depth));
        let deepest = (1..).map(text).take_while(|text| Statement::parse(text, &TextLimits::default()).is_ok()).last();
        let text = deepest.unwrap();
        assert_eq!(rows_on_small_stack(text.clone()), Ok(1), "{text}");
    }
}

#[test]
fn a_query_beyond_the_limit_on_its_length_is_refused() {
    let text = format!("MATCH (a) {} RETURN a", "MATCH (a)-->() ".repeat(100));
    let found = rows_on_small_stack(text);
    assert!(matches!(found, Err(Error::Limit { limit: 200, .. })), "{found:?}");
}
