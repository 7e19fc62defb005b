//! The mean of the squared deviations, each metric for itself.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The least standard deviation of a metric, in units of the scale: one that hardly varied must not decide alone.
const LEAST: f64 = 0.05;

/// Centre and variance of each metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Deviation {
    centre: Vec<f64>,
    variances: Vec<f64>,
}

impl Deviation {
    pub(super) fn fit(rows: &[&[f64]]) -> Self {
        let metrics = rows.first().map_or(0, |row| row.len());
        let count = rows.len().max(1) as f64;
        let mean = |of: &dyn Fn(&[f64]) -> f64| rows.iter().map(|row| of(row)).sum::<f64>() / count;
        let centre: Vec<f64> = (0..metrics).map(|metric| mean(&|row| row[metric])).collect();
        let variance =
            |(metric, centre): (usize, &f64)| mean(&|row| (row[metric] - centre) * (row[metric] - centre)).max(LEAST * LEAST);
        let variances = centre.iter().enumerate().map(variance).collect();
        Self { centre, variances }
    }

    /// The mean; `parts` becomes the share of each metric in it.
    pub(super) fn measure(&self, row: &[f64], parts: &mut Vec<f64>) -> f64 {
        let metrics = self.centre.len() as f64;
        parts.clear();
        let part = |((value, centre), variance): ((&f64, &f64), &f64)| (value - centre) * (value - centre) / variance / metrics;
        parts.extend(row.iter().zip(&self.centre).zip(&self.variances).map(part));
        parts.iter().sum()
    }

    pub(super) fn check(&self, metrics: usize) -> Result<()> {
        let finite = self.centre.iter().all(|value| value.abs() <= 1e6);
        let positive = self.variances.iter().all(|variance| *variance >= LEAST * LEAST && variance.is_finite());
        if self.centre.len() != metrics || self.variances.len() != metrics || !finite || !positive {
            let expected = format!("mean and variance of {metrics} metrics");
            return Err(Error::ModelFile { expected, found: "others".into() });
        }
        Ok(())
    }
}
