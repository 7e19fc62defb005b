//! A map by node.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::graph::NodeId;

/// A map by node. Nodes are numbered by the graph, so that nobody can choose them to collide.
pub(super) type NodeMap<V> = HashMap<NodeId, V, BuildHasherDefault<Scatter>>;

/// About how many bytes an entry takes.
pub(super) const BYTES_PER_ENTRY: usize = 32;

/// Multiplies by 2^64 divided by the golden ratio, which spreads consecutive numbers.
#[derive(Debug, Default)]
pub(super) struct Scatter(u64);

impl Hasher for Scatter {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u32(u32::from(*byte)));
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}
