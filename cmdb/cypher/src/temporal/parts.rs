//! What the kinds of points in time have in common.

use super::offset::Offset;
use super::zone::Zone;
use super::{Date, DateTime, LocalDateTime, LocalTime, Temporal, Time};
use crate::error::{Error, Result};

/// A kind of temporal value that is no duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Date,
    LocalTime,
    Time,
    LocalDateTime,
    DateTime,
}

impl Kind {
    /// What it is called in messages.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::LocalTime => "local time",
            Self::Time => "time",
            Self::LocalDateTime => "local date-time",
            Self::DateTime => "date-time",
        }
    }

    pub(super) const fn has_date(self) -> bool {
        matches!(self, Self::Date | Self::LocalDateTime | Self::DateTime)
    }

    pub(super) const fn has_time(self) -> bool {
        !matches!(self, Self::Date)
    }

    pub(super) const fn has_zone(self) -> bool {
        matches!(self, Self::Time | Self::DateTime)
    }

    /// What a clock shows at an instant.
    pub(super) fn at(self, instant: jiff::Timestamp, zone: &Zone) -> Result<Temporal> {
        self.assemble(&Parts::from(&DateTime::from_timestamp(instant, zone)?))
    }

    /// A value of this kind with these parts. Midnight and UTC stand for a missing time and zone where there is a date.
    pub(super) fn assemble(self, parts: &Parts) -> Result<Temporal> {
        let lacks = |part: &str| Error::value(format!("cannot make a {}: expected a value with a {part}", self.name()));
        let date = || parts.date.ok_or_else(|| lacks("date"));
        let time = || parts.time.ok_or_else(|| lacks("time"));
        let local = || Ok::<_, Error>(LocalDateTime { date: date()?, time: parts.time.unwrap_or(LocalTime::MIDNIGHT) });
        Ok(match self {
            Self::Date => Temporal::Date(date()?),
            Self::LocalTime => Temporal::LocalTime(time()?),
            Self::Time => Temporal::Time(Time { local: time()?, offset: parts.offset.unwrap_or(Offset::UTC) }),
            Self::LocalDateTime => Temporal::LocalDateTime(local()?),
            Self::DateTime => {
                let zone = parts.zone.as_ref().unwrap_or(&Zone::UTC);
                Temporal::DateTime(DateTime::from_local(local()?, zone, parts.offset)?)
            }
        })
    }
}

/// What a point in time tells.
#[derive(Debug, Clone, Default)]
pub(super) struct Parts {
    pub(super) date: Option<Date>,
    pub(super) time: Option<LocalTime>,
    pub(super) zone: Option<Zone>,
    /// The zone's offset then.
    pub(super) offset: Option<Offset>,
}

impl Parts {
    /// # Errors
    /// [`Error::Value`] for a duration.
    pub(super) fn of(temporal: &Temporal) -> Result<Self> {
        Ok(match temporal {
            Temporal::Date(date) => Self { date: Some(*date), ..Self::default() },
            Temporal::LocalTime(time) => Self { time: Some(*time), ..Self::default() },
            Temporal::Time(time) => Self {
                time: Some(time.local),
                zone: Some(Zone::Fixed(time.offset)),
                offset: Some(time.offset),
                ..Self::default()
            },
            Temporal::LocalDateTime(local) => Self { date: Some(local.date), time: Some(local.time), ..Self::default() },
            Temporal::DateTime(instant) => Self::from(instant),
            Temporal::Duration(_) => return Err(Error::value("expected a date or time, found a duration")),
        })
    }
}

impl From<&DateTime> for Parts {
    fn from(instant: &DateTime) -> Self {
        let LocalDateTime { date, time } = instant.local();
        Self { date: Some(date), time: Some(time), zone: Some(instant.zone()), offset: Some(instant.offset()) }
    }
}
