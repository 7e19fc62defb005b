//! Days.

use std::fmt;

use super::{calendar, out_of_range, within};
use crate::error::Result;

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    /// Counted from 1970-01-01; one of [`calendar::DAYS`].
    day: i64,
}

impl Date {
    /// 1970-01-01.
    pub(super) const EPOCH: Self = Self { day: 0 };

    /// The day with a number counted from 1970-01-01.
    pub(super) fn from_number(day: i64) -> Result<Self> {
        if calendar::DAYS.contains(&day) { Ok(Self { day }) } else { Err(out_of_range("date")) }
    }

    /// The day's number, counted from 1970-01-01.
    pub(super) const fn number(self) -> i64 {
        self.day
    }

    pub(super) fn from_month(year: i64, month: i64, day: i64) -> Result<Self> {
        within("year", year, calendar::YEARS)?;
        within("month", month, 1..=12)?;
        within("day of that month", day, 1..=calendar::days_of_month(year, month))?;
        Ok(Self { day: calendar::day(year, month, day) })
    }

    /// Of the year to which the week belongs, which may differ from the year of the day at its borders.
    pub(super) fn from_week(year: i64, week: i64, day_of_week: i64) -> Result<Self> {
        within("year", year, calendar::YEARS)?;
        within("week of that year", week, 1..=calendar::weeks_of_year(year))?;
        within("day of the week", day_of_week, 1..=7)?;
        Self::from_number(calendar::first_monday(year) + (week - 1) * 7 + day_of_week - 1)
    }

    pub(super) fn from_quarter(year: i64, quarter: i64, day_of_quarter: i64) -> Result<Self> {
        within("year", year, calendar::YEARS)?;
        within("quarter", quarter, 1..=4)?;
        let first = calendar::day(year, quarter * 3 - 2, 1);
        let next = if quarter == 4 { calendar::first_day(year + 1) } else { calendar::day(year, quarter * 3 + 1, 1) };
        within("day of that quarter", day_of_quarter, 1..=next - first)?;
        Ok(Self { day: first + day_of_quarter - 1 })
    }

    pub(super) fn from_ordinal(year: i64, day: i64) -> Result<Self> {
        within("year", year, calendar::YEARS)?;
        within("day of that year", day, 1..=calendar::days_of_year(year))?;
        Ok(Self { day: calendar::first_day(year) + day - 1 })
    }

    pub(super) const fn year(self) -> i64 {
        calendar::year(self.day)
    }

    pub(super) fn year_month_day(self) -> (i64, i64, i64) {
        calendar::year_month_day(self.day)
    }

    /// From 1 to 4.
    pub(super) fn quarter(self) -> i64 {
        let (_, month, _) = self.year_month_day();
        (month + 2) / 3
    }

    /// From 1.
    pub(super) fn day_of_quarter(self) -> i64 {
        self.day - calendar::day(self.year(), self.quarter() * 3 - 2, 1) + 1
    }

    /// The year to which the week belongs, and the week's number.
    pub(super) const fn week(self) -> (i64, i64) {
        calendar::week(self.day)
    }

    /// From 1 for Monday to 7.
    pub(super) const fn day_of_week(self) -> i64 {
        calendar::day_of_week(self.day)
    }

    /// From 1.
    pub(super) const fn day_of_year(self) -> i64 {
        self.day - calendar::first_day(self.year()) + 1
    }

    /// So many days later.
    pub(super) fn plus_days(self, days: i64) -> Result<Self> {
        self.day.checked_add(days).map_or_else(|| Err(out_of_range("date")), Self::from_number)
    }

    /// So many months later, on the last day of that month if it has no such day.
    pub(super) fn plus_months(self, months: i64) -> Result<Self> {
        let (year, month, day) = self.year_month_day();
        let months = (year * 12 + month - 1).checked_add(months).ok_or_else(|| out_of_range("date"))?;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        if !calendar::YEARS.contains(&year) {
            return Err(out_of_range("date"));
        }
        Self::from_month(year, month, day.min(calendar::days_of_month(year, month)))
    }

    /// How many whole months later `other` is.
    pub(super) fn months_until(self, other: Self) -> i64 {
        // No month has 32 days, so this counts whole months and then days.
        let packed = |(year, month, day): (i64, i64, i64)| (year * 12 + month) * 32 + day;
        (packed(other.year_month_day()) - packed(self.year_month_day())) / 32
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.year_month_day();
        match year {
            ..0 => write!(formatter, "-{:04}", -year)?,
            0..=9999 => write!(formatter, "{year:04}")?,
            _ => write!(formatter, "+{year}")?,
        }
        write!(formatter, "-{month:02}-{day:02}")
    }
}
