//! Plans WITH and RETURN.

use super::{Builder, Check, Operator, Planner};
use crate::tree::{Expression, Item, Projection};

impl<'q> Planner<'q, '_> {
    pub(super) fn projection(&mut self, projection: &'q Projection, chain: &mut Builder<'q>) {
        if projection.grouped {
            let rows = if projection.keys.is_empty() { 1.0 } else { chain.rows.sqrt().max(1.0) };
            let state = chain.state();
            chain.add(Operator::Aggregate { projection, state }, rows);
        }
        self.projected(projection, chain);
    }

    /// Everything behind the grouping.
    pub(super) fn projected(&mut self, projection: &'q Projection, chain: &mut Builder<'q>) {
        projection.keys.iter().chain(&projection.items).for_each(|item| chain.bind(item.slot));
        projection.aggregates.iter().for_each(|call| chain.bind(call.slot));
        projection.columns.iter().for_each(|slot| chain.bind(*slot));
        let items: Vec<_> = projection.items.iter().filter(|item| !stays(item)).collect();
        if !items.is_empty() {
            chain.add(Operator::Project(items), chain.rows);
        }
        if projection.distinct {
            let state = chain.state();
            chain.add(Operator::Distinct { columns: &projection.columns, state }, chain.rows);
        }
        let limit = projection.limit.as_ref().and_then(|limit| self.whole_number(limit));
        if projection.order.is_empty() {
            if let Some(count) = &projection.skip {
                let state = chain.state();
                chain.add(Operator::Skip { count, state }, chain.rows);
            }
            if let Some(count) = &projection.limit {
                let state = chain.state();
                chain.add(Operator::Limit { count, state }, limit.unwrap_or(chain.rows).min(chain.rows));
            }
        } else {
            let state = chain.state();
            chain.add(Operator::Sort { projection, state }, limit.unwrap_or(chain.rows).min(chain.rows));
        }
        if !projection.predicate.is_empty() {
            let checks = projection.predicate.iter().map(Check::Expression).collect();
            chain.add(Operator::Filter(checks), chain.rows * 0.5);
        }
    }
}

/// Whether an item is a slot that keeps its place.
fn stays(item: &Item) -> bool {
    matches!(&item.expression, Expression::Slot(slot) if *slot == item.slot)
}
