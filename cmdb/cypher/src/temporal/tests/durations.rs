use super::assert_all;

#[test]
fn durations_are_read_from_both_forms_of_text() {
    assert_all(&[
        ("duration('P14DT16H12M')", "P14DT16H12M"),
        ("duration('P5M1.5D')", "P5M1DT12H"),
        ("duration('P0.75M')", "P22DT19H51M49.5S"),
        ("duration('PT0.75M')", "PT45S"),
        ("duration('P2.5W')", "P17DT12H"),
        ("duration('P12Y5M14DT16H12M70S')", "P12Y5M14DT16H13M10S"),
        ("duration('P2012-02-02T14:37:21.545')", "P2012Y2M2DT14H37M21.545S"),
        ("duration('-P1DT-0.5S')", "P-1DT0.5S"),
        ("duration('PT-0,5S')", "PT-0.5S"),
    ]);
}

#[test]
fn components_need_not_be_whole() {
    assert_all(&[
        ("duration({months: 0.75})", "P22DT19H51M49.5S"),
        ("duration({minutes: 1.5, seconds: 1})", "PT1M31S"),
        ("duration({seconds: 70.1})", "PT1M10.1S"),
        ("duration({seconds: -2, milliseconds: 1})", "PT-1.999S"),
        ("duration({seconds: -60, milliseconds: -1})", "PT-1M-0.001S"),
        ("duration({days: 1, milliseconds: -1})", "P1DT-0.001S"),
        ("duration({})", "PT0S"),
    ]);
}

#[test]
fn what_is_between_is_counted_by_calendar_and_clock() {
    assert_all(&[
        ("duration.between(date('1984-10-11'), date('2015-06-24'))", "P30Y8M13D"),
        ("duration.between(localdatetime('2018-01-02T10:00:00.1'), localdatetime('2018-01-01T10:00:00.2'))", "PT-23H-59M-59.9S"),
        ("duration.between(localtime('14:30'), date('2015-06-24'))", "PT-14H-30M"),
        ("duration.between(datetime('2014-07-21T21:40:36.143+02:00'), date('2015-06-24'))", "P11M2DT2H19M23.857S"),
        ("duration.between(time('14:30'), time('16:30+01:00'))", "PT1H"),
        ("duration.inMonths(date('2018-07-21'), datetime('2016-07-21T21:40:32.142+0100'))", "P-1Y-11M"),
        ("duration.inDays(localdatetime('2015-07-21T21:40:32.142'), date('2015-06-24'))", "P-27D"),
        ("duration.inSeconds(localtime('12:44:54.7'), localtime('12:34:55.3'))", "PT-9M-59.4S"),
    ]);
}

#[test]
fn clocks_that_are_set_back_make_a_longer_day() {
    assert_all(&[
        ("duration.inSeconds(datetime('2017-10-29T00:00[Europe/Stockholm]'), date('2017-10-30'))", "PT25H"),
        ("duration.inSeconds(localtime('00:00'), datetime('2017-10-29T04:00[Europe/Stockholm]'))", "PT5H"),
        (
            "duration.between(datetime('2017-10-28T23:00[Europe/Stockholm]'), datetime('2017-10-29T04:00[Europe/Stockholm]'))",
            "PT6H",
        ),
    ]);
}

#[test]
fn the_largest_durations_between_dates_fit() {
    assert_all(&[
        ("duration.between(date('-999999999-01-01'), date('+999999999-12-31'))", "P1999999998Y11M30D"),
        (
            "duration.inSeconds(localdatetime('-999999999-01-01'), localdatetime('+999999999-12-31T23:59:59'))",
            "PT17531639991215H59M59S",
        ),
    ]);
}
