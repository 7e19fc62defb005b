//! One tree, grown leaf by leaf.

use rand_chacha::ChaCha8Rng;

use super::bins::{Bins, MISSING};
use super::forest::{Forest, Node, Tree};
use super::histogram::{Cell, Histogram, Units, subtract, sum};
use super::matrix::Matrix;
use super::parameters::Parameters;
use super::rows::{draw, partition};
use super::split::{Search, Split};

/// What is needed for tree after tree, with room that is used again.
#[derive(Debug)]
pub(super) struct Grower<'a> {
    pub(super) matrix: &'a Matrix,
    pub(super) parameters: &'a Parameters,
    /// 1, -1 or 0 for each feature.
    pub(super) directions: Vec<i8>,
    cells: Vec<Cell>,
    ones: Vec<Cell>,
    gathered: Vec<Cell>,
    moved: Vec<u32>,
    free: Vec<Histogram>,
}

/// A tree as it was grown, over bins.
#[derive(Debug)]
pub(super) struct Grown {
    /// The rows of its leaves, leaf after leaf.
    pub(super) rows: Vec<u32>,
    pub(super) leaves: Vec<Leaf>,
    nodes: Vec<(Split, [i32; 2])>,
}

/// A leaf while the tree grows.
#[derive(Debug)]
pub(super) struct Leaf {
    /// Where its rows begin.
    pub(super) from: usize,
    /// Where they end.
    pub(super) to: usize,
    /// Between which values it must stay.
    pub(super) bounds: (f64, f64),
    depth: usize,
    total: Cell,
    histogram: Option<Histogram>,
    split: Option<Split>,
    /// Whether its rows were counted by bin.
    counted: bool,
    parent: Option<(usize, usize)>,
}

impl<'a> Grower<'a> {
    pub(super) fn new(matrix: &'a Matrix, parameters: &'a Parameters, directions: Vec<i8>) -> Self {
        let (cells, ones, gathered) = (Vec::new(), Vec::new(), Vec::new());
        Self { matrix, parameters, directions, cells, ones, gathered, moved: Vec::new(), free: Vec::new() }
    }

    /// Grows a tree over some rows, given in ascending order, that lowers the cost of which these are the slopes.
    pub(super) fn grow(&mut self, slopes: &[(f64, f64)], rows: Vec<u32>, random: &mut ChaCha8Rng) -> Grown {
        let units = Units::pack(slopes, &mut self.cells);
        let used = draw(&self.matrix.varying, self.parameters.columns, random);
        let total = rows.iter().map(|row| self.cells[*row as usize]).sum();
        let bounds = (f64::NEG_INFINITY, f64::INFINITY);
        let root =
            Leaf { from: 0, to: rows.len(), bounds, depth: 0, total, histogram: None, split: None, counted: false, parent: None };
        let mut grown = Grown { rows, leaves: vec![root], nodes: Vec::new() };
        if self.may_split(&grown.leaves[0]) {
            let histogram = self.histogram(&grown.rows, &used);
            self.search(&mut grown.leaves[0], histogram, None, units, &used, random);
        }
        while grown.leaves.len() < self.parameters.leaves {
            let gain = |leaf: &Leaf| leaf.split.as_ref().map_or(f64::NEG_INFINITY, |split| split.gain);
            let best = (0..grown.leaves.len()).rev().max_by(|a, b| gain(&grown.leaves[*a]).total_cmp(&gain(&grown.leaves[*b])));
            let Some((place, split)) = best.and_then(|place| grown.leaves[place].split.take().map(|split| (place, split))) else {
                break;
            };
            self.split(&mut grown, place, split, units, &used, random);
        }
        self.free.extend(grown.leaves.iter_mut().filter_map(|leaf| leaf.histogram.take()));
        grown
    }

    fn may_split(&self, leaf: &Leaf) -> bool {
        leaf.depth < self.parameters.depth && leaf.to - leaf.from >= 2 * self.parameters.minimum_samples
    }

    fn histogram(&mut self, rows: &[u32], used: &[bool]) -> Histogram {
        let mut histogram = self.free.pop().unwrap_or_else(|| vec![[0; 256]; self.matrix.features()]);
        sum(self.matrix, rows, &self.cells, used, &mut self.gathered, &mut histogram);
        histogram
    }

    /// How many rows of a leaf are in each bin.
    fn counts(&mut self, rows: &[u32], used: &[bool]) -> Histogram {
        let mut counts = self.free.pop().unwrap_or_else(|| vec![[0; 256]; self.matrix.features()]);
        self.ones.resize(self.cells.len(), 1);
        sum(self.matrix, rows, &self.ones, used, &mut self.gathered, &mut counts);
        counts
    }

    /// Looks for a leaf's best split.
    fn search(
        &self,
        leaf: &mut Leaf,
        histogram: Histogram,
        counts: Option<&Histogram>,
        units: Units,
        used: &[bool],
        random: &mut ChaCha8Rng,
    ) {
        let search = Search {
            parameters: self.parameters,
            units,
            total: leaf.total,
            rows: leaf.to - leaf.from,
            counts,
            bounds: leaf.bounds,
            bounded: !self.parameters.monotone.is_empty(),
        };
        let used = draw(used, self.parameters.split_columns, random);
        let mut best = self.parameters.minimum_gain;
        for (feature, bins) in self.matrix.bins.iter().enumerate().filter(|(feature, _)| used[*feature]) {
            if let Some(split) = search.feature(feature, bins, self.directions[feature], &histogram[feature], best) {
                best = split.gain;
                leaf.split = Some(split);
            }
        }
        leaf.histogram = Some(histogram);
    }

    /// Makes two leaves of one.
    fn split(&mut self, grown: &mut Grown, place: usize, split: Split, units: Units, used: &[bool], random: &mut ChaCha8Rng) {
        let leaf = &mut grown.leaves[place];
        let column = self.matrix.column(split.feature);
        let middle = leaf.from + partition(&mut grown.rows[leaf.from..leaf.to], column, &split, &mut self.moved);
        let least = self.parameters.minimum_samples;
        if middle - leaf.from < least || leaf.to - middle < least {
            // The search took rows by their curvature: it is made again with their numbers. Rows that weigh nothing may lie
            // where it saw none, and leave too few all the same.
            if let Some(histogram) = leaf.histogram.take_if(|_| !std::mem::replace(&mut leaf.counted, true)) {
                let counts = self.counts(&grown.rows[leaf.from..leaf.to], used);
                self.search(leaf, histogram, Some(&counts), units, used, random);
                self.free.push(counts);
            }
            return;
        }
        let node = grown.nodes.len();
        let mut bounds = (leaf.bounds, leaf.bounds);
        let between = (split.values.0 + split.values.1) / 2.0;
        match self.directions[split.feature] {
            1 => (bounds.0.1, bounds.1.0) = (between, between),
            -1 => (bounds.0.0, bounds.1.1) = (between, between),
            _ => {}
        }
        let child = |from, to, total, bounds, side| Leaf {
            from,
            to,
            bounds,
            depth: leaf.depth + 1,
            total,
            histogram: None,
            split: None,
            counted: false,
            parent: Some((node, side)),
        };
        let mut left = child(leaf.from, middle, split.sum, bounds.0, 0);
        let mut right = child(middle, leaf.to, leaf.total - split.sum, bounds.1, 1);
        let (histogram, parent) = (leaf.histogram.take(), leaf.parent);
        if let Some((parent, side)) = parent {
            grown.nodes[parent].1[side] = index(node);
        }
        grown.nodes.push((split, [!index(place), !index(grown.leaves.len())]));
        let last = grown.leaves.len() + 1 >= self.parameters.leaves;
        if let Some(mut whole) = histogram {
            let left_is_small = left.to - left.from <= right.to - right.from;
            let (small, large) = if left_is_small { (&mut left, &mut right) } else { (&mut right, &mut left) };
            if last || !self.may_split(large) {
                self.free.push(whole);
            } else {
                let part = self.histogram(&grown.rows[small.from..small.to], used);
                subtract(&mut whole, &part, used);
                if self.may_split(small) {
                    self.search(small, part, None, units, used, random);
                } else {
                    self.free.push(part);
                }
                self.search(large, whole, None, units, used, random);
            }
        }
        grown.leaves[place] = left;
        grown.leaves.push(right);
    }
}

impl Grown {
    /// Whether nothing was found to split by.
    pub(super) fn is_stump(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The leaf of a row that the tree was not grown over.
    pub(super) fn leaf(&self, matrix: &Matrix, row: usize) -> usize {
        let mut place = if self.is_stump() { !0 } else { 0 };
        while place >= 0 {
            let (split, children) = &self.nodes[place as usize];
            place = children[usize::from(!split.goes_left(matrix.column(split.feature)[row]))];
        }
        !place as usize
    }

    /// Adds the tree to a forest, with these values of its leaves.
    pub(super) fn plant(&self, matrix: &Matrix, output: usize, values: &[f64], forest: &mut Forest) {
        let (nodes, leaves) = (index(forest.nodes.len()), index(forest.values.len()));
        let moved = |place: i32| if place >= 0 { place + nodes } else { !(!place + leaves) };
        let root = moved(if self.is_stump() { !0 } else { 0 });
        forest.trees.push(Tree { root, output: u16::try_from(output).unwrap_or(u16::MAX) });
        for (split, children) in &self.nodes {
            let (threshold, categorical) = match &matrix.bins[split.feature] {
                Bins::Numeric { edges } => {
                    let bin = (0..MISSING).rev().find(|bin| split.goes_left(*bin)).map_or(0, usize::from);
                    (edges.get(bin).copied().unwrap_or(f64::MAX), false)
                }
                Bins::Categorical { bins, levels } => {
                    let mut set = vec![0_u64; bins.len().div_ceil(64)];
                    for (bin, level) in levels.iter().enumerate() {
                        if u8::try_from(bin).is_ok_and(|bin| split.goes_left(bin)) {
                            set[*level as usize / 64] |= 1 << (level % 64);
                        }
                    }
                    forest.sets.push(set);
                    ((forest.sets.len() - 1) as f64, true)
                }
            };
            forest.nodes.push(Node {
                threshold,
                feature: u16::try_from(split.feature).unwrap_or(u16::MAX),
                categorical,
                missing_left: split.goes_left(MISSING),
                children: children.map(moved),
            });
        }
        forest.values.extend(values);
        forest.covers.extend(self.leaves.iter().map(|leaf| u32::try_from(leaf.to - leaf.from).unwrap_or(u32::MAX)));
    }
}

/// A place as a child: a forest has at most 10,000 trees of 4,096 leaves.
fn index(place: usize) -> i32 {
    i32::try_from(place).unwrap_or(i32::MAX)
}
