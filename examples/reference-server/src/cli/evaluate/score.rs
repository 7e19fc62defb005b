//! A measured figure beside its floor.

use std::fmt;

use serde::Serialize;

/// The figures of one data set.
#[derive(Debug, Serialize)]
pub(super) struct Scores {
    /// Which data, and how it was split.
    pub(super) data: String,
    /// What was measured.
    pub(super) scores: Vec<Score>,
    /// Processor seconds of all trainings.
    pub(super) fit_seconds: f64,
    /// Processor seconds of all answers.
    pub(super) predict_seconds: f64,
}

/// One figure.
#[derive(Debug, Serialize)]
pub(super) struct Score {
    /// Of what.
    pub(super) measure: &'static str,
    /// What came out.
    pub(super) value: f64,
    /// What must come out.
    pub(super) bound: Bound,
}

/// What a figure must be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Bound {
    /// Not below.
    AtLeast(f64),
    /// Not above.
    AtMost(f64),
    /// Neither below nor above.
    Between(f64, f64),
    /// Told for orientation.
    None,
}

/// Whether a figure is what it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Reached,
    Below,
    Told,
}

impl Verdict {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Reached => "ok",
            Self::Below => "BELOW",
            Self::Told => "",
        }
    }
}

impl Score {
    pub(super) const fn new(measure: &'static str, value: f64, bound: Bound) -> Self {
        Self { measure, value, bound }
    }

    /// Whether the value is what it must be; `NaN` never is.
    pub(super) fn verdict(&self) -> Verdict {
        let reached = match self.bound {
            Bound::AtLeast(floor) => self.value >= floor,
            Bound::AtMost(ceiling) => self.value <= ceiling,
            Bound::Between(floor, ceiling) => (floor..=ceiling).contains(&self.value),
            Bound::None => return Verdict::Told,
        };
        if reached { Verdict::Reached } else { Verdict::Below }
    }

    /// The value with four significant digits.
    pub(super) fn shown(&self) -> String {
        let decimals = match self.value.abs() {
            size if size >= 1000.0 => 0,
            size if size >= 100.0 => 1,
            size if size >= 10.0 => 2,
            size if size >= 1.0 => 3,
            _ => 4,
        };
        format!("{:.decimals$}", self.value)
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(floor) => write!(f, ">= {floor}"),
            Self::AtMost(ceiling) => write!(f, "<= {ceiling}"),
            Self::Between(floor, ceiling) => write!(f, "{floor} to {ceiling}"),
            Self::None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_held_against_its_bound() {
        let verdict = |value, bound| Score::new("x", value, bound).verdict();
        assert_eq!(verdict(0.96, Bound::AtLeast(0.96)), Verdict::Reached);
        assert_eq!(verdict(0.95, Bound::AtLeast(0.96)), Verdict::Below);
        assert_eq!(verdict(0.54, Bound::AtMost(0.53)), Verdict::Below);
        assert_eq!(verdict(0.95, Bound::Between(0.93, 0.97)), Verdict::Reached);
        assert_eq!(verdict(f64::NAN, Bound::AtMost(1.0)), Verdict::Below);
        assert_eq!(verdict(f64::NAN, Bound::None), Verdict::Told);
        assert_eq!(Score::new("x", 0.96123, Bound::None).shown(), "0.9612");
        assert_eq!(Bound::Between(0.93, 0.97).to_string(), "0.93 to 0.97");
    }
}
