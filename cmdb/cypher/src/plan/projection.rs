//! Plans WITH and RETURN.

use super::{Builder, Check, Operator, Planner, mentions};
use crate::tree::{Expression, Item, Projection, Slot};

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
        projection.keys.iter().for_each(|item| chain.bind(item.slot));
        projection.aggregates.iter().for_each(|call| chain.bind(call.slot));
        let items: Vec<_> = projection.items.iter().filter(|item| !stays(item)).collect();
        let (late, items): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| self.can_wait(item, projection));
        let kept = self.kept(&late, projection, chain);
        projection.items.iter().for_each(|item| chain.bind(item.slot));
        projection.columns.iter().for_each(|slot| chain.bind(*slot));
        if !items.is_empty() {
            chain.add(Operator::Project(items), chain.rows);
        }
        if projection.distinct {
            let state = chain.state();
            chain.add(Operator::Distinct { columns: &projection.columns, state }, chain.rows);
        }
        self.paged(projection, kept, chain);
        if !late.is_empty() {
            chain.add(Operator::Project(late), chain.rows);
        }
        if !projection.predicate.is_empty() {
            let checks = projection.predicate.iter().map(Check::Expression).collect();
            chain.add(Operator::Filter(checks), chain.rows * 0.5);
        }
    }

    /// ORDER BY, SKIP and LIMIT.
    fn paged(&mut self, projection: &'q Projection, kept: Vec<Slot>, chain: &mut Builder<'q>) {
        let limit = projection.limit.as_ref().and_then(|limit| self.whole_number(limit));
        let rows = limit.unwrap_or(chain.rows).min(chain.rows);
        if !projection.order.is_empty() {
            let state = chain.state();
            return chain.add(Operator::Sort { projection, kept, state }, rows);
        }
        if let Some(count) = &projection.skip {
            let state = chain.state();
            chain.add(Operator::Skip { count, state }, chain.rows);
        }
        if let Some(count) = &projection.limit {
            let state = chain.state();
            chain.add(Operator::Limit { count, state }, rows);
        }
    }

    /// Whether an item need only be computed for the rows that a LIMIT leaves.
    fn can_wait(&self, item: &Item, projection: &Projection) -> bool {
        let mut waits = projection.limit.is_some() && !projection.order.is_empty() && !projection.distinct;
        for key in &projection.order {
            mentions::slots(&key.expression, self.query, &mut |slot| waits &= slot != item.slot);
        }
        waits
    }

    /// The slots that sorting must keep: the columns, and for those computed later what they are computed from.
    fn kept(&self, late: &[&Item], projection: &Projection, chain: &Builder<'q>) -> Vec<Slot> {
        let computed = projection.columns.iter().filter(|column| late.iter().all(|item| item.slot != **column));
        let mut kept: Vec<_> = computed.copied().collect();
        for item in late {
            mentions::slots(&item.expression, self.query, &mut |slot| {
                if chain.is_bound(slot) && !kept.contains(&slot) {
                    kept.push(slot);
                }
            });
        }
        kept
    }
}

/// Whether an item is a slot that keeps its place.
fn stays(item: &Item) -> bool {
    matches!(&item.expression, Expression::Slot(slot) if *slot == item.slot)
}
