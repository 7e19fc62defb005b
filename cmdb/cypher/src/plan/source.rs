//! Where a pattern starts: how few nodes must be looked at for one of its places.

use super::checks::Pending;
use super::{Builder, Planner, Source, mentions};
use crate::graph::Symbol;
use crate::tree::{Expression, Name, Slot};
use crate::value::Value;

/// A way to find the nodes of a place.
pub(super) struct Start<'q> {
    pub(super) source: Source<'q>,
    pub(super) rows: f64,
    /// The place of the check that the source makes needless.
    pub(super) proves: Option<usize>,
}

/// A seek by a value that is not known yet is expected to find so many nodes.
const NODES_PER_UNKNOWN_VALUE: f64 = 5.0;

/// A table of nodes by a property is made where at least so many rows look at so many nodes.
const ROWS_WORTH_A_TABLE: f64 = 4.0;
const NODES_WORTH_A_TABLE: f64 = 16.0;

impl<'q> Planner<'q, '_> {
    /// The cheapest way to find the nodes of a slot that is not bound.
    pub(super) fn start(&self, slot: Slot, pending: &[Pending<'q>], chain: &Builder<'q>) -> Start<'q> {
        let mut best = Start { source: Source::All, rows: self.graph.node_count() as f64, proves: None };
        for (place, check) in pending.iter().enumerate() {
            if let Some(labels) = check.labels_of(slot) {
                let (source, rows) = self.labelled(&labels);
                if rows < best.rows || (rows <= best.rows && matches!(best.source, Source::All)) {
                    best = Start { source, rows, proves: Some(place) };
                }
            }
        }
        for (place, check) in pending.iter().enumerate() {
            let Some((name, value, many)) = check.equality_of(slot) else { continue };
            let Some(key) = self.symbol(name) else { continue };
            if let Some(values) = self.known_values(value, many) {
                if let Some(rows) = self.seek_count(key, &values)
                    && rows < best.rows.max(1.0)
                {
                    let source = Source::Values { key, values, written: value, many };
                    best = Start { source, rows, proves: Some(place) };
                }
            } else if self.is_known_by(check, value, slot, chain) {
                best = self.seek_later(key, value, many, best, chain);
            }
        }
        best
    }

    /// A way to find nodes by a value that is only known when a row is there.
    fn seek_later(&self, key: Symbol, value: &'q Expression, many: bool, best: Start<'q>, chain: &Builder<'q>) -> Start<'q> {
        let is_fixed = !matches!(best.source, Source::Seek { .. } | Source::Table { .. });
        if self.graph.seek_count(key, &Value::String("".into())).is_some() {
            if NODES_PER_UNKNOWN_VALUE >= best.rows {
                return best;
            }
            let source = Source::Seek { key, value, many, otherwise: Box::new(best.source) };
            Start { source, rows: NODES_PER_UNKNOWN_VALUE, proves: None }
        } else if is_fixed && !many && chain.rows >= ROWS_WORTH_A_TABLE && best.rows >= NODES_WORTH_A_TABLE {
            let source = Source::Table { key, value, of: Box::new(best.source), state: 0 };
            Start { source, rows: best.rows.sqrt(), proves: None }
        } else {
            best
        }
    }

    /// Whether the value that a slot's property must equal can be computed before the slot is bound.
    fn is_known_by(&self, check: &Pending<'q>, value: &Expression, slot: Slot, chain: &Builder<'q>) -> bool {
        let mut own = false;
        mentions::slots(value, self.query, &mut |mentioned| own |= mentioned == slot);
        !own && check.slots.iter().all(|needed| *needed == slot || chain.is_bound(*needed))
    }

    fn labelled(&self, labels: &[&Name]) -> (Source<'q>, f64) {
        let mut symbols: Vec<_> = labels.iter().filter_map(|name| self.symbol(name)).collect();
        symbols.sort_unstable();
        symbols.dedup();
        let rows = symbols.iter().map(|label| self.graph.label_count(*label) as f64).sum();
        match symbols.as_slice() {
            [] => (Source::Nothing, 0.0),
            [label] => (Source::Label(*label), rows),
            _ => (Source::Labels(symbols), rows),
        }
    }

    fn seek_count(&self, key: Symbol, values: &[Value]) -> Option<f64> {
        values.iter().map(|value| self.graph.seek_count(key, value)).sum::<Option<u64>>().map(|count| count as f64)
    }

    /// Which share of the nodes of the graph the checks of a slot leave, about.
    pub(super) fn share(&self, slot: Slot, pending: &[Pending<'q>]) -> f64 {
        let all = (self.graph.node_count() as f64).max(1.0);
        let mut share = 1.0_f64;
        for check in pending {
            if let Some(labels) = check.labels_of(slot) {
                share = share.min(self.labelled(&labels).1 / all);
            } else if let Some((name, value, many)) = check.equality_of(slot) {
                let seek = |key: Symbol| self.seek_count(key, &self.known_values(value, many)?);
                share = share.min(self.symbol(name).and_then(seek).map_or(0.1, |count| count / all));
            }
        }
        share
    }
}
