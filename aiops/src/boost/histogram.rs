//! Sums of slope and curvature by bin.

use super::matrix::Matrix;

/// Slope in the upper 32 bits, curvature in the lower: one addition adds both.
///
/// They are whole numbers of a unit chosen so that the sum over all rows fits ([`Units`]). A sum of such does not depend on the
/// order, and the difference of two is exact.
pub(super) type Cell = i64;

/// The cells of every feature, 256 each.
pub(super) type Histogram = Vec<[Cell; 256]>;

/// What one unit of a cell is worth.
#[derive(Debug, Clone, Copy)]
pub(super) struct Units {
    slope: f64,
    curvature: f64,
}

impl Units {
    /// Puts slopes and curvatures into cells. The units are a 2^30th of all slopes' size and a 2^31st of all curvature, so that
    /// a row of average size keeps 13 bits even among 100,000.
    pub(super) fn pack(slopes: &[(f64, f64)], cells: &mut Vec<Cell>) -> Self {
        let (mut slope, mut curvature) = (0.0, 0.0);
        for (row_slope, row_curvature) in slopes {
            slope += row_slope.abs();
            curvature += row_curvature;
        }
        let unit = |sum: f64, parts: f64| if sum / parts > f64::MIN_POSITIVE { sum / parts } else { 1.0 };
        let units = Self { slope: unit(slope, f64::from(1 << 30)), curvature: unit(curvature, f64::from(1_u32 << 31)) };
        let (slope_scale, curvature_scale) = (1.0 / units.slope, 1.0 / units.curvature);
        cells.clear();
        cells.extend(slopes.iter().map(|(slope, curvature)| {
            let slope = slope * slope_scale;
            // Rounds half away from zero without a call.
            let slope = (slope + if slope < 0.0 { -0.5 } else { 0.5 }) as i64;
            (slope << 32) + (curvature * curvature_scale + 0.5) as i64
        }));
        units
    }

    /// Slope and curvature of a sum.
    pub(super) fn read(self, cell: Cell) -> (f64, f64) {
        let (slope, curvature) = parts(cell);
        (slope * self.slope, curvature * self.curvature)
    }

    /// A curvature in units.
    pub(super) fn of_curvature(self, curvature: f64) -> f64 {
        curvature / self.curvature
    }

    /// What the square of a unit of slope over one of curvature is worth: the unit of gains.
    pub(super) fn gain(self) -> f64 {
        self.slope * (self.slope / self.curvature)
    }
}

/// Slope and curvature of a sum, in units: both whole numbers below 2^32, and so exact.
pub(super) fn parts(cell: Cell) -> (f64, f64) {
    /// The bits of 2^52, of which the lowest place is worth 1: what is put there is added. Processors do that to several numbers at
    /// once, which few can with a conversion.
    const WHOLE: u64 = 0x4330_0000_0000_0000;
    const HALF: u64 = 1 << 31;
    let cell = cell.cast_unsigned();
    let slope = f64::from_bits(WHOLE | ((cell >> 32) ^ HALF)) - f64::from_bits(WHOLE | HALF);
    let curvature = f64::from_bits(WHOLE | (cell & 0xffff_ffff)) - f64::from_bits(WHOLE);
    (slope, curvature)
}

/// Sums the rows of a leaf, for the features in use; the cells of others hold anything. `cells` are those of all rows; `gathered` is room for those of the leaf.
pub(super) fn sum(
    matrix: &Matrix,
    rows: &[u32],
    cells: &[Cell],
    used: &[bool],
    gathered: &mut Vec<Cell>,
    histogram: &mut Histogram,
) {
    gathered.clear();
    gathered.extend(rows.iter().map(|row| cells[*row as usize]));
    let total: Cell = gathered.iter().sum();
    for group in &matrix.groups {
        if !group.features.iter().any(|feature| used[*feature]) {
            continue;
        }
        let mut sums = [[0; 256]; 4];
        let [first, second, third, fourth] = &mut sums;
        if rows.len() == group.bins.len() {
            for (bins, cell) in group.bins.iter().zip(cells) {
                first[usize::from(bins[0])] += cell;
                second[usize::from(bins[1])] += cell;
                third[usize::from(bins[2])] += cell;
                fourth[usize::from(bins[3])] += cell;
            }
        } else {
            for (row, cell) in rows.iter().zip(gathered.iter()) {
                let bins = group.bins[*row as usize];
                first[usize::from(bins[0])] += cell;
                second[usize::from(bins[1])] += cell;
                third[usize::from(bins[2])] += cell;
                fourth[usize::from(bins[3])] += cell;
            }
        }
        for (feature, sums) in group.features.iter().zip(&sums) {
            histogram[*feature] = *sums;
        }
    }
    if matrix.sparse.iter().any(|(feature, _)| used[*feature]) {
        matrix.sparse.iter().for_each(|(feature, _)| histogram[*feature].fill(0));
        let flat = histogram.as_flattened_mut();
        for (row, cell) in rows.iter().zip(gathered.iter()) {
            let (from, to) = (matrix.starts[*row as usize] as usize, matrix.starts[*row as usize + 1] as usize);
            for entry in &matrix.entries[from..to] {
                flat[*entry as usize] += cell;
            }
        }
        for (feature, commonest) in matrix.sparse.iter().filter(|(feature, _)| used[*feature]) {
            let others: Cell = histogram[*feature].iter().sum();
            histogram[*feature][usize::from(*commonest)] = total - others;
        }
    }
}

/// Leaves in `whole` what is not of `part`, for the features in use.
pub(super) fn subtract(whole: &mut Histogram, part: &Histogram, used: &[bool]) {
    for ((whole, part), _) in whole.iter_mut().zip(part).zip(used).filter(|(_, used)| **used) {
        whole.iter_mut().zip(part).for_each(|(whole, part)| *whole -= part);
    }
}
