//! Texts that nobody wrote.

use std::collections::BTreeMap;
use std::time::Duration;

use dharmagraph_cypher::{Cancellation, Limits, Statement, TextLimits, Value, guard};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::graph::RingGraph;
use crate::workers::on_small_stack;

/// Words, signs and literals of the language.
const TOKENS: &[&str] = &[
    "MATCH",
    "OPTIONAL MATCH",
    "WHERE",
    "RETURN",
    "WITH",
    "UNWIND",
    "AS",
    "ORDER BY",
    "SKIP",
    "LIMIT",
    "DISTINCT",
    "UNION",
    "ALL",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "AND",
    "OR",
    "XOR",
    "NOT",
    "IN",
    "IS NULL",
    "IS NOT NULL",
    "STARTS WITH",
    "CONTAINS",
    "EXISTS",
    "COUNT",
    "COLLECT",
    "CALL",
    "CREATE",
    "SET",
    "DELETE",
    "EXPLAIN",
    "PROFILE",
    "shortestPath",
    "all",
    "any",
    "reduce",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    "..",
    ":",
    ";",
    "|",
    "*",
    "+",
    "-",
    "/",
    "%",
    "^",
    "=",
    "<>",
    "<",
    ">",
    "<=",
    ">=",
    "=~",
    "->",
    "<-",
    "--",
    "-->",
    "+=",
    "!",
    "&",
    "$p",
    "$1",
    "$",
    "n",
    "m",
    "r",
    "`n`",
    "Label",
    "NEXT",
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "1.5",
    "9223372036854775808",
    "0x1F",
    "1e999",
    "'text'",
    "\"text\"",
    "'",
    "\\",
    "é",
    "\u{0}",
    "/*",
    "//",
    "id",
    "count(*)",
    "size(",
    "range(1, 3)",
    "collect(n)",
    "date('2024-02-30')",
    "datetime()",
    "duration('P1M')",
    "toInteger(",
    "labels(n)",
    "(n)",
    "-[r]->",
    "(n)-[r:NEXT*1..2]->(m)",
    "n.name",
    "[x IN range(1, 3) | x]",
];

/// Queries that are right until a token of them is changed.
const QUERIES: &[&str] = &[
    "MATCH ( n ) - [ r : NEXT * 1 .. 2 ] -> ( m ) WHERE id( n ) < 3 RETURN n , r , m ORDER BY id( m ) DESC SKIP 1 LIMIT 3",
    "MATCH p = ( a ) --> ( b ) OPTIONAL MATCH ( b ) --> ( c { name : $p } ) RETURN p , length( p ) , c . name",
    "UNWIND [ 1 , 2.5 , 'a' , null , [ 1 ] , { a : 1 } ] AS x WITH DISTINCT x ORDER BY x WHERE x IS NOT NULL RETURN collect( x ) AS l",
    "RETURN CASE $p WHEN 1 THEN 'one' ELSE reduce( s = 0 , x IN range( 1 , 5 ) | s + x ) END AS y , [ x IN [ 1 , 2 ] WHERE x > 1 | x ^ 2 ] AS z",
    "MATCH ( n ) WHERE EXISTS { ( n ) --> ( m ) WHERE id( m ) = 2 } OR COUNT { ( n ) -- ( ) } > 3 RETURN n { . * , a : 1 } AS m",
    "MATCH ( a ) , ( b ) WHERE id( a ) = 0 AND id( b ) = 5 MATCH q = shortestPath( ( a ) - [ * .. 6 ] -> ( b ) ) RETURN nodes( q ) [ 1 .. 2 ] AS x",
    "RETURN date( '2024-02-29' ) + duration( 'P1Y2M' ) AS d , datetime( { year : 2024 , month : 3 } ) . day AS e , 'a' + 1 AS f",
    "RETURN 1 AS x UNION ALL RETURN 2 AS x UNION ALL UNWIND range( 1 , 3 ) AS x RETURN sum( x ) + avg( x ) AS x",
    "WITH 'Text' AS s RETURN toUpper( s ) , substring( s , 1 , 2 ) , split( s , 'x' ) , s =~ '.*x' , s STARTS WITH 'T' , split( s , 'x' ) [ 0 ] AS c",
];

/// Reads a text and, where it is a query, runs it.
fn use_text(text: &str) -> Result<(), String> {
    let mut limits = Limits::default();
    (limits.timeout, limits.expansions, limits.memory) = (Duration::from_secs(5), 100_000, 1 << 20);
    let parameters = BTreeMap::from([("p".into(), Value::Integer(1)), ("1".into(), Value::String("one".into()))]);
    on_small_stack(|| {
        drop(guard::check(text, &TextLimits::default()));
        if let Ok(statement) = Statement::parse(text, &TextLimits::default()) {
            drop(statement.run(&RingGraph { nodes: 8, reach: 2 }, &parameters, limits, &Cancellation::default()));
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_tokens_is_answered_or_refused(tokens in vec(select(TOKENS), 0..40)) {
        prop_assert_eq!(use_text(&tokens.join(" ")), Ok(()));
    }

    #[test]
    fn a_query_with_some_tokens_changed_is_answered_or_refused(
        query in select(QUERIES),
        changes in vec((any::<Index>(), 0..3_u8, select(TOKENS)), 1..4),
    ) {
        let mut tokens: Vec<_> = query.split(' ').collect();
        for (place, change, token) in changes {
            let place = place.index(tokens.len());
            match change {
                0 => _ = tokens.remove(place),
                1 => tokens[place] = token,
                _ => tokens.insert(place, token),
            }
        }
        prop_assert_eq!(use_text(&tokens.join(" ")), Ok(()));
    }

    #[test]
    fn any_text_is_answered_or_refused(text in any::<String>()) {
        prop_assert_eq!(use_text(&text), Ok(()));
        prop_assert_eq!(use_text(&format!("RETURN '{text}' AS x, `{text}`")), Ok(()));
    }
}

#[test]
fn the_queries_to_change_are_right() {
    for text in QUERIES {
        let found = Statement::parse(text, &TextLimits::default());
        assert!(found.is_ok(), "{text}: {found:?}");
    }
}
