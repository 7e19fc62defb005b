//! Times of day and offsets from their texts, with and without colons.

use super::scanner::{Scanner, value};
use crate::error::{Error, Result};
use crate::temporal::LocalTime;
use crate::temporal::offset::Offset;
use crate::temporal::within;

/// Reads a time of day. Parts that are left out at its end are zero.
pub(super) fn read(scanner: &mut Scanner<'_>) -> Result<LocalTime> {
    let digits = scanner.digits();
    let pair = |index: usize| digits.get(index..index + 2).map_or(0, value);
    match digits.len() {
        2 if scanner.take(':') => {
            let minute = scanner.number("a minute", 2, 2)?;
            if !scanner.take(':') {
                return LocalTime::new(pair(0), minute, 0, 0);
            }
            let second = scanner.number("a second", 2, 2)?;
            LocalTime::new(pair(0), minute, second, fraction(scanner)?)
        }
        2 | 4 => LocalTime::new(pair(0), pair(2), 0, 0),
        6 => LocalTime::new(pair(0), pair(2), pair(4), fraction(scanner)?),
        _ => Err(Error::value(format!("expected a time of 2, 4 or 6 digits, found '{digits}'"))),
    }
}

/// Nanoseconds; zero where there is no point or comma.
pub(super) fn fraction(scanner: &mut Scanner<'_>) -> Result<i64> {
    if !scanner.take('.') && !scanner.take(',') {
        return Ok(0);
    }
    let digits = scanner.digits();
    if !(1..=9).contains(&digits.len()) {
        return Err(Error::value(format!("expected 1 to 9 decimals of a second, found '{digits}'")));
    }
    Ok(value(&format!("{digits:0<9}")))
}

/// Reads an offset, if there is one.
pub(super) fn read_offset(scanner: &mut Scanner<'_>) -> Result<Option<Offset>> {
    if scanner.take('Z') {
        return Ok(Some(Offset::UTC));
    }
    let Some(negative) = scanner.take_sign() else { return Ok(None) };
    let digits = scanner.digits();
    let pair = |index: usize| digits.get(index..index + 2).map_or(0, value);
    let (hours, mut minutes, mut seconds) = (pair(0), pair(2), pair(4));
    if !matches!(digits.len(), 2 | 4 | 6) {
        return Err(Error::value(format!("expected an offset of 2, 4 or 6 digits, found '{digits}'")));
    }
    if digits.len() == 2 && scanner.take(':') {
        minutes = scanner.number("the minutes of an offset", 2, 2)?;
        if scanner.take(':') {
            seconds = scanner.number("the seconds of an offset", 2, 2)?;
        }
    }
    within("number of minutes in an offset", minutes, 0..=59)?;
    within("number of seconds in an offset", seconds, 0..=59)?;
    let total = hours * 3600 + minutes * 60 + seconds;
    Offset::from_seconds(if negative { -total } else { total }).map(Some)
}
