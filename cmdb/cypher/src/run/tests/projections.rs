//! WITH and RETURN.

use super::graph::TestGraph;
use crate::error::Error;
use crate::limits::{Cancellation, Limits, TextLimits};
use crate::statement::Statement;
use crate::value::Value;

fn numbers(text: &str) -> Vec<String> {
    TestGraph::new(&[], &[]).rows(text)
}

#[test]
fn nulls_are_the_largest_value_of_an_order() {
    assert_eq!(numbers("UNWIND [2, null, 1] AS x RETURN x ORDER BY x"), ["1", "2", "null"]);
    assert_eq!(numbers("UNWIND [2, null, 1] AS x RETURN x ORDER BY x DESC"), ["null", "2", "1"]);
    assert_eq!(numbers("UNWIND [2, null, 1] AS x RETURN x ORDER BY x DESC LIMIT 1"), ["null"]);
}

#[test]
fn rows_with_equal_keys_keep_their_order_also_where_only_the_first_are_kept() {
    let all = numbers("UNWIND range(0, 9999) AS x RETURN x ORDER BY x % 7, x % 3");
    assert_eq!(numbers("UNWIND range(0, 9999) AS x RETURN x ORDER BY x % 7, x % 3 SKIP 5 LIMIT 3000"), all[5..3_005]);
}

#[test]
fn skip_and_limit_take_parameters_and_refuse_what_is_no_count() {
    let graph = TestGraph::new(&[], &[]);
    let text = "UNWIND range(1, 9) AS x RETURN x SKIP $skip LIMIT $limit";
    let ask = |skip: Value, limit: Value| graph.ask_with(text, &[("skip", skip), ("limit", limit)]);
    let found = ask(2.into(), 3.into()).unwrap();
    assert_eq!(graph.shown(&found), ["3", "4", "5"]);
    for wrong in [Value::from(-1), Value::from(1.5), Value::Null, Value::from("1")] {
        let found = ask(0.into(), wrong.clone());
        assert!(matches!(found, Err(Error::Value { .. })), "{wrong:?}: {found:?}");
    }
    assert_eq!(ask((-1).into(), 1.into()).unwrap_err().to_string(), "SKIP: expected an integer from 0, found the integer -1");
}

#[test]
fn a_limit_in_the_middle_stops_only_what_comes_before_it() {
    assert_eq!(numbers("UNWIND [1, 2, 3] AS x WITH x LIMIT 2 UNWIND [10, 20] AS y RETURN x + y"), ["11", "21", "12", "22"]);
    assert_eq!(numbers("UNWIND [1, 2, 3] AS x WITH x LIMIT 2 RETURN sum(x)"), ["3"]);
    assert_eq!(numbers("UNWIND [1, 2, 3] AS x WITH x ORDER BY x DESC LIMIT 2 RETURN collect(x)"), ["[3,2]"]);
    assert_eq!(numbers("UNWIND [1, 2, 3] AS x WITH x LIMIT 0 RETURN count(x)"), ["0"]);
}

#[test]
fn distinct_takes_null_for_null_and_one_for_one_point_zero() {
    assert_eq!(numbers("UNWIND [1, null, 1.0, null, 2] AS x RETURN DISTINCT x"), ["1", "null", "2"]);
    assert_eq!(numbers("UNWIND [[1, null], [1.0, null]] AS x RETURN DISTINCT x"), ["[1,null]"]);
}

#[test]
fn union_leaves_out_what_came_before_and_union_all_does_not() {
    assert_eq!(numbers("UNWIND [1, 1] AS x RETURN x UNION UNWIND [1, 2] AS x RETURN x"), ["1", "2"]);
    assert_eq!(numbers("UNWIND [1, 1] AS x RETURN x UNION ALL UNWIND [1, 2] AS x RETURN x"), ["1", "1", "1", "2"]);
}

#[test]
fn unwinding_null_gives_nothing_and_a_single_value_itself() {
    assert_eq!(numbers("UNWIND null AS x RETURN x"), [""; 0]);
    assert_eq!(numbers("UNWIND [] AS x RETURN x"), [""; 0]);
    assert_eq!(numbers("WITH [[1, 2], [3]] AS lists UNWIND lists AS list UNWIND list AS x RETURN x"), ["1", "2", "3"]);
}

#[test]
fn an_answer_with_more_rows_than_allowed_is_an_error() {
    let mut limits = Limits::default();
    limits.rows = 3;
    let graph = TestGraph::new(&[], &[]);
    let ask = |text: &str| {
        let statement = Statement::parse(text, &TextLimits::default()).unwrap();
        statement.run(&graph, &std::collections::BTreeMap::new(), limits, &Cancellation::default())
    };
    assert_eq!(ask("UNWIND [1, 2, 3] AS x RETURN x").unwrap().rows.len(), 3);
    let found = ask("UNWIND [1, 2, 3, 4] AS x RETURN x");
    assert!(matches!(found, Err(Error::Limit { limit: 3, .. })), "{found:?}");
}

#[test]
fn a_missing_parameter_is_refused_before_anything_runs() {
    let found = TestGraph::new(&[], &[]).ask_with("RETURN 1 / 0 UNION RETURN $x AS `1 / 0`", &[]).unwrap_err();
    assert_eq!(found.to_string(), "the parameter $x: expected a value, found none");
}
