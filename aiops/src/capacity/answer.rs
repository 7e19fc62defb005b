//! From scaled numbers by step to those of the series by time.

use super::conformal::Conformal;
use super::exhaustion::{Limit, reached};
use super::forecast::{Exhaustion, Interval, Point};
use super::prepare::Prepared;
use crate::data::Series;

/// A forecast of the scaled series, and what is needed to tell it in the unit and the times of the series.
#[derive(Debug)]
pub(super) struct Answer<'a> {
    pub(super) series: &'a Series,
    pub(super) prepared: &'a Prepared,
    pub(super) values: Vec<f64>,
    pub(super) conformal: Conformal,
}

impl Answer<'_> {
    /// Each step with its intervals.
    pub(super) fn points(&mut self, levels: &[f64]) -> Vec<Point> {
        let factors: Vec<(f64, f64)> = levels.iter().map(|level| self.conformal.factors(*level)).collect();
        let point = |(step, value): (usize, &f64)| {
            let spread = self.conformal.spread(step);
            let interval = |(level, (below, above)): (&f64, &(f64, f64))| Interval {
                level: *level,
                lower: self.prepared.restore(value - below * spread),
                upper: self.prepared.restore(value + above * spread),
            };
            Point {
                time: self.time(step),
                value: self.prepared.restore(*value),
                intervals: levels.iter().zip(&factors).map(interval).collect(),
            }
        };
        self.values.iter().enumerate().map(point).collect()
    }

    /// When the limit is reached, with an interval of this level.
    pub(super) fn exhaustion(&mut self, limit: Limit, level: f64) -> Option<Exhaustion> {
        let mut paths = self.conformal.paths(&self.values, level);
        for value in paths.iter_mut().flat_map(|(_, path)| path) {
            *value = self.prepared.restore(*value);
        }
        let values: Vec<f64> = self.values.iter().map(|value| self.prepared.restore(*value)).collect();
        let reached = reached(limit, &values, &paths, level)?;
        Some(Exhaustion {
            expected: reached.expected.map(|step| self.time(step)),
            earliest: self.time(reached.earliest),
            latest: reached.latest.map(|step| self.time(step)),
            level,
        })
    }

    /// The time of a step, the first one right after the series.
    fn time(&self, step: usize) -> i64 {
        self.series.time(self.series.values().len() + step)
    }
}
