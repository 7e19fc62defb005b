//! How long something takes.

use std::cmp::Ordering;
use std::fmt;

use super::local_time::{DAY, DAY_SECONDS, SECOND, write_fraction};
use super::out_of_range;
use super::ratio::Ratio;
use crate::error::Result;

/// Seconds of a month on average: those of 400 years divided by their 4,800 months.
const MONTH_SECONDS: i64 = 2_629_746;

/// Months, days and seconds, which are kept apart: a month has no fixed number of days, nor a day of seconds.
///
/// Ordered by its length with months of 30.436875 days and days of 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Duration {
    months: i64,
    days: i64,
    seconds: i64,
    /// What is added to the seconds; from 0 to 999,999,999 also where they are negative.
    nanoseconds: i64,
}

impl Duration {
    pub(super) fn new(months: i128, days: i128, nanoseconds: i128) -> Result<Self> {
        let second = i128::from(SECOND);
        let narrow = |number: i128| i64::try_from(number).map_err(|_| out_of_range("duration"));
        Ok(Self {
            months: narrow(months)?,
            days: narrow(days)?,
            seconds: narrow(nanoseconds.div_euclid(second))?,
            nanoseconds: narrow(nanoseconds.rem_euclid(second))?,
        })
    }

    /// Of numbers that need not be whole: a part of a month becomes days, a part of a day seconds.
    pub(super) fn from_ratios(months: Ratio, days: Ratio, nanoseconds: Ratio) -> Result<Self> {
        let (months, rest) = months.split();
        let month_days = Ratio::whole(i128::from(MONTH_SECONDS)).times(Ratio::whole(i128::from(DAY_SECONDS)).inverse()?)?;
        let (days, rest) = days.plus(rest.times(month_days)?)?.split();
        let (nanoseconds, _) = nanoseconds.plus(rest.times(Ratio::whole(i128::from(DAY)))?)?.split();
        Self::new(months, days, nanoseconds)
    }

    pub(super) const fn months(self) -> i64 {
        self.months
    }

    pub(super) const fn days(self) -> i64 {
        self.days
    }

    /// Whole seconds downwards: -1 for -0.5 s.
    pub(super) const fn seconds(self) -> i64 {
        self.seconds
    }

    /// What is added to [`Duration::seconds`].
    pub(super) const fn nanoseconds_of_second(self) -> i64 {
        self.nanoseconds
    }

    /// All that is neither months nor days.
    pub(super) const fn nanoseconds(self) -> i128 {
        self.seconds as i128 * SECOND as i128 + self.nanoseconds as i128
    }

    /// The sum.
    pub(super) fn plus(self, other: Self) -> Result<Self> {
        let sum = |left: i64, right: i64| i128::from(left) + i128::from(right);
        Self::new(sum(self.months, other.months), sum(self.days, other.days), self.nanoseconds() + other.nanoseconds())
    }

    /// As long the other way.
    pub(super) fn negated(self) -> Result<Self> {
        Self::new(-i128::from(self.months), -i128::from(self.days), -self.nanoseconds())
    }

    /// So many times as long.
    pub(super) fn times(self, factor: Ratio) -> Result<Self> {
        let scaled = |part: i128| Ratio::whole(part).times(factor);
        Self::from_ratios(scaled(self.months.into())?, scaled(self.days.into())?, scaled(self.nanoseconds())?)
    }

    /// How long it is on average, in nanoseconds.
    const fn average(self) -> i128 {
        let seconds = self.months as i128 * MONTH_SECONDS as i128 + self.days as i128 * DAY_SECONDS as i128;
        seconds * SECOND as i128 + self.nanoseconds()
    }
}

impl Ord for Duration {
    fn cmp(&self, other: &Self) -> Ordering {
        let parts = |duration: &Self| (duration.average(), duration.months, duration.days);
        parts(self).cmp(&parts(other))
    }
}

impl PartialOrd for Duration {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanoseconds = self.nanoseconds();
        let seconds = nanoseconds / i128::from(SECOND);
        // Less than a second.
        let fraction = (nanoseconds % i128::from(SECOND)) as i64;
        let date = [(self.months / 12, 'Y'), (self.months % 12, 'M'), (self.days, 'D')];
        formatter.write_str("P")?;
        for (number, unit) in date {
            if number != 0 {
                write!(formatter, "{number}{unit}")?;
            }
        }
        if nanoseconds == 0 {
            let empty = self.months == 0 && self.days == 0;
            return formatter.write_str(if empty { "T0S" } else { "" });
        }
        formatter.write_str("T")?;
        for (number, unit) in [(seconds / 3600, 'H'), (seconds / 60 % 60, 'M')] {
            if number != 0 {
                write!(formatter, "{number}{unit}")?;
            }
        }
        let second = seconds % 60;
        if second == 0 && fraction == 0 {
            return Ok(());
        }
        if nanoseconds < 0 {
            formatter.write_str("-")?;
        }
        write!(formatter, "{}", second.abs())?;
        write_fraction(fraction.abs(), formatter)?;
        formatter.write_str("S")
    }
}
