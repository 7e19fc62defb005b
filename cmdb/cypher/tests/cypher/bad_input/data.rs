//! What fails or is cut while it runs, because of what it makes or is given.

use std::collections::BTreeMap;

use dharmagraph_cypher::{Error, Value};

use super::ask;
use crate::graph::RingGraph;

const SMALL: RingGraph = RingGraph { nodes: 10, reach: 2 };

fn none() -> BTreeMap<String, Value> {
    BTreeMap::new()
}

#[test]
fn a_product_of_all_nodes_with_all_nodes_is_cut() {
    let graph = RingGraph { nodes: 100_000, reach: 1 };
    for text in [
        "MATCH (a), (b) WHERE id(a) + id(b) = -1 RETURN count(*)",
        "MATCH (a) MATCH (b) WHERE id(a) < id(b) RETURN a, b ORDER BY id(b) LIMIT 1",
        "MATCH (a), (b) RETURN DISTINCT a, b",
        "MATCH (a), (b) RETURN a, b",
        "MATCH (a) WITH collect(a) AS list UNWIND list AS x UNWIND list AS y RETURN count(x + y)",
    ] {
        let found = ask(text, &graph, &none());
        assert!(matches!(found, Err(Error::Limit { .. } | Error::Value { .. })), "{text}: {found:?}");
    }
}

#[test]
fn paths_of_any_length_through_a_dense_graph_are_cut() {
    let graph = RingGraph { nodes: 12, reach: 11 };
    for text in [
        "MATCH p = (a)-[*]->(b) RETURN count(p)",
        "MATCH p = (a)-[*]-(b) RETURN p",
        "MATCH (a)-[r*1..1000000000]->(a) RETURN max(size(r))",
        "MATCH p = (a)-[*20..]->(b) RETURN length(p) LIMIT 100000",
        "MATCH p = (a)-[*5..5]->(b)-[*5..5]->(c) RETURN collect(p)",
        "RETURN COUNT { ()-[*]->() } AS paths",
        "RETURN [p = ()-[*]->() | length(p)] AS lengths",
    ] {
        let found = ask(text, &graph, &none());
        assert!(matches!(found, Err(Error::Limit { .. })), "{text}: {found:?}");
    }
}

#[test]
fn a_missing_parameter_is_named() {
    for text in ["RETURN $wanted", "MATCH (n {id: $wanted}) RETURN n", "MATCH (n) RETURN n LIMIT $wanted"] {
        let Err(Error::Parameter { name, .. }) = ask(text, &SMALL, &none()) else { panic!("not refused: {text}") };
        assert_eq!(name, "wanted", "{text}");
    }
}

#[test]
fn a_parameter_of_the_wrong_type_is_refused() {
    let text = Value::String("text".into());
    for (query, value) in [
        ("MATCH (n) RETURN n LIMIT $wrong", text.clone()),
        ("MATCH (n) RETURN n LIMIT $wrong", Value::Integer(-1)),
        ("MATCH (n) RETURN n SKIP $wrong", Value::Float(1.5)),
        ("MATCH (n) RETURN n SKIP $wrong", Value::Null),
        ("UNWIND $wrong.key AS x RETURN x", Value::Integer(1)),
        ("RETURN 1 - $wrong AS x", text.clone()),
        ("RETURN $wrong AND true AS x", Value::Integer(1)),
        ("RETURN [1, 2][$wrong] AS x", text),
        ("MATCH (n) WHERE $wrong RETURN n", Value::Integer(1)),
        ("RETURN size($wrong) AS x", Value::Boolean(true)),
    ] {
        let found = ask(query, &SMALL, &BTreeMap::from([("wrong".into(), value.clone())]));
        assert!(matches!(found, Err(Error::Parameter { .. } | Error::Value { .. })), "{query}, {value:?}: {found:?}");
    }
}

#[test]
fn a_regular_expression_takes_time_in_proportion_to_the_text() {
    let text = Value::String(("a".repeat(20_000) + "!").into());
    for pattern in ["(a+)+$", "(a|a)*b", "(.*)*x", "((a*)*)*y"] {
        let parameters = BTreeMap::from([("text".into(), text.clone()), ("pattern".into(), Value::String(pattern.into()))]);
        let answer = ask("RETURN $text =~ $pattern AS matches", &SMALL, &parameters).unwrap();
        assert!(matches!(answer.rows[0][0], Value::Boolean(false)), "{pattern}: {:?}", answer.rows);
    }
}

#[test]
fn a_regular_expression_that_is_wrong_or_compiles_too_large_is_refused() {
    for pattern in ["(", "[", "*", "a{1000}{1000}{1000}", "(((\\pL{500}){500}){500})", "\\", "(?<x", "a{99999999999}"] {
        let parameters = BTreeMap::from([("pattern".into(), Value::String(pattern.into()))]);
        let found = ask("RETURN 'a' =~ $pattern AS matches", &SMALL, &parameters);
        assert!(matches!(found, Err(Error::Value { .. } | Error::Limit { .. })), "{pattern}: {found:?}");
    }
    let deep = "(".repeat(20_000) + &")".repeat(20_000);
    let found =
        ask("RETURN 'a' =~ $pattern AS matches", &SMALL, &BTreeMap::from([("pattern".into(), Value::String(deep.into()))]));
    assert!(matches!(found, Err(Error::Value { .. } | Error::Limit { .. })), "{found:?}");
}

#[test]
fn values_that_grow_are_cut() {
    for text in [
        "RETURN reduce(s = 'x', i IN range(1, 100) | s + s) AS s",
        "RETURN size(reduce(s = ['x'], i IN range(1, 100) | s + s)) AS s",
        "RETURN reduce(s = ['x'], i IN range(1, 10000) | [s, s]) AS s",
        "RETURN reduce(s = {a: 1}, i IN range(1, 100) | {a: s, b: s}) = reduce(s = {a: 1}, i IN range(1, 100) | {a: s, b: s}) AS s",
        "RETURN range(1, 1000000000000) AS all",
        "RETURN size(range(-9223372036854775807, 9223372036854775807)) AS size",
        "UNWIND range(1, 1000000000000) AS x RETURN count(x) AS rows",
        "UNWIND range(1, 1000000) AS x UNWIND range(1, 1000000) AS y RETURN count(*) AS rows",
        "UNWIND range(1, 100000) AS x RETURN x",
        "UNWIND range(1, 9000000) AS x WITH toString(x) + '................................' AS text RETURN count(DISTINCT text) AS n",
        "RETURN all(x IN range(1, 10000) WHERE all(y IN range(1, 10000) WHERE true)) AS holds",
        "RETURN size([x IN range(1, 10000) | [y IN range(1, 10000) | y]]) AS size",
        "WITH range(1, 9000) AS l RETURN size([x IN l | l + x]) AS s",
        "WITH reduce(s = 'ab', i IN range(1, 20) | s + s) AS s RETURN size(replace(s, 'a', s)) AS size",
        "WITH reduce(s = 'ab', i IN range(1, 20) | s + s) AS s RETURN size([x IN split(s, 'b') | s + x]) AS size",
    ] {
        let found = ask(text, &SMALL, &none());
        assert!(matches!(found, Err(Error::Limit { .. } | Error::Value { .. })), "{text}: {found:?}");
    }
}

#[test]
fn numbers_that_do_not_fit_are_errors() {
    for text in [
        "RETURN 9223372036854775807 + 1 AS x",
        "RETURN -9223372036854775808 - 1 AS x",
        "RETURN 9223372036854775807 * 2 AS x",
        "WITH -9223372036854775808 AS x RETURN -x AS y",
        "WITH -9223372036854775808 AS x RETURN x / -1 AS y",
        "RETURN 1 / 0 AS x",
        "RETURN 1 % 0 AS x",
        "RETURN 9223372036854775808 AS x",
        "RETURN 1e400 AS x",
        "UNWIND [9223372036854775807, 1] AS x RETURN sum(x) AS s",
        "RETURN range(1, 10, 0) AS x",
    ] {
        let found = ask(text, &SMALL, &none());
        assert!(matches!(found, Err(Error::Value { .. } | Error::Query { .. })), "{text}: {found:?}");
    }
    for text in [
        "WITH -9223372036854775808 AS x RETURN x % -1 AS y",
        "WITH -9223372036854775808 AS x RETURN abs(x) AS y, toInteger(1e300) AS z, [1][9223372036854775807] AS w, substring('abc', 9223372036854775807) AS v",
    ] {
        // An answer or an error, but no panic.
        drop(ask(text, &SMALL, &none()));
    }
}
