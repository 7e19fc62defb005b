use super::assert_all;

#[test]
fn days_are_cut_to_the_first_of_their_span() {
    assert_all(&[
        ("date.truncate('millennium', date('2017-10-11'))", "2000-01-01"),
        ("date.truncate('century', date('1984-10-11'), {day: 2})", "1900-01-02"),
        ("date.truncate('decade', date('-0001-10-11'))", "-0010-01-01"),
        ("date.truncate('year', date('1984-10-11'))", "1984-01-01"),
        ("date.truncate('weekYear', date('1984-01-01'), {})", "1983-01-03"),
        ("date.truncate('quarter', date('1984-11-11'))", "1984-10-01"),
        ("date.truncate('month', date('1984-11-11'))", "1984-11-01"),
        ("date.truncate('week', date('1984-10-11'), {dayOfWeek: 2})", "1984-10-09"),
        ("date.truncate('day', localdatetime('1984-10-11T12:31'))", "1984-10-11"),
    ]);
}

#[test]
fn times_are_cut_and_take_smaller_components() {
    assert_all(&[
        ("localtime.truncate('day', localtime('12:31:14.645876123'))", "00:00"),
        ("localtime.truncate('hour', localtime('12:31:14.645876123'), {nanosecond: 2})", "12:00:00.000000002"),
        ("localtime.truncate('millisecond', localtime('12:31:14.645876123'), {nanosecond: 2})", "12:31:14.645000002"),
        ("localtime.truncate('microsecond', localtime('12:31:14.645876123'), {nanosecond: 2})", "12:31:14.645876002"),
        ("localtime.truncate('microsecond', localtime('12:31:14.645876123'), {millisecond: 2})", "12:31:14.002"),
    ]);
}

#[test]
fn a_time_zone_replaces_the_one_before() {
    assert_all(&[
        ("time.truncate('hour', time('12:31-01:00'), {timezone: '+01:00'})", "12:00+01:00"),
        (
            "datetime.truncate('day', datetime('1984-10-11T12:31-01:00'), {timezone: 'Europe/Stockholm'})",
            "1984-10-11T00:00+01:00[Europe/Stockholm]",
        ),
        (
            "datetime.truncate('month', datetime('1984-10-11T12:31[Europe/Stockholm]'))",
            "1984-10-01T00:00+01:00[Europe/Stockholm]",
        ),
    ]);
}

#[test]
fn what_has_no_such_part_cannot_be_cut() {
    assert_all(&[
        ("date.truncate('hour', datetime())", "cannot truncate a date-time to a date: expected a unit of a day or more"),
        (
            "localtime.truncate('month', datetime())",
            "cannot truncate a date-time to a local time: expected a unit of a day or less",
        ),
        ("datetime.truncate('day', localtime())", "cannot truncate a local time to a date-time: it has no date"),
        ("localdatetime.truncate('hour', date())", "cannot truncate a date to a local date-time: it has no time"),
        ("date.truncate('day', duration('P1D'))", "expected a date or time, found a duration"),
    ]);
}
