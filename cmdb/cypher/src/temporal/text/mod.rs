//! Temporal values from their texts.

mod date;
mod duration;
mod scanner;
mod time;

use scanner::Scanner;

use super::offset::Offset;
use super::parts::{Kind, Parts};
use super::zone::{NamedZone, Zone};
use super::{DateTime, Duration, LocalDateTime, LocalTime, Temporal};
use crate::error::{Error, Result};

/// Reads a value of a kind.
///
/// # Errors
/// [`Error::Value`] with the text, what was expected in it, and an example.
pub(super) fn read(kind: Kind, text: &str) -> Result<Temporal> {
    let example = match kind {
        Kind::Date => "2015-07-21, 2015-W30-2 or 2015-202",
        Kind::LocalTime => "21:40:32.142",
        Kind::Time => "21:40:32.142+01:00",
        Kind::LocalDateTime => "2015-07-21T21:40:32.142",
        Kind::DateTime => "2015-07-21T21:40:32.142+02:00[Europe/Stockholm]",
    };
    whole(text, |scanner| point(kind, scanner)).map_err(|error| explain(text, kind.name(), example, &error))
}

/// Reads a duration.
///
/// # Errors
/// [`Error::Value`] with the text, what was expected in it, and an example.
pub(super) fn read_duration(text: &str) -> Result<Duration> {
    whole(text, duration::read).map_err(|error| explain(text, "duration", "P1Y2M3DT4H5M6.789S", &error))
}

/// Reads a time zone: an offset or a name.
///
/// # Errors
/// [`Error::Value`] for a name that is not known.
pub(super) fn read_zone(text: &str) -> Result<Zone> {
    if text == "Z" || text.starts_with(['+', '-']) {
        let read = |scanner: &mut Scanner<'_>| time::read_offset(scanner).map(|offset| offset.unwrap_or(Offset::UTC));
        let offset = whole(text, read);
        return offset.map(Zone::Fixed).map_err(|error| explain(text, "time zone", "Europe/Stockholm or +01:00", &error));
    }
    NamedZone::find(text).map(Zone::Named)
}

/// Reads the whole text, nothing behind it.
fn whole<T>(text: &str, read: impl FnOnce(&mut Scanner<'_>) -> Result<T>) -> Result<T> {
    let mut scanner = Scanner::new(text);
    let value = read(&mut scanner)?;
    scanner.end()?;
    Ok(value)
}

fn explain(text: &str, kind: &str, example: &str, error: &Error) -> Error {
    /// So much of a wrong text is shown.
    const SHOWN: usize = 80;
    let shown: String = text.chars().take(SHOWN).collect();
    Error::value(format!("'{shown}' is no {kind}, which is written as {example}: {error}"))
}

fn point(kind: Kind, scanner: &mut Scanner<'_>) -> Result<Temporal> {
    let mut parts = Parts::default();
    if kind.has_date() {
        parts.date = Some(date::read(scanner)?);
    }
    if kind.has_time() && (!kind.has_date() || scanner.take('T')) {
        parts.time = Some(time::read(scanner)?);
    }
    if kind.has_zone() {
        parts.offset = time::read_offset(scanner)?;
        parts.zone = parts.offset.map(Zone::Fixed);
    }
    if kind == Kind::DateTime && scanner.take('[') {
        let zone = NamedZone::find(scanner.until(']')?)?;
        if let (Some(offset), Some(date)) = (parts.offset, parts.date) {
            let local = LocalDateTime { date, time: parts.time.unwrap_or(LocalTime::MIDNIGHT) };
            return DateTime::from_local_and_offset(local, offset, zone).map(Temporal::DateTime);
        }
        parts.zone = Some(Zone::Named(zone));
    }
    kind.assemble(&parts)
}
