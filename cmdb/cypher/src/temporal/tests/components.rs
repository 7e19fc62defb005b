use super::call;
use crate::temporal::property;
use crate::value::Value;

/// Each component of what the call gives, as text.
fn components(text: &str, names: &str) -> String {
    let Value::Temporal(temporal) = call(text).unwrap() else { panic!("a temporal value") };
    let shown = |name: &str| match property(&temporal, name) {
        Ok(Value::Integer(number)) => number.to_string(),
        Ok(Value::String(text)) => text.to_string(),
        Ok(other) => format!("{other:?}"),
        Err(error) => error.to_string(),
    };
    names.split(' ').map(shown).collect::<Vec<_>>().join(" ")
}

#[test]
fn dates_have_components_of_every_calendar() {
    let names = "year quarter month week weekYear day ordinalDay weekDay dayOfWeek dayOfQuarter quarterDay";
    assert_eq!(components("date('1984-10-11')", names), "1984 4 10 41 1984 11 285 4 4 11 11");
    assert_eq!(components("date('1984-01-01')", "year weekYear week weekDay"), "1984 1983 52 7");
}

#[test]
fn instants_have_components_of_day_time_zone_and_epoch() {
    let text = "datetime({year: 1984, month: 11, day: 11, hour: 12, minute: 31, second: 14, nanosecond: 645876123, timezone: 'Europe/Stockholm'})";
    assert_eq!(components(text, "year dayOfQuarter hour minute second"), "1984 42 12 31 14");
    assert_eq!(components(text, "millisecond microsecond nanosecond"), "645 645876 645876123");
    assert_eq!(components(text, "timezone offset offsetMinutes offsetSeconds"), "Europe/Stockholm +01:00 60 3600");
    assert_eq!(components(text, "epochSeconds epochMillis"), "469020674 469020674645");
    assert_eq!(
        components("time('12:31-02:05:07')", "hour timezone offset offsetMinutes offsetSeconds"),
        "12 -02:05:07 -02:05:07 -125 -7507"
    );
}

#[test]
fn durations_have_totals_and_rests() {
    let text = "duration({years: 1, months: 4, days: 10, hours: 1, minutes: 1, seconds: 1, nanoseconds: 111111111})";
    assert_eq!(components(text, "years quarters months weeks days"), "1 5 16 1 10");
    assert_eq!(
        components(text, "hours minutes seconds milliseconds microseconds nanoseconds"),
        "1 61 3661 3661111 3661111111 3661111111111"
    );
    assert_eq!(
        components(text, "quartersOfYear monthsOfQuarter monthsOfYear daysOfWeek minutesOfHour secondsOfMinute"),
        "1 1 4 3 1 1"
    );
    assert_eq!(components(text, "millisecondsOfSecond microsecondsOfSecond nanosecondsOfSecond"), "111 111111 111111111");
    assert_eq!(components("duration('PT-23H-59M-59.9S')", "seconds nanosecondsOfSecond"), "-86400 100000000");
}

#[test]
fn a_component_that_is_not_there_is_said() {
    assert_eq!(components("date('1984-10-11')", "hour"), "a date has no component `hour`");
    assert_eq!(components("duration('P1D')", "day"), "a duration has no component `day`");
    assert!(components("datetime('+999999999')", "epochMillis").contains("out of range"));
    assert!(components("duration({seconds: 9223372036854775807})", "nanoseconds").contains("out of range"));
}
