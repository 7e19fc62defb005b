//! Offsets from UTC.

use std::fmt;

use super::within;
use crate::error::Result;

/// How much later the clocks are than those of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Offset {
    seconds: i64,
}

impl Offset {
    pub(super) const UTC: Self = Self { seconds: 0 };

    /// The largest: 18 hours, as Neo4j has it.
    const LARGEST: i64 = 18 * 3600;

    pub(super) fn from_seconds(seconds: i64) -> Result<Self> {
        within("number of seconds as offset", seconds, -Self::LARGEST..=Self::LARGEST).map(|seconds| Self { seconds })
    }

    pub(super) const fn seconds(self) -> i64 {
        self.seconds
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.seconds == 0 {
            return formatter.write_str("Z");
        }
        let (sign, seconds) = if self.seconds < 0 { ('-', -self.seconds) } else { ('+', self.seconds) };
        write!(formatter, "{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60)?;
        if seconds % 60 != 0 {
            write!(formatter, ":{:02}", seconds % 60)?;
        }
        Ok(())
    }
}
