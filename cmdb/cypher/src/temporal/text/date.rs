//! Days from their texts: by month, week, quarter or day of the year, with and without hyphens.

use super::scanner::{Scanner, value};
use crate::error::{Error, Result};
use crate::temporal::Date;

/// Reads a day. Parts that are left out at its end are the first ones.
pub(super) fn read(scanner: &mut Scanner<'_>) -> Result<Date> {
    if let Some(negative) = scanner.take_sign() {
        let year = scanner.number("a year", 1, 9)?;
        return extended(scanner, if negative { -year } else { year });
    }
    let digits = scanner.digits();
    let (year, rest) = digits
        .split_at_checked(4)
        .ok_or_else(|| Error::value(format!("expected a year of 4 digits, or with a sign, found '{digits}'")))?;
    let year = value(year);
    match (rest.len(), scanner.next()) {
        (0, Some('W')) => basic_week(scanner, year),
        (0, Some('Q')) => basic_quarter(scanner, year),
        (0, _) => extended(scanner, year),
        (2, _) => Date::from_month(year, value(rest), 1),
        (3, _) => Date::from_ordinal(year, value(rest)),
        (4, _) => Date::from_month(year, value(rest) / 100, value(rest) % 100),
        _ => Err(Error::value(format!("expected a date of at most 8 digits, found '{digits}'"))),
    }
}

/// What follows a year in the form with hyphens.
fn extended(scanner: &mut Scanner<'_>, year: i64) -> Result<Date> {
    if !scanner.take('-') {
        return Date::from_month(year, 1, 1);
    }
    if scanner.take('W') {
        let week = scanner.number("a week", 1, 2)?;
        return Date::from_week(year, week, last(scanner, "a day of the week", 1)?);
    }
    if scanner.take('Q') {
        let quarter = scanner.number("a quarter", 1, 1)?;
        return Date::from_quarter(year, quarter, last(scanner, "a day of the quarter", 2)?);
    }
    let digits = scanner.digits();
    match digits.len() {
        1 | 2 => Date::from_month(year, value(digits), last(scanner, "a day", 2)?),
        3 => Date::from_ordinal(year, value(digits)),
        _ => Err(Error::value(format!("expected a month of 2 or a day of the year of 3 digits, found '{digits}'"))),
    }
}

/// The last part with its hyphen; 1 where it is left out.
fn last(scanner: &mut Scanner<'_>, what: &str, digits: usize) -> Result<i64> {
    if scanner.take('-') { scanner.number(what, 1, digits) } else { Ok(1) }
}

fn basic_week(scanner: &mut Scanner<'_>, year: i64) -> Result<Date> {
    scanner.take('W');
    let digits = scanner.digits();
    match digits.len() {
        2 => Date::from_week(year, value(digits), 1),
        3 => Date::from_week(year, value(digits) / 10, value(digits) % 10),
        _ => Err(Error::value(format!("expected a week of 2 digits, found '{digits}'"))),
    }
}

fn basic_quarter(scanner: &mut Scanner<'_>, year: i64) -> Result<Date> {
    scanner.take('Q');
    let digits = scanner.digits();
    match digits.len() {
        1 => Date::from_quarter(year, value(digits), 1),
        3 => Date::from_quarter(year, value(digits) / 100, value(digits) % 100),
        _ => Err(Error::value(format!("expected a quarter of 1 digit, found '{digits}'"))),
    }
}
