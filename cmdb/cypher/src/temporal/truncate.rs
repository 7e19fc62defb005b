//! Values with their smaller components cut off.

use super::fields::Fields;
use super::local_time::SECOND;
use super::parts::{Kind, Parts};
use super::select::{self, DATE, TIME};
use super::zone::Zone;
use super::{Date, DateTime, LocalTime, Temporal};
use crate::error::{Error, Result};

/// The keys that the map of a truncation may have.
pub(super) const KNOWN: &[&[&str]] = &[DATE, TIME, &["timezone"]];

/// To what a value is cut.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unit {
    Years(i64),
    WeekYear,
    Quarter,
    Month,
    Week,
    Day,
    /// Less than a day, in nanoseconds.
    Time(i64),
}

impl Unit {
    /// # Errors
    /// [`Error::Value`] for a name that is none.
    pub(super) fn named(name: &str) -> Result<Self> {
        /// Units and their names, letter case aside.
        const NAMES: [(&str, Unit); 14] = [
            ("millennium", Unit::Years(1000)),
            ("century", Unit::Years(100)),
            ("decade", Unit::Years(10)),
            ("year", Unit::Years(1)),
            ("weekYear", Unit::WeekYear),
            ("quarter", Unit::Quarter),
            ("month", Unit::Month),
            ("week", Unit::Week),
            ("day", Unit::Day),
            ("hour", Unit::Time(3600 * SECOND)),
            ("minute", Unit::Time(60 * SECOND)),
            ("second", Unit::Time(SECOND)),
            ("millisecond", Unit::Time(1_000_000)),
            ("microsecond", Unit::Time(1000)),
        ];
        NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, unit)| *unit).ok_or_else(|| {
            let known = NAMES.map(|(known, _)| known).join(", ");
            let shown: String = name.chars().take(40).collect();
            Error::value(format!("expected a unit among {known}, found '{shown}'"))
        })
    }

    /// The first day of the unit's span in which a day is.
    fn first_day(self, date: Date) -> Result<Date> {
        let (year, month, _) = date.year_month_day();
        match self {
            Self::Years(count) => Date::from_month(year - year.rem_euclid(count), 1, 1),
            Self::WeekYear => Date::from_week(date.week().0, 1, 1),
            Self::Quarter => Date::from_month(year, (month - 1) / 3 * 3 + 1, 1),
            Self::Month => Date::from_month(year, month, 1),
            Self::Week => date.plus_days(1 - date.day_of_week()),
            Self::Day | Self::Time(_) => Ok(date),
        }
    }
}

/// Cuts a value off below a unit, then puts the given components in. A time zone among these replaces that of the value: what
/// the clock shows stays.
pub(super) fn truncate(kind: Kind, unit: Unit, value: &Temporal, fields: Fields<'_>, now: jiff::Timestamp) -> Result<Temporal> {
    let unfit = |reason: &str| Error::value(format!("cannot truncate a {} to a {}: {reason}", value.kind(), kind.name()));
    let mut parts = Parts::of(value)?;
    let of_time = matches!(unit, Unit::Time(_));
    if kind.has_date() && parts.date.is_none() {
        return Err(unfit("it has no date"));
    }
    if parts.time.is_none() && (of_time || !kind.has_date()) {
        return Err(unfit("it has no time"));
    }
    if of_time && !kind.has_time() {
        return Err(unfit("expected a unit of a day or more"));
    }
    if !of_time && !kind.has_date() && !matches!(unit, Unit::Day) {
        return Err(unfit("expected a unit of a day or less"));
    }
    if fields.has_any(DATE) && !kind.has_date() || fields.has_any(TIME) && !kind.has_time() {
        return Err(unfit(&format!("expected components of a {}", kind.name())));
    }
    if let Some(date) = parts.date.filter(|_| kind.has_date()) {
        parts.date = Some(select::date(fields, Some(unit.first_day(date)?))?);
    }
    if kind.has_time() {
        let (time, grain) = match (unit, parts.time) {
            (Unit::Time(length), Some(time)) => {
                (LocalTime::from_nanoseconds(time.nanoseconds() - time.nanoseconds() % length), length)
            }
            _ => (LocalTime::MIDNIGHT, SECOND),
        };
        parts.time = Some(select::time(fields, Some(time), grain)?);
    }
    if let Some(zone) = fields.zone()? {
        if !kind.has_zone() {
            return Err(unfit(&format!("a {} has no time zone", kind.name())));
        }
        parts.offset = match &zone {
            Zone::Fixed(offset) => Some(*offset),
            // A time of day has the offset of now.
            Zone::Named(_) if kind == Kind::Time => Some(DateTime::from_timestamp(now, &zone)?.offset()),
            Zone::Named(_) => None,
        };
        parts.zone = Some(zone);
    }
    kind.assemble(&parts)
}
