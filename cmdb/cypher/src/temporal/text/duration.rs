//! Durations from their texts: `P1Y2M3DT4H5M6.7S`, and `P0001-02-03T04:05:06.7`.

use super::scanner::Scanner;
use super::time;
use crate::error::{Error, Result};
use crate::temporal::Duration;
use crate::temporal::local_time::SECOND;
use crate::temporal::ratio::Ratio;

/// Which unit a letter stands for: how many of which part it is. Time units count nanoseconds.
const UNITS: &[(bool, char, Part, i128)] = &[
    (false, 'Y', Part::Months, 12),
    (false, 'M', Part::Months, 1),
    (false, 'W', Part::Days, 7),
    (false, 'D', Part::Days, 1),
    (true, 'H', Part::Nanoseconds, 3600 * SECOND as i128),
    (true, 'M', Part::Nanoseconds, 60 * SECOND as i128),
    (true, 'S', Part::Nanoseconds, SECOND as i128),
];

#[derive(Debug, Clone, Copy)]
enum Part {
    Months,
    Days,
    Nanoseconds,
}

/// Reads a duration.
pub(super) fn read(scanner: &mut Scanner<'_>) -> Result<Duration> {
    let negative = scanner.take_sign() == Some(true);
    if !scanner.take('P') {
        return Err(scanner.expected("'P'"));
    }
    let duration = in_units(scanner)?;
    if negative { duration.negated() } else { Ok(duration) }
}

fn in_units(scanner: &mut Scanner<'_>) -> Result<Duration> {
    let (mut months, mut days, mut nanoseconds) = (Ratio::ZERO, Ratio::ZERO, Ratio::ZERO);
    let mut behind_t = false;
    // Units come in their order, each once.
    let mut units = UNITS.iter();
    let mut any = false;
    while scanner.next().is_some() {
        if !behind_t && scanner.take('T') {
            behind_t = true;
            any = false;
            continue;
        }
        let number = number(scanner)?;
        if !any && !behind_t && scanner.next() == Some('-') && is_year(&number) {
            return as_date(scanner, &number);
        }
        let unit = units.by_ref().find(|(time, letter, ..)| *time == behind_t && scanner.take(*letter));
        let (_, _, part, factor) = scanner.expect(unit, if behind_t { "H, M or S" } else { "Y, M, W, D or T" })?;
        let amount = Ratio::from_decimal(&number)?.times(Ratio::whole(*factor))?;
        let total = match part {
            Part::Months => &mut months,
            Part::Days => &mut days,
            Part::Nanoseconds => &mut nanoseconds,
        };
        *total = total.plus(amount)?;
        any = true;
    }
    if !any {
        return Err(scanner.expected("a number with its unit"));
    }
    Duration::from_ratios(months, days, nanoseconds)
}

fn is_year(number: &str) -> bool {
    number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number with its sign and decimals, as it is written.
fn number(scanner: &mut Scanner<'_>) -> Result<String> {
    /// More digits than any duration's part can have.
    const LONGEST: usize = 30;
    let sign = if scanner.take_sign() == Some(true) { "-" } else { "" };
    let whole = scanner.digits();
    let decimals = if scanner.take('.') || scanner.take(',') { Some(scanner.digits()) } else { None };
    if whole.is_empty() || decimals == Some("") {
        return Err(scanner.expected("a digit"));
    }
    if whole.len() > LONGEST {
        return Err(Error::value(format!("expected a number of at most {LONGEST} digits, found {}", whole.len())));
    }
    Ok(decimals.map_or_else(|| format!("{sign}{whole}"), |decimals| format!("{sign}{whole}.{decimals}")))
}

/// Years, months and days, then hours, minutes and seconds, as in a date and time.
fn as_date(scanner: &mut Scanner<'_>, year: &str) -> Result<Duration> {
    let years = Ratio::from_decimal(year)?.times(Ratio::whole(12))?;
    let mut parts = [0; 2];
    for part in &mut parts {
        if !scanner.take('-') {
            return Err(scanner.expected("'-'"));
        }
        *part = scanner.number("a month or day", 2, 2)?.into();
    }
    let [months, days] = parts.map(Ratio::whole);
    let nanoseconds = if scanner.take('T') { time::read(scanner)?.nanoseconds() } else { 0 };
    Duration::from_ratios(years.plus(months)?, days, Ratio::whole(nanoseconds.into()))
}
