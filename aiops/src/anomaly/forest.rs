//! Isolation forest: what few random cuts set apart is strange (Liu, Ting & Zhou, "Isolation Forest", ICDM 2008).

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Trees, and rows in each: the paper's own (section 5).
const TREES: usize = 100;
const SAMPLE: usize = 256;
/// The height of a tree of as many leaves, where the paper stops cutting.
const HEIGHT: usize = 8;

/// The trees, their nodes one after the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Forest {
    nodes: Vec<Node>,
    roots: Vec<u32>,
    /// The mean depth at which a sample of its size is set apart, the paper's c(n).
    usual: f64,
}

/// A cut, or a leaf where `low` is 0: no child stands before its parent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Node {
    metric: u32,
    cut: f64,
    low: u32,
    high: u32,
    /// The mean depth of the rows below it.
    depth: f64,
}

impl Forest {
    /// The forest, and the score of each row by the trees that did not learn from it: the same trees as will score others, so
    /// that both are distributed alike. Each tree learns from one half of the rows without a gap, begun at random, and tells of
    /// the other half: the rows beside one that it learnt from are often like it, and would be known to it, too.
    pub(super) fn fit(rows: &[&[f64]], seed: u64) -> (Self, Vec<f64>) {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let half = rows.len().div_ceil(2);
        let taken = half.min(SAMPLE);
        let mut held_out = vec![(0.0, 0.0); rows.len()];
        let mut forest = Self { nodes: Vec::new(), roots: Vec::new(), usual: usual_depth(taken).max(1.0) };
        for _ in 0..TREES {
            let begin = below(&mut random, rows.len());
            // The end of the rows goes on at their beginning.
            let mut order: Vec<usize> = (begin..begin + rows.len()).map(|row| row % rows.len()).collect();
            for place in 0..taken {
                let other = place + below(&mut random, half - place);
                order.swap(place, other);
            }
            let mut sample: Vec<&[f64]> = order[..taken].iter().map(|row| rows[*row]).collect();
            let root = forest.grow(&mut sample, 0, &mut random);
            forest.roots.push(root);
            for row in &order[half..] {
                held_out[*row].0 += forest.depth(root, rows[*row]);
                held_out[*row].1 += 1.0;
            }
        }
        let score = |(depths, trees): (f64, f64)| forest.score(depths / f64::max(trees, 1.0));
        let held_out = held_out.into_iter().filter(|(_, trees)| *trees > 0.0).map(score).collect();
        (forest, held_out)
    }

    fn depth(&self, root: u32, row: &[f64]) -> f64 {
        let mut node = &self.nodes[root as usize];
        while node.low != 0 {
            node = &self.nodes[if row[node.metric as usize] < node.cut { node.low } else { node.high } as usize];
        }
        node.depth
    }

    /// The paper's equation 2.
    fn score(&self, mean_depth: f64) -> f64 {
        halved(mean_depth / self.usual)
    }

    fn grow(&mut self, rows: &mut [&[f64]], height: usize, random: &mut ChaCha8Rng) -> u32 {
        let own = self.nodes.len();
        let leaf = height as f64 + usual_depth(rows.len());
        self.nodes.push(Node { metric: 0, cut: 0.0, low: 0, high: 0, depth: leaf });
        let varying = if height < HEIGHT { varying(rows) } else { Vec::new() };
        if varying.is_empty() {
            return own as u32;
        }
        let (metric, least, most) = varying[below(random, varying.len())];
        let cut = least + (most - least) * ((random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64);
        // The least row lies below the cut in any case, so that both sides have rows.
        let cut = if cut > least { cut } else { most };
        rows.sort_by(|a, b| a[metric].total_cmp(&b[metric]));
        let split = rows.partition_point(|row| row[metric] < cut);
        let (few, total) = (split as f64, rows.len() as f64);
        let (below_cut, above) = rows.split_at_mut(split);
        let low = self.grow(below_cut, height + 1, random);
        let high = self.grow(above, height + 1, random);
        let depth = (self.nodes[low as usize].depth * few + self.nodes[high as usize].depth * (total - few)) / total;
        self.nodes[own] = Node { metric: metric as u32, cut, low, high, depth };
        own as u32
    }

    /// The paper's score, between 0 and 1. `parts` shares it among the metrics by how much the cuts on each made the row come
    /// out earlier than the mean.
    pub(super) fn measure(&self, row: &[f64], parts: &mut Vec<f64>) -> f64 {
        parts.clear();
        parts.resize(row.len(), 0.0);
        let mut depths = 0.0;
        for root in &self.roots {
            let mut node = &self.nodes[*root as usize];
            while node.low != 0 {
                let metric = node.metric as usize;
                let next = &self.nodes[if row[metric] < node.cut { node.low } else { node.high } as usize];
                parts[metric] += node.depth - next.depth;
                node = next;
            }
            depths += node.depth;
        }
        let score = self.score(depths / self.roots.len().max(1) as f64);
        let earlier: f64 = parts.iter().map(|part| part.max(0.0)).sum();
        let even = score / row.len().max(1) as f64;
        parts.iter_mut().for_each(|part| *part = if earlier > 0.0 { part.max(0.0) / earlier * score } else { even });
        score
    }

    pub(super) fn check(&self, metrics: usize) -> Result<()> {
        let holds = |(place, node): (usize, &Node)| {
            let child = |child: u32| (child as usize) > place && (child as usize) < self.nodes.len();
            let leaf = node.low == 0 && node.high == 0;
            let sound = leaf || (child(node.low) && child(node.high));
            sound && (node.metric as usize) < metrics && node.cut.is_finite() && node.depth.abs() <= 1e6
        };
        let rooted = !self.roots.is_empty() && self.roots.iter().all(|root| (*root as usize) < self.nodes.len());
        if !rooted || !self.nodes.iter().enumerate().all(holds) || !(1.0..=1e6).contains(&self.usual) {
            let expected = format!("trees over {metrics} metrics");
            return Err(Error::ModelFile { expected, found: "others".into() });
        }
        Ok(())
    }
}

/// `2^-times` for what is not negative, by halving and the series of `2^-rest`: the standard library's differs in the last bit
/// from machine to machine, and calibration scores are part of the model's file.
fn halved(times: f64) -> f64 {
    let whole = times.floor().min(1000.0);
    let exponent = -(times - whole).min(1.0) * std::f64::consts::LN_2;
    let series = (1..=20).rev().fold(1.0, |sum, term| 1.0 + sum * exponent / f64::from(term));
    (0..whole as u32).fold(series, |value, _| value / 2.0)
}

/// The metrics that differ among the rows, each with its smallest and largest value.
fn varying(rows: &[&[f64]]) -> Vec<(usize, f64, f64)> {
    let Some((first, rest)) = rows.split_first() else { return Vec::new() };
    let mut bounds: Vec<(usize, f64, f64)> = first.iter().enumerate().map(|(metric, value)| (metric, *value, *value)).collect();
    for row in rest {
        for (bound, value) in bounds.iter_mut().zip(*row) {
            *bound = (bound.0, bound.1.min(*value), bound.2.max(*value));
        }
    }
    bounds.retain(|(_, least, most)| least < most);
    bounds
}

/// The mean depth of an unsuccessful search in a binary tree of so many leaves (the paper's equation 1).
fn usual_depth(leaves: usize) -> f64 {
    if leaves < 2 {
        return 0.0;
    }
    let harmonic: f64 = (1..leaves).map(|index| 1.0 / index as f64).sum();
    2.0 * harmonic - 2.0 * (leaves - 1) as f64 / leaves as f64
}

/// A place below `bound`, which is not zero. The bias of the remainder is below 2^-40.
fn below(random: &mut ChaCha8Rng, bound: usize) -> usize {
    (random.next_u64() % bound as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lonely_row_is_set_apart_early_by_its_own_metric() {
        let rows: Vec<[f64; 2]> = (0..500).map(|row| [f64::from(row % 23) / 23.0, f64::from(row % 7) / 7.0]).collect();
        let rows: Vec<&[f64]> = rows.iter().map(<[f64; 2]>::as_slice).collect();
        let (forest, held_out) = Forest::fit(&rows, 7);
        assert_eq!(held_out.len(), rows.len());
        let mut parts = Vec::new();
        let usual = forest.measure(&[0.5, 0.5], &mut parts);
        let lonely = forest.measure(&[0.5, 9.0], &mut parts);
        assert!(lonely > usual, "{lonely} {usual}");
        assert!(parts[1] > parts[0] && (parts.iter().sum::<f64>() - lonely).abs() < 1e-9, "{parts:?}");
        assert_eq!(forest, Forest::fit(&rows, 7).0);
        assert_ne!(forest, Forest::fit(&rows, 8).0);
        assert!(forest.check(2).is_ok() && forest.check(1).is_err());
    }

    #[test]
    fn equal_rows_and_a_single_one_are_as_strange_as_each_other() {
        let mut parts = Vec::new();
        assert!(Forest::fit(&[&[1.0]], 1).0.measure(&[5.0], &mut parts).is_finite());
        let equal: Vec<&[f64]> = vec![&[1.0, 1.0]; 50];
        assert!(Forest::fit(&equal, 1).0.measure(&[5.0, 5.0], &mut parts).is_finite());
    }

    #[test]
    fn halving_is_that_of_the_standard_library() {
        for times in [0.0, 0.3, 0.5, 1.0, 1.7, 12.25] {
            assert!((halved(times) - (-times).exp2()).abs() < 1e-15, "{times}");
        }
        assert_eq!(halved(1e300), 2.0_f64.powi(-1001));
    }

    #[test]
    fn the_usual_depth_is_that_of_the_paper() {
        // c(256) = 10.24 with the exact harmonic number.
        assert!((usual_depth(256) - 10.24).abs() < 0.01, "{}", usual_depth(256));
        assert_eq!((usual_depth(1), usual_depth(2)), (0.0, 1.0));
    }
}
