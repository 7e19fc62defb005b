use super::assert_all;

#[test]
fn dates_are_read_from_every_form_of_text() {
    assert_all(&[
        ("date('2015-07-21')", "2015-07-21"),
        ("date('20150721')", "2015-07-21"),
        ("date('2015-07')", "2015-07-01"),
        ("date('201507')", "2015-07-01"),
        ("date('2015-W30-2')", "2015-07-21"),
        ("date('2015W302')", "2015-07-21"),
        ("date('2015W30')", "2015-07-20"),
        ("date('2015-Q2-60')", "2015-05-30"),
        ("date('2015Q260')", "2015-05-30"),
        ("date('2015-Q2')", "2015-04-01"),
        ("date('2015-202')", "2015-07-21"),
        ("date('2015202')", "2015-07-21"),
        ("date('2015')", "2015-01-01"),
        ("date('-0001-02-03')", "-0001-02-03"),
        ("date('+12345-02-03')", "+12345-02-03"),
        ("date('-999999999-01-01')", "-999999999-01-01"),
        ("date('+999999999-12-31')", "+999999999-12-31"),
    ]);
}

#[test]
fn times_and_offsets_are_read_from_every_form_of_text() {
    assert_all(&[
        ("localtime('21:40:32.142')", "21:40:32.142"),
        ("localtime('214032,142')", "21:40:32.142"),
        ("localtime('2140')", "21:40"),
        ("localtime('21')", "21:00"),
        ("time('21:40:32+01:00')", "21:40:32+01:00"),
        ("time('2140-00:00')", "21:40Z"),
        ("time('22+18:00')", "22:00+18:00"),
        ("time('12:00')", "12:00Z"),
        ("time('12:00-02:05:07')", "12:00-02:05:07"),
    ]);
}

#[test]
fn named_zones_are_found_in_the_database_that_is_compiled_in() {
    assert_all(&[
        ("datetime('2015-07-21T21:40:32.142[Europe/London]')", "2015-07-21T21:40:32.142+01:00[Europe/London]"),
        ("datetime('1818-07-21T21:40:32.142[Europe/Stockholm]')", "1818-07-21T21:40:32.142+00:53:28[Europe/Stockholm]"),
        ("datetime('2015-07-21T21:40-04[america/new_york]')", "2015-07-21T21:40-04:00[America/New_York]"),
        ("datetime('+20015-07-21T21:40[Europe/Stockholm]')", "+20015-07-21T21:40+02:00[Europe/Stockholm]"),
        ("datetime('-20015-07-21T21:40[Europe/Stockholm]')", "-20015-07-21T21:40+00:53:28[Europe/Stockholm]"),
        ("datetime({year: 2020, month: 7, timezone: 'UTC'})", "2020-07-01T00:00Z[UTC]"),
    ]);
}

#[test]
fn hours_that_clocks_show_twice_or_never_are_told_apart() {
    assert_all(&[
        ("datetime('2017-10-29T02:30[Europe/Stockholm]')", "2017-10-29T02:30+02:00[Europe/Stockholm]"),
        ("datetime('2017-10-29T02:30+01:00[Europe/Stockholm]')", "2017-10-29T02:30+01:00[Europe/Stockholm]"),
        (
            "datetime.truncate('hour', datetime('2017-10-29T02:30+01:00[Europe/Stockholm]'))",
            "2017-10-29T02:00+01:00[Europe/Stockholm]",
        ),
        ("datetime('2017-03-26T02:30[Europe/Stockholm]')", "2017-03-26T03:30+02:00[Europe/Stockholm]"),
        (
            "datetime('2017-03-26T02:30+01:00[Europe/Stockholm]')",
            "'2017-03-26T02:30+01:00[Europe/Stockholm]' is no date-time, which is written as \
             2015-07-21T21:40:32.142+02:00[Europe/Stockholm]: clocks of Europe/Stockholm never show 2017-03-26T02:30 at the \
             offset +01:00",
        ),
    ]);
}

#[test]
fn components_say_a_day_in_four_ways() {
    assert_all(&[
        ("date({year: 1984, month: 10, day: 11})", "1984-10-11"),
        ("date({year: 1984, week: 10, dayOfWeek: 3})", "1984-03-07"),
        ("date({year: 1818, week: 53})", "1818-12-28"),
        ("date({year: 1984, ordinalDay: 202})", "1984-07-20"),
        ("date({year: 1984, quarter: 3, dayOfQuarter: 45})", "1984-08-14"),
        ("date({date: date('1816-12-31'), week: 2})", "1817-01-07"),
        ("date({date: date('1984-11-11'), quarter: 3})", "1984-08-11"),
        ("date({date: date('2024-02-29'), year: 2023})", "2023-02-28"),
        ("date({date: date('2024-01-31'), month: 4})", "2024-04-30"),
    ]);
}

#[test]
fn fractions_of_a_second_add_up() {
    assert_all(&[
        (
            "localtime({hour: 12, minute: 31, second: 14, nanosecond: 789, millisecond: 123, microsecond: 456})",
            "12:31:14.123456789",
        ),
        ("localtime({hour: 12, minute: 31, second: 14, microsecond: 645876})", "12:31:14.645876"),
        ("localtime({time: localtime('12:31:14.5'), nanosecond: 3})", "12:31:14.000000003"),
    ]);
}

#[test]
fn a_time_zone_moves_what_has_one_and_is_given_to_what_has_none() {
    assert_all(&[
        ("time({time: time('12:31+01:00'), timezone: '+05:00'})", "16:31+05:00"),
        ("time({time: localtime('12:31'), timezone: '+05:00'})", "12:31+05:00"),
        (
            "datetime({datetime: datetime('1984-10-11T12:00[Europe/Stockholm]'), day: 28, second: 42, timezone: 'Pacific/Honolulu'})",
            "1984-10-28T01:00:42-10:00[Pacific/Honolulu]",
        ),
        (
            "datetime({date: date('1984-03-28'), time: datetime('1984-10-11T12:00[Europe/Stockholm]')})",
            "1984-03-28T12:00+02:00[Europe/Stockholm]",
        ),
        ("time({hour: 12, timezone: 'America/New_York'})", "12:00-05:00"),
    ]);
}

#[test]
fn the_clock_stands_at_the_beginning_of_the_run() {
    assert_all(&[
        ("date()", "1970-01-01"),
        ("localtime()", "00:00"),
        ("time.realtime('+02:00')", "02:00+02:00"),
        ("localdatetime.statement()", "1970-01-01T00:00"),
        ("datetime.transaction('Asia/Tokyo')", "1970-01-01T09:00+09:00[Asia/Tokyo]"),
        ("date({timezone: 'America/New_York'})", "1969-12-31"),
        ("date.truncate('week')", "1969-12-29"),
    ]);
}

#[test]
fn epochs_give_instants() {
    assert_all(&[
        ("datetime.fromEpoch(416779, 999999999)", "1970-01-05T19:46:19.999999999Z"),
        ("datetime.fromEpochMillis(237821673987)", "1977-07-15T13:34:33.987Z"),
        ("datetime.fromEpochMillis(-1)", "1969-12-31T23:59:59.999Z"),
        ("datetime({epochSeconds: 416779, nanosecond: 5, timezone: '+01:00'})", "1970-01-05T20:46:19.000000005+01:00"),
        ("datetime({epochMillis: 237821673987})", "1977-07-15T13:34:33.987Z"),
    ]);
}

#[test]
fn other_values_give_what_they_have() {
    assert_all(&[
        ("date(datetime('2015-07-21T23:40+01:00'))", "2015-07-21"),
        ("localtime(datetime('2015-07-21T23:40+01:00'))", "23:40"),
        ("time(datetime('2015-07-21T23:40[Europe/London]'))", "23:40+01:00"),
        ("localdatetime(date('2015-07-21'))", "2015-07-21T00:00"),
        ("datetime(localdatetime('2015-07-21T23:40'))", "2015-07-21T23:40Z"),
    ]);
}

#[test]
fn null_gives_null() {
    for text in [
        "date(null)",
        "datetime.realtime(null)",
        "duration(null)",
        "duration.between(null, null)",
        "date.truncate('day', null)",
        "date.truncate(null, date(), {})",
        "datetime.fromEpochMillis(null)",
        "date({year: null})",
        "duration({days: null})",
        "date.truncate('day', date(), {day: null})",
    ] {
        assert_eq!(super::shown(text), "null", "{text}");
    }
}
