use super::assert_all;

#[test]
fn texts_that_are_none_are_told_what_was_expected() {
    assert_all(&[
        (
            "date('2015-13-01')",
            "'2015-13-01' is no date, which is written as 2015-07-21, 2015-W30-2 or 2015-202: expected the month to be from 1 to 12, \
             found 13",
        ),
        (
            "date('2015-02-30')",
            "'2015-02-30' is no date, which is written as 2015-07-21, 2015-W30-2 or 2015-202: expected the day of that month to be from 1 to 28, found 30",
        ),
        (
            "localtime('25:00')",
            "'25:00' is no local time, which is written as 21:40:32.142: expected the hour to be from 0 to 23, found 25",
        ),
        (
            "datetime('2015-07-21T21:40[Mars/Base]')",
            "'2015-07-21T21:40[Mars/Base]' is no date-time, which is written as 2015-07-21T21:40:32.142+02:00[Europe/Stockholm]: \
             expected a time zone such as 'Europe/Stockholm' or '+01:00', found 'Mars/Base'",
        ),
        ("duration('1D')", "'1D' is no duration, which is written as P1Y2M3DT4H5M6.789S: expected 'P', found '1'"),
        (
            "duration('PT')",
            "'PT' is no duration, which is written as P1Y2M3DT4H5M6.789S: expected a number with its unit, found the end",
        ),
    ]);
}

#[test]
fn maps_that_say_nothing_are_told_what_was_expected() {
    assert_all(&[
        ("date({})", "expected a `year`, or a `date` to start from"),
        ("date({year: 2024, day: 3})", "expected a `month` beside `day`"),
        ("localtime({minute: 3})", "expected an `hour`, or a `time` to start from"),
        ("localtime({hour: 3, second: 3})", "expected a `minute` beside `second`"),
        ("date({year: 2024, month: 13})", "expected the month to be from 1 to 12, found 13"),
        ("date({year: 1.5})", "expected an integer as `year`, found the float 1.5"),
        ("date({year: 2024, timezone: '+01:00'})", "a date has no time zone: expected `timezone` alone or not at all"),
        ("date({date: localtime('12:00')})", "expected a value with a date as `date`"),
        ("date({date: 5})", "expected a date or time as `date`, found the integer 5"),
        ("time({hour: 3, timezone: 5})", "expected a string as `timezone`, found the integer 5"),
        ("datetime({epochSeconds: 1, epochMillis: 1})", "expected either `epochSeconds` or `epochMillis`, found both"),
        (
            "date({year: 2024, month: 1, week: 1})",
            "expected the components of one of: month and day, week and dayOfWeek, quarter and dayOfQuarter, ordinalDay",
        ),
        (
            "duration({day: 1})",
            "expected components among years, quarters, months, weeks, days, hours, minutes, seconds, milliseconds, \
             microseconds, nanoseconds, found `day`",
        ),
        ("duration({days: 'x'})", "expected a number of days, found the string 'x'"),
    ]);
}

#[test]
fn arguments_of_another_kind_are_told_what_was_expected() {
    assert_all(&[
        ("date(5)", "expected a string, a map or a date or time, found the integer 5"),
        ("date(localtime('12:00'))", "cannot make a date: expected a value with a date"),
        ("duration.between(date(), 5)", "expected two dates or times, found the date 1970-01-01 and the integer 5"),
        ("duration.between(date(), duration('P1D'))", "expected a date or time, found a duration"),
        ("datetime.fromEpoch(5, -1)", "expected the nanosecond to be from 0 to 999999999, found -1"),
    ]);
}
