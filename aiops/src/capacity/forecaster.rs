//! The forecaster itself.

use super::answer::Answer;
use super::backtest::Backtest;
use super::conformal::Conformal;
use super::exhaustion::Limit;
use super::forecast::{Forecast, Member, Season};
use super::members::members;
use super::prepare::Prepared;
use super::seasons::seasons;
use super::shift::{newest_shift, shift};
use crate::data::Series;
use crate::error::{Error, Result};
use crate::model::{Forecaster, Warning};

/// The farthest step.
pub const HORIZON: usize = 100_000;
/// The level of an exhaustion where no level was asked for.
const LEVEL: f64 = 0.95;
/// How many horizons of history the backtests want.
const HISTORY: usize = 3;
/// How many values at least, for seasons to be looked for.
const VALUES: usize = 32;
/// Members below this weight are not named.
const NAMED: f64 = 0.005;

/// Tells where a metric goes: an ensemble of simple members, weighted by what each would have said in the past.
///
/// It learns from the series that it is asked about and from nothing else, so that there is no model to keep. The same series
/// gives the same forecast, to the bit.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CapacityForecaster {
    limit: Option<Limit>,
}

impl CapacityForecaster {
    /// Without a limit.
    #[must_use]
    pub const fn new() -> Self {
        Self { limit: None }
    }

    /// Also tells when the limit is reached.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a limit that is no finite number.
    pub fn with_limit(self, limit: Limit) -> Result<Self> {
        if !limit.value.is_finite() {
            return Err(Error::Parameter { name: "limit", expected: "a finite number", found: limit.value.to_string() });
        }
        Ok(Self { limit: Some(limit) })
    }
}

impl Forecaster for CapacityForecaster {
    type Forecast = Forecast;

    fn forecast(&self, series: &Series, horizon: usize, levels: &[f64]) -> Result<Forecast> {
        check(horizon, levels)?;
        let mut prepared = Prepared::new(series)?;
        let mut warnings = std::mem::take(&mut prepared.warnings);
        let count = prepared.values.len();
        let wanted = (HISTORY * horizon).max(VALUES);
        if count < wanted {
            warnings.push(Warning::TooShort { what: format!("series {}", series.metric), wanted, found: count });
        }
        let mut found = seasons(&prepared.values, series.step());
        let season = found.first().map(|season| season.period);
        let shift = shift(&prepared.values, season).or_else(|| newest_shift(&prepared.values, season));
        if let Some(shift) = shift {
            warnings.push(Warning::LevelShift { at: series.values().len() - count + shift.at });
            prepared.raise_before(shift.at, shift.by);
            // A step hides seasons.
            found = seasons(&prepared.values, series.step());
        }
        let periods: Vec<usize> = found.iter().map(|season| season.period).collect();
        if let Some(season) = periods.first() {
            prepared.fill_by_season(*season);
        }
        let members = members(&prepared.values, prepared.non_negative, &periods);
        let backtest = Backtest::new(members, &prepared.values, &prepared.observed, horizon, &periods, shift);
        let (values, weights) = backtest.forecast(horizon);
        let conformal = Conformal::new(&backtest.residuals(), backtest.reach, horizon);
        let mut answer = Answer { series, prepared: &prepared, values, conformal };
        let points = answer.points(levels);
        let level = levels.iter().copied().reduce(f64::max).unwrap_or(LEVEL);
        let exhaustion = self.limit.and_then(|limit| answer.exhaustion(limit, level));
        let season = |period: usize, strength: f64| Season {
            period,
            seconds: (period as u64).saturating_mul(u64::from(series.step())),
            strength: strength.clamp(0.0, 1.0),
        };
        let seasonality = found.iter().map(|found| season(found.period, found.strength)).collect();
        let named = backtest.names.iter().zip(weights).filter(|(_, weight)| *weight >= NAMED);
        let members = named.map(|(name, weight)| Member { name: name.clone(), weight }).collect();
        Ok(Forecast { points, exhaustion, seasonality, members, warnings })
    }
}

/// Checks what was asked for.
fn check(horizon: usize, levels: &[f64]) -> Result<()> {
    if !(1..=HORIZON).contains(&horizon) {
        return Err(Error::Parameter { name: "horizon", expected: "1 to 100000 steps", found: horizon.to_string() });
    }
    match levels.iter().find(|level| !(**level > 0.0 && **level < 1.0)) {
        Some(level) => {
            Err(Error::Parameter { name: "levels", expected: "numbers above 0 and below 1", found: level.to_string() })
        }
        None => Ok(()),
    }
}
