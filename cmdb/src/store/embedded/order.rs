//! Which resource comes before which: the order by id.

use std::sync::OnceLock;

use roaring::RoaringBitmap;

use crate::model::ResourceId;

/// The nodes that are present, ordered by id.
#[derive(Debug, Clone, Default)]
pub(super) struct Order {
    sorted: Vec<u32>,
    /// Position of each node in `sorted`, made when first asked for.
    ranks: OnceLock<Vec<u32>>,
    added: Vec<u32>,
    removed: RoaringBitmap,
}

impl Order {
    /// Notes a node; it is in the order after the next [`Order::settle`].
    pub(super) fn add(&mut self, node: u32) {
        if !self.removed.remove(node) {
            self.added.push(node);
        }
    }

    /// Notes that a node is gone.
    pub(super) fn remove(&mut self, node: u32) {
        match self.added.iter().rposition(|added| *added == node) {
            Some(position) => drop(self.added.swap_remove(position)),
            None => drop(self.removed.insert(node)),
        }
    }

    /// Brings the order up to date: one pass over it, however many nodes came and went.
    pub(super) fn settle<'a>(&mut self, id: impl Fn(u32) -> &'a ResourceId) {
        if !self.removed.is_empty() {
            self.sorted.retain(|node| !self.removed.contains(*node));
            self.removed.clear();
            self.ranks = OnceLock::new();
        }
        if self.added.is_empty() {
            return;
        }
        self.ranks = OnceLock::new();
        self.added.sort_unstable_by(|a, b| id(*a).cmp(id(*b)));
        let mut merged = Vec::with_capacity(self.sorted.len() + self.added.len());
        let mut rest = self.sorted.as_slice();
        for node in self.added.drain(..) {
            let (before, after) = rest.split_at(rest.partition_point(|other| id(*other) < id(node)));
            merged.extend_from_slice(before);
            merged.push(node);
            rest = after;
        }
        merged.extend_from_slice(rest);
        self.sorted = merged;
    }

    /// All nodes, by id.
    pub(super) fn sorted(&self) -> &[u32] {
        &self.sorted
    }

    /// How many nodes have an id of at most `text`.
    pub(super) fn position_after<'a>(&self, text: &str, id: impl Fn(u32) -> &'a ResourceId) -> usize {
        self.sorted.partition_point(|node| id(*node).as_str() <= text)
    }

    /// The position of each node in [`Order::sorted`], by node.
    pub(super) fn ranks(&self, nodes: usize) -> &[u32] {
        self.ranks.get_or_init(|| {
            let mut ranks = vec![u32::MAX; nodes];
            for (rank, node) in (0..).zip(&self.sorted) {
                if let Some(slot) = ranks.get_mut(*node as usize) {
                    *slot = rank;
                }
            }
            ranks
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_that_come_and_go_keep_their_order() {
        let ids: Vec<_> = ["d", "b", "a", "c"].into_iter().map(ResourceId::new).collect();
        let id = |node: u32| &ids[node as usize];
        let mut order = Order::default();
        [0, 1].into_iter().for_each(|node| order.add(node));
        order.settle(id);
        [2, 3].into_iter().for_each(|node| order.add(node));
        order.remove(0);
        order.remove(1);
        order.add(1);
        order.settle(id);
        assert_eq!(order.sorted(), [2, 1, 3]);
        assert_eq!(order.ranks(4), [u32::MAX, 1, 0, 2]);
        assert_eq!(order.position_after("bb", id), 2);
    }
}
