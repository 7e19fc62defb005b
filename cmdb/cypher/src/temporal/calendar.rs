//! The Gregorian calendar, carried on for all years before and after its use.
//!
//! Days are counted from 1970-01-01. Every function takes any year of [`YEARS`] and any day of [`DAYS`].

use std::ops::RangeInclusive;

/// The years that Cypher can write.
pub(super) const YEARS: RangeInclusive<i64> = -999_999_999..=999_999_999;

/// The first and the last day of [`YEARS`].
pub(super) const DAYS: RangeInclusive<i64> = first_day(*YEARS.start())..=first_day(*YEARS.end() + 1) - 1;

/// After so many years the calendar repeats itself, days of the week included.
pub(super) const CYCLE_YEARS: i64 = 400;

/// The days of [`CYCLE_YEARS`].
pub(super) const CYCLE_DAYS: i64 = 146_097;

/// From 1 January of year 0 to 1970-01-01.
const EPOCH: i64 = 719_528;

/// How many days of a common year are before each month.
const BEFORE_MONTH: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// Whether a year has 366 days.
pub(super) const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// How many days a year has.
pub(super) const fn days_of_year(year: i64) -> i64 {
    if is_leap(year) { 366 } else { 365 }
}

/// How many days a month, from 1 to 12, has.
pub(super) const fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + is_leap(year) as i64,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The number of a year's 1 January.
pub(super) const fn first_day(year: i64) -> i64 {
    // The leap years from year 0, itself one, to before this one.
    let leap_years = (year + 3).div_euclid(4) - (year + 99).div_euclid(100) + (year + 399).div_euclid(400);
    365 * year + leap_years - EPOCH
}

/// How many days of a year are before a month.
const fn before_month(year: i64, month: i64) -> i64 {
    let after_leap_day = month > 2 && is_leap(year);
    BEFORE_MONTH[(month - 1) as usize] + after_leap_day as i64
}

/// The number of a day of a month from 1 to 12.
pub(super) const fn day(year: i64, month: i64, day: i64) -> i64 {
    first_day(year) + before_month(year, month) + day - 1
}

/// The year in which a day is.
pub(super) const fn year(day: i64) -> i64 {
    let mut year = ((day + EPOCH) * CYCLE_YEARS).div_euclid(CYCLE_DAYS);
    while first_day(year) > day {
        year -= 1;
    }
    while first_day(year + 1) <= day {
        year += 1;
    }
    year
}

/// Year, month from 1 and day of the month from 1 of a day.
pub(super) fn year_month_day(number: i64) -> (i64, i64, i64) {
    let year = year(number);
    let passed = number - first_day(year);
    let month = (1..=12).rev().find(|&month| before_month(year, month) <= passed).unwrap_or(1);
    (year, month, passed - before_month(year, month) + 1)
}

/// The day of the week: 1 for Monday to 7 for Sunday.
pub(super) const fn day_of_week(day: i64) -> i64 {
    // 1970-01-01 was a Thursday.
    (day + 3).rem_euclid(7) + 1
}

/// The Monday with which the first week of a year begins: that of its 4 January.
pub(super) const fn first_monday(year: i64) -> i64 {
    let fourth = first_day(year) + 3;
    fourth - (day_of_week(fourth) - 1)
}

/// How many weeks a year has: 52 or 53.
pub(super) const fn weeks_of_year(year: i64) -> i64 {
    (first_monday(year + 1) - first_monday(year)) / 7
}

/// The year to which a day's week belongs, and the week's number from 1.
pub(super) const fn week(day: i64) -> (i64, i64) {
    // A week belongs to the year of its Thursday.
    let year = year(day - (day_of_week(day) - 1) + 3);
    (year, (day - first_monday(year)) / 7 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_their_dates_agree() {
        for number in (-150_000..150_000).chain([*DAYS.start(), *DAYS.end()]) {
            let (year, month, day_of_month) = year_month_day(number);
            assert_eq!(day(year, month, day_of_month), number);
            assert!((1..=12).contains(&month) && (1..=days_of_month(year, month)).contains(&day_of_month));
        }
        assert_eq!(day(1970, 1, 1), 0);
        assert_eq!(day(2000, 3, 1), 11_017);
    }

    #[test]
    fn weeks_follow_iso_8601() {
        assert_eq!(week(day(1984, 1, 1)), (1983, 52));
        assert_eq!(week(day(1818, 12, 31)), (1818, 53));
        assert_eq!(week(day(1816, 12, 30)), (1817, 1));
        assert_eq!(weeks_of_year(1818), 53);
        assert_eq!(weeks_of_year(1819), 52);
    }
}
