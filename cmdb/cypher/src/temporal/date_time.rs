//! Days with a time in a time zone.

use std::cmp::Ordering;
use std::fmt;

use super::LocalDateTime;
use super::local_time::SECOND;
use super::offset::Offset;
use super::zone::{NamedZone, Reading, Zone};
use crate::error::{Error, Result};

/// A day and a time in a time zone. Ordered by instant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DateTime {
    local: LocalDateTime,
    offset: Offset,
    zone: Option<NamedZone>,
}

impl DateTime {
    /// What the clocks of a zone show. Where they show it twice, `preferred` is taken if it is one of both offsets, else the
    /// first; where they were set forward past it, it is as much later as they were set forward.
    pub(super) fn from_local(local: LocalDateTime, zone: &Zone, preferred: Option<Offset>) -> Result<Self> {
        let named = match zone {
            Zone::Fixed(offset) => return Ok(Self { local, offset: *offset, zone: None }),
            Zone::Named(named) => named,
        };
        let (local, offset) = match named.read(local)? {
            Reading::Once(offset) => (local, offset),
            Reading::Twice(first, second) => (local, if preferred == Some(second) { second } else { first }),
            Reading::Never(before, after) => {
                let skipped = i128::from(after.seconds() - before.seconds()) * i128::from(SECOND);
                (local.plus_nanoseconds(skipped)?, after)
            }
        };
        Ok(Self { local, offset, zone: Some(named.clone()) })
    }

    /// What the clocks of a named zone show at this offset.
    ///
    /// # Errors
    /// [`Error::Value`] where they never show that, or at another offset.
    pub(super) fn from_local_and_offset(local: LocalDateTime, offset: Offset, zone: NamedZone) -> Result<Self> {
        let possible = match zone.read(local)? {
            Reading::Once(only) => only == offset,
            Reading::Twice(first, second) => first == offset || second == offset,
            Reading::Never(..) => false,
        };
        if possible {
            return Ok(Self { local, offset, zone: Some(zone) });
        }
        Err(Error::value(format!("clocks of {} never show {local} at the offset {offset}", zone.name())))
    }

    /// The instant at which a clock of UTC shows this.
    pub(super) fn from_utc(utc: LocalDateTime, zone: &Zone) -> Result<Self> {
        let (offset, named) = match zone {
            Zone::Fixed(offset) => (*offset, None),
            Zone::Named(named) => (named.offset_at(utc)?, Some(named.clone())),
        };
        let local = utc.plus_nanoseconds(i128::from(offset.seconds()) * i128::from(SECOND))?;
        Ok(Self { local, offset, zone: named })
    }

    pub(super) fn from_timestamp(timestamp: jiff::Timestamp, zone: &Zone) -> Result<Self> {
        Self::from_utc(LocalDateTime::from_nanoseconds(timestamp.as_nanosecond())?, zone)
    }

    pub(super) const fn local(&self) -> LocalDateTime {
        self.local
    }

    pub(super) const fn offset(&self) -> Offset {
        self.offset
    }

    pub(super) fn zone(&self) -> Zone {
        self.zone.clone().map_or(Zone::Fixed(self.offset), Zone::Named)
    }

    /// Since the midnight of UTC with which 1970-01-01 began.
    pub(super) const fn nanoseconds(&self) -> i128 {
        self.local.nanoseconds() - self.offset.seconds() as i128 * SECOND as i128
    }

    /// The same instant in another zone.
    pub(super) fn at(&self, zone: &Zone) -> Result<Self> {
        Self::from_utc(LocalDateTime::from_nanoseconds(self.nanoseconds())?, zone)
    }

    /// So many months and then days later by the calendar, and then so many nanoseconds by the clock.
    pub(super) fn plus(&self, months: i64, days: i64, nanoseconds: i128) -> Result<Self> {
        let mut moved = self.clone();
        if months != 0 || days != 0 {
            let date = self.local.date.plus_months(months)?.plus_days(days)?;
            let local = LocalDateTime { date, time: self.local.time };
            moved = Self::from_local(local, &self.zone(), Some(self.offset))?;
        }
        if nanoseconds == 0 {
            return Ok(moved);
        }
        let utc = LocalDateTime::from_nanoseconds(moved.nanoseconds())?.plus_nanoseconds(nanoseconds)?;
        Self::from_utc(utc, &self.zone())
    }
}

impl Ord for DateTime {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nanoseconds()
            .cmp(&other.nanoseconds())
            .then(self.offset.cmp(&other.offset))
            .then_with(|| self.zone.as_ref().map(NamedZone::name).cmp(&other.zone.as_ref().map(NamedZone::name)))
    }
}

impl PartialOrd for DateTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.local, self.offset)?;
        match &self.zone {
            Some(zone) => write!(formatter, "[{}]", zone.name()),
            None => Ok(()),
        }
    }
}
