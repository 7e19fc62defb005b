//! What holds for all values.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use crate::evaluate::testing::with_context;
use crate::temporal::parts::Kind;
use crate::temporal::select::known;
use crate::temporal::{FUNCTIONS, Temporal, add, compare, divide, multiply, order, property, subtract};
use crate::value::Value;

const CONSTRUCTORS: [&str; 6] = ["date", "localtime", "time", "localdatetime", "datetime", "duration"];

fn run(name: &str, arguments: &[Value]) -> crate::Result<Value> {
    let function = FUNCTIONS.iter().find(|function| function.name == name).unwrap();
    with_context(|context| (function.call)(arguments, context))
}

fn text(text: impl AsRef<str>) -> Value {
    Value::String(text.as_ref().into())
}

prop_compose! {
    fn date()(year in prop_oneof![-9999_i64..=9999, -999_999_999_i64..=999_999_999], day in 1_i64..=365) -> String {
        format!("{}{:04}-{day:03}", if year < 0 { "-" } else { "+" }, year.abs())
    }
}

prop_compose! {
    fn time()(hour in 0..24, minute in 0..60, second in 0..60, nanosecond in prop_oneof![Just(0), 0..1_000_000_000]) -> String {
        format!("{hour:02}:{minute:02}:{second:02}.{nanosecond:09}")
    }
}

fn zone() -> impl Strategy<Value = String> {
    prop_oneof![
        (0..=18 * 3600 - 1, any::<bool>()).prop_map(|(seconds, west)| {
            let sign = if west { '-' } else { '+' };
            format!("{sign}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
        }),
        Just("[Europe/Stockholm]".to_owned()),
        Just("[America/New_York]".to_owned()),
        Just("[Australia/Lord_Howe]".to_owned()),
    ]
}

/// Any temporal value but a duration.
fn point() -> impl Strategy<Value = Value> {
    (0..5_usize, date(), time(), zone()).prop_filter_map("the edges have no instant in every zone", |(kind, date, time, zone)| {
        let offset = if zone.starts_with('[') { "Z".to_owned() } else { zone.clone() };
        let source = match CONSTRUCTORS[kind] {
            "date" => date,
            "localtime" => time,
            "time" => time + &offset,
            "localdatetime" => format!("{date}T{time}"),
            _ => format!("{date}T{time}{zone}"),
        };
        run(CONSTRUCTORS[kind], &[text(source)]).ok()
    })
}

fn duration() -> impl Strategy<Value = Value> {
    let small = (-5000_i64..5000, -100_000_i64..100_000, -10_000_000_i64..10_000_000, any::<i32>());
    let large = (any::<i64>(), any::<i64>(), any::<i64>(), any::<i32>());
    prop_oneof![small, large].prop_filter_map("seconds may overflow", |(months, days, seconds, nanoseconds)| {
        let parts = [("months", months), ("days", days), ("seconds", seconds), ("nanoseconds", nanoseconds.into())];
        let map: BTreeMap<Arc<str>, Value> = parts.map(|(name, number)| (name.into(), Value::Integer(number))).into();
        run("duration", &[Value::Map(Arc::new(map))]).ok()
    })
}

fn any_temporal() -> impl Strategy<Value = Value> {
    prop_oneof![point(), duration()]
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![any::<i64>().prop_map(Value::Integer), any::<f64>().prop_map(Value::Float), (-9.0..9.0).prop_map(Value::Float)]
}

fn inner(value: &Value) -> Arc<Temporal> {
    match value {
        Value::Temporal(temporal) => Arc::clone(temporal),
        other => panic!("expected a temporal value, found {other:?}"),
    }
}

/// A value in a map for a constructor, more often right than wrong.
fn component() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => (1_i64..=12).prop_map(Value::Integer),
        2 => (-100_i64..10_000).prop_map(Value::Integer),
        1 => number(),
        2 => any_temporal(),
        1 => prop_oneof![Just("Europe/Stockholm"), Just("-02:05:07")].prop_map(text),
    ]
}

/// A map with keys that the constructor knows.
fn components(kind: usize) -> impl Strategy<Value = Value> {
    const DURATION: &[&[&str]] = &[&["years", "quarters", "months", "weeks", "days", "hours", "milliseconds", "nanoseconds"]];
    const KINDS: [Kind; 5] = [Kind::Date, Kind::LocalTime, Kind::Time, Kind::LocalDateTime, Kind::DateTime];
    let names = KINDS.get(kind).map_or(DURATION, |kind| known(*kind)).concat();
    prop::collection::btree_map(prop::sample::select(names).prop_map(Arc::from), component(), 0..6)
        .prop_map(|map| Value::Map(Arc::new(map)))
}

/// One of the first `kinds` constructors and a map for it.
fn described(kinds: usize) -> impl Strategy<Value = (&'static str, Value)> {
    (0..kinds).prop_flat_map(|kind| (Just(CONSTRUCTORS[kind]), components(kind)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_value_is_read_back_from_its_text(value in any_temporal()) {
        let value = inner(&value);
        let name = value.kind().replace(['-', ' '], "");
        let read = run(&name, &[text(value.to_string())]).unwrap();
        prop_assert_eq!(&*inner(&read), &*value);
    }

    #[test]
    fn no_text_makes_a_constructor_panic(source in "[-+0-9TWQPYMDHSZ:.,\\[\\]/a-z]{0,30}", kind in 0..6_usize) {
        if let Ok(value) = run(CONSTRUCTORS[kind], &[text(source)]) {
            let shown = inner(&value).to_string();
            prop_assert_eq!(inner(&run(CONSTRUCTORS[kind], &[text(shown)]).unwrap()), inner(&value));
        }
    }

    #[test]
    fn no_unicode_makes_a_constructor_panic(source in ".{0,20}", kind in 0..6_usize) {
        let _ = run(CONSTRUCTORS[kind], &[text(source)]);
    }

    #[test]
    fn what_a_map_describes_is_read_back_from_its_text((name, map) in described(CONSTRUCTORS.len())) {
        if let Ok(value) = run(name, &[map]) {
            let value = inner(&value);
            prop_assert_eq!(inner(&run(name, &[text(value.to_string())]).unwrap()), value);
        }
    }

    #[test]
    fn what_is_cut_stays_as_it_is_when_it_is_cut_again(
        value in any_temporal(),
        (name, map) in described(5),
        unit in prop::sample::select(&["millennium", "weekYear", "quarter", "week", "day", "hour", "microsecond"][..]),
    ) {
        let name = format!("{name}.truncate");
        let _ = run(&name, &[text(unit), value.clone(), map]);
        if let Ok(cut) = run(&name, &[text(unit), value]) {
            prop_assert_eq!(run(&name, &[text(unit), cut.clone()]).map(|again| inner(&again)), Ok(inner(&cut)));
        }
    }

    #[test]
    fn no_arithmetic_panics(left in any_temporal(), right in any_temporal(), factor in number()) {
        for compute in [add, subtract, multiply, divide] {
            let _ = compute(&left, &right);
            let _ = compute(&left, &factor);
            let _ = compute(&factor, &left);
        }
    }

    #[test]
    fn adding_what_is_between_two_instants_leads_from_one_to_the_other(left in point(), right in point()) {
        let same_kind = inner(&left).kind() == inner(&right).kind();
        let between = run("duration.between", &[left.clone(), right.clone()]);
        let seconds = run("duration.inseconds", &[left.clone(), right.clone()]);
        let _ = run("duration.inmonths", &[left.clone(), right.clone()]);
        let _ = run("duration.indays", &[left.clone(), right.clone()]);
        for duration in [between, seconds].into_iter().flatten().filter(|_| same_kind) {
            let Ok(reached) = add(&left, &duration) else { continue };
            let rest = run("duration.inseconds", &[reached, right.clone()]).unwrap();
            let rest = property(&inner(&rest), "seconds").unwrap();
            // Times of day begin again at midnight.
            let wraps = matches!(*inner(&left), Temporal::Time(_));
            let Value::Integer(seconds) = rest else { panic!("seconds are integers") };
            prop_assert!(seconds == 0 || (wraps && seconds % 86_400 == 0), "{} seconds are left", seconds);
        }
    }

    #[test]
    fn the_order_is_total_and_agrees_with_equality(values in prop::collection::vec(any_temporal(), 3)) {
        let [a, b, c] = [0, 1, 2].map(|index| inner(&values[index]));
        prop_assert_eq!(order(&a, &b), order(&b, &a).reverse());
        prop_assert_eq!(order(&a, &b) == Ordering::Equal, a == b);
        prop_assert_eq!(order(&a, &a), Ordering::Equal);
        if order(&a, &b).is_le() && order(&b, &c).is_le() {
            prop_assert!(order(&a, &c).is_le());
        }
        if let Some(compared) = compare(&a, &b) {
            prop_assert_eq!(compared, order(&a, &b));
        }
    }

    #[test]
    fn no_component_panics(value in any_temporal(), name in "[a-zA-Z]{0,12}") {
        for name in ["year", "week", "dayOfQuarter", "hour", "timezone", "epochSeconds", "epochMillis", "nanoseconds", &name] {
            let _ = property(&inner(&value), name);
        }
    }
}
