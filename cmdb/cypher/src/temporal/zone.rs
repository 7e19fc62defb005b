//! Time zones.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock};

use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

use super::calendar::{self, CYCLE_DAYS, CYCLE_YEARS};
use super::offset::Offset;
use super::{Date, LocalDateTime};
use crate::error::{Error, Result};

/// The database that is compiled in: answers must not depend on that of the machine.
static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A name is never longer in the database.
const LONGEST_NAME: usize = 64;

/// Where a clock hangs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Zone {
    /// Where the offset never changes.
    Fixed(Offset),
    /// Where the time-zone database knows the offsets.
    Named(NamedZone),
}

impl Zone {
    pub(super) const UTC: Self = Self::Fixed(Offset::UTC);
}

impl fmt::Display for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(offset) => offset.fmt(formatter),
            Self::Named(zone) => formatter.write_str(zone.name()),
        }
    }
}

/// A time zone of the database.
#[derive(Debug, Clone)]
pub(super) struct NamedZone {
    name: Arc<str>,
    rules: TimeZone,
}

/// Which offsets a clock's time may mean.
pub(super) enum Reading {
    /// One alone.
    Once(Offset),
    /// The clocks were set back: first this, then that.
    Twice(Offset, Offset),
    /// The clocks were set forward and never showed it: this before, that behind.
    Never(Offset, Offset),
}

impl NamedZone {
    /// Finds a time zone; letter case does not count.
    pub(super) fn find(name: &str) -> Result<Self> {
        let unknown = || {
            let shown: String = name.chars().take(LONGEST_NAME).collect();
            Error::value(format!("expected a time zone such as 'Europe/Stockholm' or '+01:00', found '{shown}'"))
        };
        if name.len() > LONGEST_NAME {
            return Err(unknown());
        }
        let rules = DATABASE.get(name).map_err(|_| unknown())?;
        let name = rules.iana_name().ok_or_else(unknown)?.into();
        Ok(Self { name, rules })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The offset at an instant, given as what a clock of UTC shows.
    pub(super) fn offset_at(&self, utc: LocalDateTime) -> Result<Offset> {
        let timestamp = jiff::Timestamp::from_second(known(utc)?.seconds()).map_err(unreadable)?;
        Offset::from_seconds(self.rules.to_offset(timestamp).seconds().into())
    }

    /// What it may mean that a clock shows this.
    pub(super) fn read(&self, local: LocalDateTime) -> Result<Reading> {
        let seconds = known(local)?.seconds();
        let civil = TimeZone::UTC.to_datetime(jiff::Timestamp::from_second(seconds).map_err(unreadable)?);
        let offset = |offset: jiff::tz::Offset| Offset::from_seconds(offset.seconds().into());
        Ok(match self.rules.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset: only } => Reading::Once(offset(only)?),
            AmbiguousOffset::Fold { before, after } => Reading::Twice(offset(before)?, offset(after)?),
            AmbiguousOffset::Gap { before, after } => Reading::Never(offset(before)?, offset(after)?),
        })
    }
}

impl PartialEq for NamedZone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for NamedZone {}

impl Hash for NamedZone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

/// The same time in a year for which the database answers, moved by whole cycles of the calendar: rules that go on for ever
/// repeat with it, and there were none before the first of these years.
fn known(local: LocalDateTime) -> Result<LocalDateTime> {
    const ANSWERED: std::ops::RangeInclusive<i64> = -9000..=9000;
    let year = local.date.year();
    if ANSWERED.contains(&year) {
        return Ok(local);
    }
    let nearest = year.clamp(*ANSWERED.start() + CYCLE_YEARS, *ANSWERED.end() - CYCLE_YEARS);
    let cycles = (nearest - year).div_euclid(CYCLE_YEARS);
    let day = local.date.number() + cycles * CYCLE_DAYS;
    debug_assert!(ANSWERED.contains(&calendar::year(day)));
    Ok(LocalDateTime { date: Date::from_number(day)?, ..local })
}

fn unreadable(error: jiff::Error) -> Error {
    Error::value(format!("the time zone's offset cannot be found: {error}"))
}
