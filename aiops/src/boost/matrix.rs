//! The training rows as bins, laid out for summing histograms.

use super::bins::Bins;
use crate::data::{Schema, Table};

/// Features that are summed together: one load brings the bins of all of them.
pub(super) const GROUP: usize = 4;
/// A feature whose commonest bin holds this share of the rows is kept as its other entries only.
const SPARSE: f64 = 0.8;

/// The training rows as bins.
#[derive(Debug)]
pub(super) struct Matrix {
    /// How each feature was binned.
    pub(super) bins: Vec<Bins>,
    /// The bin of every row, feature after feature.
    columns: Vec<Vec<u8>>,
    /// Dense features, four and four.
    pub(super) groups: Vec<Group>,
    /// Sparse features with their commonest bin.
    pub(super) sparse: Vec<(usize, u8)>,
    /// Features of more than one bin: nothing can be split by the others.
    pub(super) varying: Vec<bool>,
    /// Where each row's sparse entries begin; one more than there are rows.
    pub(super) starts: Vec<u32>,
    /// Places in a histogram, of 256 cells for each feature.
    pub(super) entries: Vec<u32>,
}

/// Four dense features side by side.
#[derive(Debug)]
pub(super) struct Group {
    /// Which ones; fewer than four in the last group.
    pub(super) features: Vec<usize>,
    /// Their bins, row after row.
    pub(super) bins: Vec<[u8; GROUP]>,
}

impl Matrix {
    /// Bins a table.
    pub(super) fn new(schema: &Schema, table: &Table) -> Self {
        let rows = table.rows();
        let bins: Vec<Bins> =
            schema.features().iter().enumerate().map(|(column, feature)| Bins::of(feature, table, column)).collect();
        let columns: Vec<Vec<u8>> =
            bins.iter().enumerate().map(|(column, bins)| table.column(column).map(|value| bins.bin(value)).collect()).collect();
        let (mut dense, mut sparse) = (Vec::new(), Vec::new());
        let mut varying = vec![true; columns.len()];
        for (feature, column) in columns.iter().enumerate() {
            let mut counts = [0_usize; 256];
            column.iter().for_each(|bin| counts[usize::from(*bin)] += 1);
            let commonest = (0..=255_u8).max_by_key(|bin| (counts[usize::from(*bin)], std::cmp::Reverse(*bin))).unwrap_or(0);
            let share = counts[usize::from(commonest)] as f64 / rows.max(1) as f64;
            varying[feature] = counts[usize::from(commonest)] < rows;
            if share >= SPARSE { sparse.push((feature, commonest)) } else { dense.push(feature) }
        }
        let groups = dense.chunks(GROUP).map(|features| Group::new(features, &columns, rows)).collect();
        let (starts, entries) = entries(&sparse, &columns, rows);
        Self { bins, columns, groups, sparse, varying, starts, entries }
    }

    /// How many features.
    pub(super) fn features(&self) -> usize {
        self.bins.len()
    }

    /// The bin of every row for one feature.
    pub(super) fn column(&self, feature: usize) -> &[u8] {
        &self.columns[feature]
    }
}

impl Group {
    fn new(features: &[usize], columns: &[Vec<u8>], rows: usize) -> Self {
        let mut bins = vec![[0; GROUP]; rows];
        for (lane, feature) in features.iter().enumerate() {
            bins.iter_mut().zip(&columns[*feature]).for_each(|(bins, bin)| bins[lane] = *bin);
        }
        Self { features: features.to_vec(), bins }
    }
}

/// The entries of sparse features that are not in their commonest bin, row after row.
fn entries(sparse: &[(usize, u8)], columns: &[Vec<u8>], rows: usize) -> (Vec<u32>, Vec<u32>) {
    let mut starts = Vec::with_capacity(rows + 1);
    let mut entries = Vec::new();
    starts.push(0);
    for row in 0..rows {
        for (column, (feature, commonest)) in sparse.iter().map(|pair| (&columns[pair.0], pair)) {
            let bin = column[row];
            if bin != *commonest {
                entries.push(u32::try_from(feature * 256 + usize::from(bin)).unwrap_or(0));
            }
        }
        // A table has at most 100,000,000 values.
        starts.push(u32::try_from(entries.len()).unwrap_or(u32::MAX));
    }
    (starts, entries)
}
