use std::cmp::Ordering;

use super::call;
use crate::temporal::{Temporal, add, compare, divide, multiply, order, subtract};
use crate::value::Value;

fn temporal(text: &str) -> Value {
    call(text).unwrap()
}

fn shown(value: crate::Result<Value>) -> String {
    match value {
        Ok(Value::Temporal(temporal)) => temporal.to_string(),
        Ok(other) => format!("{other:?}"),
        Err(error) => error.to_string(),
    }
}

const LONG: &str = "duration({years: 12, months: 5, days: 14, hours: 16, minutes: 12, seconds: 70, nanoseconds: 2})";
const MIXED: &str = "duration({months: 1, days: -14, hours: 16, minutes: -12, seconds: 70})";
const BROKEN: &str =
    "duration({years: 12.5, months: 5.5, days: 14.5, hours: 16.5, minutes: 12.5, seconds: 70.5, nanoseconds: 3})";

#[test]
fn durations_move_dates_and_times() {
    for (moved, duration, sum, difference) in [
        ("date('1984-10-11')", LONG, "1997-03-25", "1972-04-27"),
        ("date('1984-10-11')", MIXED, "1984-10-28", "1984-09-25"),
        ("date('1984-10-11')", BROKEN, "1997-10-11", "1971-10-12"),
        ("localtime('12:31:14.000000001')", LONG, "04:44:24.000000003", "20:18:03.999999999"),
        ("time('12:31:14.000000001+01:00')", MIXED, "04:20:24.000000001+01:00", "20:42:04.000000001+01:00"),
        (
            "localdatetime('1984-10-11T12:31:14.000000001')",
            BROKEN,
            "1997-10-11T22:29:27.500000004",
            "1971-10-12T02:33:00.499999998",
        ),
        (
            "datetime('1984-10-11T12:31:14.000000001+01:00')",
            LONG,
            "1997-03-26T04:44:24.000000003+01:00",
            "1972-04-26T20:18:03.999999999+01:00",
        ),
        (LONG, MIXED, "P12Y6MT32H2M20.000000002S", "P12Y4M28DT24M0.000000002S"),
        (LONG, BROKEN, "P25Y4M43DT50H11M23.500000005S", "P-6M-15DT-17H-45M-3.500000001S"),
    ] {
        let (moved, duration) = (temporal(moved), temporal(duration));
        assert_eq!(shown(add(&moved, &duration)), sum);
        assert_eq!(shown(add(&duration, &moved)), sum);
        assert_eq!(shown(subtract(&moved, &duration)), difference);
    }
}

#[test]
fn days_follow_the_calendar_and_hours_the_clock() {
    let before = temporal("datetime('2017-10-28T12:00[Europe/Stockholm]')");
    let moved = |duration: &str| shown(add(&before, &temporal(duration)));
    assert_eq!(moved("duration('P1D')"), "2017-10-29T12:00+01:00[Europe/Stockholm]");
    assert_eq!(moved("duration('PT24H')"), "2017-10-29T11:00+01:00[Europe/Stockholm]");
}

#[test]
fn durations_are_multiplied_and_divided_exactly() {
    let duration = temporal("duration({years: 12, months: 5, days: 14, hours: 16, minutes: 12, seconds: 70, nanoseconds: 1})");
    let (double, half) = ("P24Y10M28DT32H26M20.000000002S", "P6Y2M22DT13H21M8S");
    assert_eq!(shown(multiply(&duration, &Value::Integer(2))), double);
    assert_eq!(shown(multiply(&Value::Float(0.5), &duration)), half);
    assert_eq!(shown(divide(&duration, &Value::Integer(2))), half);
    assert_eq!(shown(divide(&duration, &Value::Float(0.5))), double);
    assert_eq!(shown(divide(&temporal("duration('P1M')"), &Value::Integer(3))), "P10DT3H29M42S");
    assert_eq!(shown(divide(&duration, &Value::Integer(0))), "a duration cannot be divided by zero");
}

#[test]
fn what_cannot_be_computed_is_said() {
    let (date, duration) = (temporal("date('2024-01-01')"), temporal("duration('P1D')"));
    assert_eq!(
        shown(add(&date, &date)),
        "cannot add: expected a duration and a temporal value, found the date 2024-01-01 and the date 2024-01-01"
    );
    assert_eq!(
        shown(subtract(&duration, &date)),
        "cannot subtract: expected a duration from a temporal value, found the duration P1D and the date 2024-01-01"
    );
    assert_eq!(
        shown(multiply(&date, &Value::Integer(2))),
        "cannot multiply: expected a duration and a number, found the date 2024-01-01 and the integer 2"
    );
    assert_eq!(shown(add(&date, &Value::Null)), "Null");
}

#[test]
fn values_beyond_the_last_year_are_refused() {
    let out_of_range = "the date is out of range: years reach from -999999999 to 999999999, and durations as far as 64 bits";
    for (moved, duration) in [
        ("date('+999999999-12-31')", "duration('P1D')"),
        ("date('-999999999-01-01')", "duration('-P1M')"),
        ("localdatetime('+999999999-12-31T23:00')", "duration('PT1H')"),
        ("datetime('+999999999-12-31T23:00[Europe/Stockholm]')", "duration('PT1H')"),
        ("date('2024-01-01')", "duration({days: 9223372036854775807})"),
        ("date('2024-01-01')", "duration({months: 9223372036854775807})"),
    ] {
        assert_eq!(shown(add(&temporal(moved), &temporal(duration))), out_of_range);
    }
}

fn compared(left: &str, right: &str) -> (Option<Ordering>, Ordering, bool) {
    match (temporal(left), temporal(right)) {
        (Value::Temporal(left), Value::Temporal(right)) => (compare(&left, &right), order(&left, &right), left == right),
        _ => panic!("both are temporal values"),
    }
}

#[test]
fn instants_are_compared_whatever_their_zones() {
    let (less, equal) = (Ordering::Less, Ordering::Equal);
    for (left, right, expected) in [
        ("date('1980-12-24')", "date('1984-10-11')", less),
        ("localtime('10:35')", "localtime('12:31:14.5')", less),
        ("time('10:00+01:00')", "time('09:35:14.5Z')", less),
        ("time('12:35:15+05:00')", "time('10:35-08:00')", less),
        ("datetime('1984-10-11T12:31+05:00')", "datetime('1984-10-11T12:31Z')", less),
        ("datetime('1984-10-11T12:31Z')", "datetime('1984-10-11T13:31+01:00')", less),
        ("datetime('1984-10-11T12:31Z')", "datetime('1984-10-11T12:31Z')", equal),
    ] {
        assert_eq!(compared(left, right), (Some(expected), expected, expected == equal), "{left} {right}");
    }
}

#[test]
fn durations_have_an_order_but_are_not_compared() {
    assert_eq!(compared("duration('P1M')", "duration('P31D')"), (None, Ordering::Less, false));
    assert_eq!(compared("duration('P1D')", "duration('PT24H')"), (None, Ordering::Greater, false));
    assert_eq!(compared("duration('PT1M')", "duration('PT60S')"), (None, Ordering::Equal, true));
}

#[test]
fn different_kinds_have_an_order_but_are_not_compared() {
    assert_eq!(compared("datetime('2024')", "date('1984')"), (None, Ordering::Less, false));
    assert_eq!(compared("duration('P1D')", "time('12:00')"), (None, Ordering::Greater, false));
}

#[test]
fn a_value_keeps_its_kind_in_memory() {
    assert!(size_of::<Temporal>() <= 64, "{}", size_of::<Temporal>());
}
