//! What a model was asked about lately, to see whether that is still like its training.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use dharmagraph_aiops::data::Table;
use dharmagraph_aiops::drift::{DriftReference, MINIMUM_ROWS, uniformity};
use dharmagraph_aiops::model::Warning;

/// How many rows are remembered.
const ROWS: usize = 1000;
/// After how many new rows they are compared again.
const EVERY: usize = 100;

/// The last rows that a model was asked about, and what is to be said of them.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<Window>);

#[derive(Debug, Default)]
struct Window {
    rows: VecDeque<Vec<f64>>,
    p_values: VecDeque<f64>,
    new: usize,
    warnings: Vec<Warning>,
}

impl Recent {
    /// Remembers rows and, for models that have them, the p-values that they got; tells what drifts among the last thousand.
    pub(crate) fn observe<'a>(
        &self,
        reference: &DriftReference,
        rows: impl ExactSizeIterator<Item = &'a [f64]>,
        p_values: &[f64],
    ) -> Vec<Warning> {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        window.new = window.new.saturating_add(rows.len());
        let skipped = rows.len().saturating_sub(ROWS);
        window.rows.extend(rows.skip(skipped).map(<[f64]>::to_vec));
        window.p_values.extend(p_values.iter().skip(p_values.len().saturating_sub(ROWS)));
        let (rows, p_values) = (window.rows.len().saturating_sub(ROWS), window.p_values.len().saturating_sub(ROWS));
        window.rows.drain(..rows);
        window.p_values.drain(..p_values);
        if window.new >= EVERY && window.rows.len() >= MINIMUM_ROWS {
            window.new = 0;
            window.warnings = window.compared(reference);
        }
        window.warnings.clone()
    }
}

impl Window {
    fn compared(&self, reference: &DriftReference) -> Vec<Warning> {
        let columns = self.rows.front().map_or(1, Vec::len);
        let table = Table::new(self.rows.iter().flatten().copied().collect(), columns);
        let mut warnings = table.and_then(|table| reference.compare(&table)).unwrap_or_default();
        let p_values: Vec<f64> = self.p_values.iter().copied().collect();
        warnings.extend(uniformity(&p_values).ok().flatten());
        warnings
    }
}

#[cfg(test)]
mod tests {
    use dharmagraph_aiops::data::Schema;

    use super::*;

    #[test]
    fn rows_of_another_distribution_are_told_once_there_are_enough() {
        let rows = |shift: f64| -> Vec<Vec<f64>> { (0..1000).map(|row| vec![f64::from(row % 100) + shift]).collect() };
        let table = Table::new(rows(0.0).concat(), 1).unwrap();
        let reference = DriftReference::new(&Schema::numeric(["load"]).unwrap(), &table).unwrap();
        let recent = Recent::default();
        assert!(recent.observe(&reference, rows(0.0).iter().map(Vec::as_slice), &[]).is_empty());
        assert!(recent.observe(&reference, rows(90.0)[..50].iter().map(Vec::as_slice), &[]).is_empty());
        let warnings = recent.observe(&reference, rows(90.0).iter().map(Vec::as_slice), &[]);
        assert!(matches!(&warnings[0], Warning::Drift { feature, .. } if feature == "load"), "{warnings:?}");
    }
}
