//! Dates, times and durations.

/// A date, time or duration.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Temporal {
    /// Replaced by the real kinds.
    Nothing,
}
