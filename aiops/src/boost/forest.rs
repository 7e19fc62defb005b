//! Trees as flat arrays.

use serde::{Deserialize, Serialize};

use super::bins::level;
use crate::data::{FeatureKind, Schema};
use crate::error::{Error, Result};

/// A question that a tree asks. A child below zero is the leaf of its complement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Node {
    /// Numbers up to this go left; for categories, the place of the set of those that do.
    pub(super) threshold: f64,
    /// Which column it asks about.
    pub(super) feature: u16,
    /// Whether that is one of categories.
    pub(super) categorical: bool,
    /// Where missing values go.
    pub(super) missing_left: bool,
    /// Left and right.
    pub(super) children: [i32; 2],
}

/// How many trees a row walks through at a time.
const TOGETHER: usize = 8;

/// One tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Tree {
    /// Its first node, or leaf.
    pub(super) root: i32,
    /// Which score it adds to.
    pub(super) output: u16,
}

/// Trees, their nodes one after the other: children come after their parents.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Forest {
    pub(super) trees: Vec<Tree>,
    pub(super) nodes: Vec<Node>,
    /// What each leaf adds.
    pub(super) values: Vec<f64>,
    /// How many training rows each leaf had.
    pub(super) covers: Vec<u32>,
    /// Sets of categories, a bit for each level.
    pub(super) sets: Vec<Vec<u64>>,
}

/// How much of a forest there was at some time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extent {
    trees: usize,
    nodes: usize,
    values: usize,
    sets: usize,
}

impl Forest {
    /// Whether a value goes left at a node.
    #[inline]
    pub(super) fn goes_left(&self, node: &Node, value: f64) -> bool {
        if node.categorical {
            let set = &self.sets[node.threshold as usize];
            return match level(value, set.len() * 64) {
                Some(level) => set[level / 64] >> (level % 64) & 1 == 1,
                None => node.missing_left,
            };
        }
        (value <= node.threshold) | (value.is_nan() & node.missing_left)
    }

    /// The leaf that a row comes to.
    #[inline]
    pub(super) fn leaf(&self, tree: &Tree, row: &[f64]) -> usize {
        let mut place = tree.root;
        while place >= 0 {
            let node = &self.nodes[place as usize];
            place = node.children[usize::from(!self.goes_left(node, row[usize::from(node.feature)]))];
        }
        !place as usize
    }

    /// Adds what the trees from the given one on say of a row.
    #[inline]
    pub(super) fn add(&self, from: usize, row: &[f64], scores: &mut [f64]) {
        let (together, rest) = self.trees[from..].as_chunks::<TOGETHER>();
        for trees in together {
            for (tree, leaf) in trees.iter().zip(self.leaves(trees, row)) {
                scores[usize::from(tree.output)] += self.values[leaf];
            }
        }
        for tree in rest {
            scores[usize::from(tree.output)] += self.values[self.leaf(tree, row)];
        }
    }

    /// The leaves that a row comes to in several trees, a step in each in turn: a step waits for the node that it leads to, and
    /// the other trees' steps fill that time.
    #[inline]
    fn leaves(&self, trees: &[Tree; TOGETHER], row: &[f64]) -> [usize; TOGETHER] {
        let mut places = [0; TOGETHER];
        places.iter_mut().zip(trees).for_each(|(place, tree)| *place = tree.root);
        while places.iter().any(|place| *place >= 0) {
            for place in &mut places {
                // A leaf stays where it is; asking the first node costs less than to tell the two apart.
                let node = &self.nodes[(*place).max(0) as usize];
                let next = node.children[usize::from(!self.goes_left(node, row[usize::from(node.feature)]))];
                *place = if *place >= 0 { next } else { *place };
            }
        }
        places.map(|place| !place as usize)
    }

    /// How much there is now.
    pub(super) fn extent(&self) -> Extent {
        Extent { trees: self.trees.len(), nodes: self.nodes.len(), values: self.values.len(), sets: self.sets.len() }
    }

    /// Drops what came after.
    pub(super) fn truncate(&mut self, extent: Extent) {
        self.trees.truncate(extent.trees);
        self.nodes.truncate(extent.nodes);
        self.values.truncate(extent.values);
        self.covers.truncate(extent.values);
        self.sets.truncate(extent.sets);
    }

    /// Checks what was read: that every walk ends, at a number, within its arrays.
    pub(super) fn check(&self, schema: &Schema, outputs: usize) -> Result<()> {
        let hold = |holds: bool, expected: &str, found: &str| {
            let refuse = || Error::ModelFile { expected: expected.into(), found: found.into() };
            if holds { Ok(()) } else { Err(refuse()) }
        };
        hold(self.values.len() == self.covers.len(), "as many leaf sizes as leaves", "another number of them")?;
        hold(self.values.iter().all(|value| value.is_finite()), "finite leaves", "one that is not")?;
        hold(self.covers.iter().all(|cover| *cover > 0), "leaves that had rows", "one without")?;
        let leaf = |place: i32| place >= 0 || (!place as usize) < self.values.len();
        for tree in &self.trees {
            let inside = (tree.root as usize) < self.nodes.len() || tree.root < 0;
            hold(inside && leaf(tree.root), "trees that begin within the model", "one that does not")?;
            hold(usize::from(tree.output) < outputs, "trees for the scores there are", "one for another")?;
        }
        for (place, node) in self.nodes.iter().enumerate() {
            for child in node.children {
                let after = child < 0 || (child as usize > place && (child as usize) < self.nodes.len());
                hold(after && leaf(child), "nodes that lead onward", "one that does not")?;
            }
            let feature = schema.features().get(usize::from(node.feature));
            let kind = feature.map(|feature| matches!(feature.kind, FeatureKind::Categorical { .. }));
            hold(kind == Some(node.categorical), "nodes for the features there are", "one for another")?;
            if node.categorical {
                hold(node.threshold >= 0.0 && (node.threshold as usize) < self.sets.len(), "known categories", "others")?;
            } else {
                hold(node.threshold.is_finite(), "finite thresholds", "one that is not")?;
            }
        }
        Ok(())
    }
}
