//! The best split of a leaf.

use super::bins::{Bins, MISSING};
use super::histogram::{Cell, Histogram, Units, parts};
use super::parameters::Parameters;

/// The most categories on the smaller side of a split, as in LightGBM.
const CATEGORIES: usize = 32;

/// Splits that are looked at together.
const LANES: usize = 8;

/// What a split of a leaf would do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Split {
    /// How much the cost falls.
    pub(super) gain: f64,
    /// By which feature.
    pub(super) feature: usize,
    /// Which of its bins go left, a bit for each.
    pub(super) left: [u64; 4],
    /// The sums of the rows that do.
    pub(super) sum: Cell,
    /// The values of both sides, before the learning rate.
    pub(super) values: (f64, f64),
}

impl Split {
    /// Whether a bin goes left.
    pub(super) const fn goes_left(&self, bin: u8) -> bool {
        self.left[(bin >> 6) as usize] >> (bin & 63) & 1 == 1
    }
}

/// What is asked of the two sides of a split.
#[derive(Debug)]
pub(super) struct Search<'a> {
    /// How the booster learns.
    pub(super) parameters: &'a Parameters,
    /// What the cells are worth.
    pub(super) units: Units,
    /// The sum of the leaf.
    pub(super) total: Cell,
    /// How many rows it has.
    pub(super) rows: usize,
    /// The rows of each bin; without, those of a side are taken as its share of the leaf's curvature.
    pub(super) counts: Option<&'a Histogram>,
    /// Between which values it must stay.
    pub(super) bounds: (f64, f64),
    /// Whether any feature is held monotone: only then values are worked out while searching.
    pub(super) bounded: bool,
}

impl Search<'_> {
    /// The best split by one feature: better than `best`, or nothing. `direction` is 1, -1 or 0.
    pub(super) fn feature(&self, feature: usize, bins: &Bins, direction: i8, cells: &[Cell; 256], best: f64) -> Option<Split> {
        match bins {
            Bins::Numeric { .. } => self.numeric(feature, bins.len(), direction, cells, best),
            Bins::Categorical { .. } => self.categorical(feature, bins.len(), cells, best),
        }
    }

    fn numeric(&self, feature: usize, bins: usize, direction: i8, cells: &[Cell; 256], best: f64) -> Option<Split> {
        let missing = cells[usize::from(MISSING)];
        let side = Side::new(self, 0.0);
        let mut best = side.in_units(best);
        let mut found: Option<(usize, bool, Cell)> = None;
        // Without missing values the last bin cannot be split from anything.
        let last = if missing == 0 { bins.saturating_sub(1) } else { bins };
        let (mut sums, mut rows) = ([0; 256], [0; 256]);
        for missing_left in [false, true] {
            if missing_left && missing == 0 {
                break;
            }
            accumulate(cells, last, missing_left, &mut sums);
            let rows = self.counts.map(|counts| {
                accumulate(&counts[feature], last, missing_left, &mut rows);
                &rows[..last]
            });
            if let Some((bin, gain)) = side.best_of(&sums[..last], rows, direction, best) {
                best = gain;
                found = Some((bin, missing_left, sums[bin]));
            }
        }
        let (bin, mut missing_left, sum) = found?;
        if missing == 0 {
            // Nothing was missing here: what will be goes with most.
            let (_, left) = self.units.read(sum);
            let (_, right) = self.units.read(self.total - sum);
            missing_left = left > right;
        }
        let mut left = [0_u64; 4];
        (0..=bin).for_each(|bin| left[bin >> 6] |= 1 << (bin & 63));
        if missing_left {
            left[3] |= 1 << 63;
        }
        Some(Split { gain: best * side.unit, feature, left, sum, values: side.values(sum) })
    }

    /// Fisher 1958: the best of all two-sided splits by category lies along their order by mean; for a twice differentiable
    /// loss, by slope over curvature. Missing is a category of its own.
    fn categorical(&self, feature: usize, bins: usize, cells: &[Cell; 256], best: f64) -> Option<Split> {
        let side = Side::new(self, self.parameters.category_l2);
        let mut order: Vec<(f64, usize)> = (0..bins)
            .chain([usize::from(MISSING)])
            .filter(|bin| cells[*bin] != 0)
            .map(|bin| {
                let (slope, curvature) = self.units.read(cells[bin]);
                (slope / (curvature + self.parameters.category_smoothing.max(f64::MIN_POSITIVE)), bin)
            })
            .collect();
        order.sort_by(|left, right| left.0.total_cmp(&right.0));
        let mut best = side.in_units(best);
        let mut found: Option<(bool, usize, Cell)> = None;
        for backward in [false, true] {
            let (mut sum, mut rows) = (0, 0);
            for taken in 0..order.len().saturating_sub(1).min(CATEGORIES) {
                let place = if backward { order.len() - 1 - taken } else { taken };
                sum += cells[order[place].1];
                rows += self.counts.map_or(0, |counts| counts[feature][order[place].1]);
                if side.may_have(rows)
                    && let Some(gain) = side.better(sum, 0, best)
                {
                    best = gain;
                    found = Some((backward, taken, sum));
                }
            }
        }
        let (backward, taken, sum) = found?;
        let mut left = [0_u64; 4];
        for step in 0..=taken {
            let bin = order[if backward { order.len() - 1 - step } else { step }].1;
            left[bin >> 6] |= 1 << (bin & 63);
        }
        Some(Split { gain: best * side.unit, feature, left, sum, values: side.values(sum) })
    }
}

/// Sums the first bins, each with those before it, and with the missing values if those go left.
fn accumulate(cells: &[Cell; 256], last: usize, missing_left: bool, sums: &mut [Cell; 256]) {
    let mut sum = if missing_left { cells[usize::from(MISSING)] } else { 0 };
    for (place, cell) in sums.iter_mut().zip(&cells[..last]) {
        sum += cell;
        *place = sum;
    }
}

/// The gain of Chen and Guestrin 2016, equation 7, for sides that are large enough. All numbers are in units of the cells.
struct Side<'a> {
    search: &'a Search<'a>,
    /// What a unit of gain is worth.
    unit: f64,
    l2: f64,
    slope: f64,
    curvature: f64,
    /// What the leaf is worth as it is.
    whole: f64,
    least_curvature: f64,
}

impl<'a> Side<'a> {
    fn new(search: &'a Search<'a>, category_l2: f64) -> Self {
        let l2 = search.units.of_curvature(search.parameters.l2 + category_l2);
        let (slope, curvature) = parts(search.total);
        let mut least_curvature = search.units.of_curvature(search.parameters.minimum_weight);
        if search.counts.is_none() {
            // Exact where each row has the same curvature.
            let by_rows = (search.parameters.minimum_samples as f64 - 0.5) / search.rows.max(1) as f64 * curvature;
            least_curvature = least_curvature.max(by_rows);
        }
        let mut side = Self { search, unit: search.units.gain(), l2, slope, curvature, whole: 0.0, least_curvature };
        side.whole =
            if search.bounded { side.worth(search.total, side.value(search.total)) } else { slope * slope / (curvature + l2) };
        side
    }

    /// A gain in units.
    fn in_units(&self, gain: f64) -> f64 {
        let units = gain / self.unit;
        if units.is_finite() { units } else { f64::MAX }
    }

    /// The best value of a side, within the bounds.
    fn value(&self, sum: Cell) -> f64 {
        let (slope, curvature) = self.search.units.read(sum);
        let l2 = self.l2 / self.search.units.of_curvature(1.0);
        (-slope / (curvature + l2)).clamp(self.search.bounds.0, self.search.bounds.1)
    }

    fn values(&self, sum: Cell) -> (f64, f64) {
        (self.value(sum), self.value(self.search.total - sum))
    }

    /// How much the cost falls by giving a side this value, doubled.
    fn worth(&self, sum: Cell, value: f64) -> f64 {
        let (slope, curvature) = self.search.units.read(sum);
        let l2 = self.l2 / self.search.units.of_curvature(1.0);
        -(2.0 * slope * value + (curvature + l2) * value * value) / self.unit
    }

    /// Whether a side may have so many rows, where they are counted.
    fn may_have(&self, rows: Cell) -> bool {
        let least = self.search.parameters.minimum_samples as Cell;
        self.search.counts.is_none() || (rows >= least && self.search.rows as Cell - rows >= least)
    }

    /// The first of the best splits whose left sides have these sums, each a part of the next, and its gain, if that is more than
    /// the best so far. `rows` are those of the left sides, where they are counted.
    fn best_of(&self, sums: &[Cell], rows: Option<&[Cell]>, direction: i8, mut best: f64) -> Option<(usize, f64)> {
        let mut from = sums.partition_point(|sum| parts(*sum).1 < self.least_curvature);
        let mut to = sums.partition_point(|sum| self.curvature - parts(*sum).1 >= self.least_curvature);
        if let Some(rows) = rows {
            let (least, all) = (self.search.parameters.minimum_samples as Cell, self.search.rows as Cell);
            from = from.max(rows.partition_point(|rows| *rows < least));
            to = to.min(rows.partition_point(|rows| all - rows >= least));
        }
        let sums = sums.get(from..to)?;
        if self.search.bounded {
            let mut found = None;
            for (place, sum) in sums.iter().enumerate() {
                if let Some(gain) = self.better(*sum, direction, best) {
                    best = gain;
                    found = Some((from + place, gain));
                }
            }
            return found;
        }
        let mut before = None;
        let mut found: Option<(usize, f64)> = None;
        let mut least = best + self.whole;
        for (chunk, sums) in sums.chunks(LANES).enumerate() {
            // Most splits are not the best: several at once are told so, without a division.
            if let Ok(sums) = <&[Cell; LANES]>::try_from(sums)
                && !self.any_above(sums, least)
            {
                continue;
            }
            for (lane, sum) in sums.iter().enumerate() {
                let (above, below) = self.ratio(*sum);
                // An empty bin moves nothing from one side to the other.
                if above > least * below && before != Some(*sum) {
                    best = above / below - self.whole;
                    least = best + self.whole;
                    before = Some(*sum);
                    found = Some((from + chunk * LANES + lane, best));
                }
            }
        }
        found
    }

    /// Whether any of these is worth more, told without a branch.
    fn any_above(&self, sums: &[Cell; LANES], least: f64) -> bool {
        sums.iter().fold(false, |any, sum| {
            let (above, below) = self.ratio(*sum);
            any | (above > least * below)
        })
    }

    /// What the two sides are worth, as a fraction.
    fn ratio(&self, sum: Cell) -> (f64, f64) {
        let (left_slope, left) = parts(sum);
        let (right_slope, right) = (self.slope - left_slope, self.curvature - left + self.l2);
        let left = left + self.l2;
        (left_slope * left_slope * right + right_slope * right_slope * left, left * right)
    }

    /// The gain of a split, if it is more than the best so far.
    fn better(&self, sum: Cell, direction: i8, best: f64) -> Option<f64> {
        let left = parts(sum).1;
        if left < self.least_curvature || self.curvature - left < self.least_curvature {
            return None;
        }
        if self.search.bounded {
            let (low, high) = self.values(sum);
            let gain = self.worth(sum, low) + self.worth(self.search.total - sum, high) - self.whole;
            return (f64::from(direction) * (high - low) >= 0.0 && gain > best).then_some(gain);
        }
        let (above, below) = self.ratio(sum);
        (above > (best + self.whole) * below).then(|| above / below - self.whole)
    }
}
